//! What a listing of items was asked for: filters, order, page, members, includes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::params::{Params, unknown};
use super::{Api, filter};
use crate::request::Request;
use crate::subsystems::item::list::{Column, Listing, Sort};
use crate::subsystems::item_type::{FieldType, ItemType};
use crate::web::Error;

/// Steps of an order.
const SORTS: usize = 4;
/// Ways along references.
const INCLUDES: usize = 10;
/// References one behind the other.
const INCLUDES_DEEP: usize = 3;

/// By what items can be ordered.
pub(super) const COLUMNS: [(&str, Column); 7] = [
    ("created", Column::Created),
    ("changed", Column::Changed),
    ("title", Column::Title),
    ("type", Column::Type),
    ("published", Column::Published),
    ("promoted", Column::Promoted),
    ("sticky", Column::Sticky),
];
/// What every answer about an item has.
pub(super) const MEMBERS: [&str; 13] = [
    "id",
    "type",
    "title",
    "author",
    "published",
    "promoted",
    "sticky",
    "created",
    "changed",
    "revision",
    "path",
    "publish_on",
    "unpublish_on",
];

/// How items are to be shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// The members and fields that are wanted; none for all.
    pub fields: Option<BTreeSet<String>>,
    /// The ways along references to records that come along.
    pub include: Vec<Vec<String>>,
}

/// A listing that was asked for.
pub(super) struct Asked {
    pub listing: Listing,
    pub shape: Shape,
    /// What names the listing: its filters and its order.
    pub name: String,
}

impl Shape {
    /// The shape that a request asks for.
    ///
    /// # Errors
    /// A name that no content type knows.
    pub(super) fn of(params: &Params<'_>, types: &[Arc<ItemType>]) -> Result<Self, Error> {
        Ok(Self {
            fields: params
                .get("fields")
                .map(|names| fields(names, types))
                .transpose()?,
            include: params
                .get("include")
                .map_or_else(|| Ok(Vec::new()), |ways| include(ways, types))?,
        })
    }

    /// Whether a member or field is wanted.
    pub(super) fn wants(&self, name: &str) -> bool {
        matches!(name, "id" | "type") || self.fields.as_ref().is_none_or(|wanted| wanted.contains(name))
    }
}

impl Asked {
    /// What a request asks for.
    ///
    /// # Errors
    /// What can't be understood.
    pub(super) fn of(api: &Api, request: &Request, types: &[Arc<ItemType>]) -> Result<Self, Error> {
        let params = Params::of(
            request,
            &["sort", "limit", "cursor", "fields", "include"],
            &["filter"],
        )?;
        let sort = params.get("sort").unwrap_or("-created");
        let name = name(&params, sort);
        let listing = Listing {
            conditions: filter::conditions(&params, types)?,
            sort: order(sort)?,
            after: params
                .get("cursor")
                .map(|cursor| api.position(&name, cursor))
                .transpose()?,
            limit: params.limit()?,
        };
        let shape = Shape::of(&params, types)?;
        Ok(Self { listing, shape, name })
    }
}

fn name(params: &Params<'_>, sort: &str) -> String {
    let mut serializer = form_urlencoded::Serializer::new(String::new());
    for (key, value) in params.all().filter(|(key, _)| key.starts_with("filter")) {
        serializer.append_pair(key, value);
    }
    serializer.append_pair("sort", sort).finish()
}

fn order(text: &str) -> Result<Vec<Sort>, Error> {
    let mut sorts: Vec<Sort> = Vec::new();
    for step in text.split(',') {
        let (name, descending) = step.strip_prefix('-').map_or((step, false), |name| (name, true));
        let Some((_, by)) = COLUMNS.iter().find(|(known, _)| *known == name) else {
            return Err(unknown("order", name, COLUMNS.iter().map(|(known, _)| *known)));
        };
        if sorts.iter().any(|sort| sort.by == *by) {
            return Err(Error::Bad(format!("sort: '{name}' is there twice.")));
        }
        sorts.push(Sort { by: *by, descending });
    }
    if sorts.len() > SORTS {
        return Err(Error::Bad(format!("sort: there are at most {SORTS} steps.")));
    }
    Ok(sorts)
}

fn fields(names: &str, types: &[Arc<ItemType>]) -> Result<BTreeSet<String>, Error> {
    let of_types = || {
        types
            .iter()
            .flat_map(|of| &of.fields)
            .map(|field| field.name.as_str())
    };
    let mut wanted = BTreeSet::new();
    for name in names.split(',') {
        if !MEMBERS.contains(&name) && !of_types().any(|known| known == name) {
            return Err(unknown(
                "member or field",
                name,
                MEMBERS.into_iter().chain(of_types()),
            ));
        }
        wanted.insert(name.to_owned());
    }
    Ok(wanted)
}

fn include(ways: &str, types: &[Arc<ItemType>]) -> Result<Vec<Vec<String>>, Error> {
    let references = || {
        let fields = types.iter().flat_map(|of| &of.fields);
        fields.filter(|field| matches!(field.field_type, FieldType::Reference(_)))
    };
    let mut include = Vec::new();
    for way in ways.split(',') {
        let steps: Vec<String> = way.split('.').map(str::to_owned).collect();
        if steps.len() > INCLUDES_DEEP {
            return Err(Error::Bad(format!(
                "include: '{way}' goes further than {INCLUDES_DEEP} references."
            )));
        }
        for step in &steps {
            if !references().any(|field| field.name == *step) {
                return Err(unknown(
                    "reference",
                    step,
                    references().map(|field| field.name.as_str()),
                ));
            }
        }
        include.push(steps);
    }
    if include.len() > INCLUDES {
        return Err(Error::Bad(format!("include: there are at most {INCLUDES} ways.")));
    }
    Ok(include)
}
