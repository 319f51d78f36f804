//! Filters of items: `filter[created][gte]=2024-01-01`, read by what the content types say of their fields.

use std::sync::Arc;

use uuid::Uuid;

use super::params::{Params, unknown};
use crate::subsystems::item::list::{Column, Comparison, Condition};
use crate::subsystems::item_type::{Field, FieldType, ItemType};
use crate::time::Timestamp;
use crate::web::Error;

/// Conditions of one listing.
const CONDITIONS: usize = 20;
/// Values of one condition.
const VALUES: usize = 50;

/// What every item has, with how it can be filtered.
pub(super) const MEMBERS: [(&str, &[&str]); 9] = [
    ("id", &["eq", "in"]),
    ("type", &["eq", "in"]),
    ("author", &["eq", "in"]),
    ("title", &["eq", "in", "contains"]),
    ("published", &["eq"]),
    ("promoted", &["eq"]),
    ("sticky", &["eq"]),
    ("created", &ORDERED),
    ("changed", &ORDERED),
];
const ORDERED: [&str; 6] = ["eq", "ne", "lt", "lte", "gt", "gte"];

/// How a field can be filtered; not at all where there is nothing.
pub(super) fn operators(field: &Field) -> &'static [&'static str] {
    match field.base() {
        FieldType::Text(_) | FieldType::Email | FieldType::Url | FieldType::Choice(_) => &["eq", "in"],
        FieldType::Reference(_) => &["eq", "in"],
        FieldType::Boolean if field.cardinality == 1 => &["eq"],
        FieldType::Integer | FieldType::Decimal | FieldType::Floating | FieldType::Moment
            if field.cardinality == 1 =>
        {
            &ORDERED
        }
        _ => &[],
    }
}

/// The conditions that a request names.
///
/// # Errors
/// What can't be understood.
pub(super) fn conditions(params: &Params<'_>, types: &[Arc<ItemType>]) -> Result<Vec<Condition>, Error> {
    let mut conditions = Vec::new();
    for (key, value) in params.all().filter(|(key, _)| key.starts_with("filter")) {
        if conditions.len() == CONDITIONS {
            return Err(Error::Bad(format!("There are at most {CONDITIONS} filters.")));
        }
        let (name, operator) = parts(key)?;
        let condition = if name.starts_with("field_") {
            of_field(params, types, name, operator, value)
        } else {
            of_member(types, name, operator, value)
        };
        conditions.push(condition.map_err(|error| match error {
            Error::Bad(why) => Error::Bad(format!("{key}: {why}")),
            error => error,
        })?);
    }
    Ok(conditions)
}

/// The name and the operator of `filter[name][operator]`.
fn parts(key: &str) -> Result<(&str, &str), Error> {
    let inner = key
        .strip_prefix("filter[")
        .and_then(|rest| rest.strip_suffix(']'));
    let inner = inner.ok_or_else(|| {
        let how = "A filter is written filter[NAME]=VALUE or filter[NAME][OPERATOR]=VALUE.";
        Error::Bad(how.to_owned())
    })?;
    Ok(inner.split_once("][").unwrap_or((inner, "eq")))
}

fn permitted(name: &str, operator: &str, operators: &[&str]) -> Result<(), Error> {
    if operators.contains(&operator) {
        return Ok(());
    }
    Err(Error::Bad(match operators {
        [] => format!("Items can't be filtered by '{name}'."),
        _ => format!("The operators of '{name}' are {}.", operators.join(", ")),
    }))
}

fn of_member(types: &[Arc<ItemType>], name: &str, operator: &str, value: &str) -> Result<Condition, Error> {
    let Some((_, operators)) = MEMBERS.iter().find(|(member, _)| *member == name) else {
        return Err(unknown("filter", name, MEMBERS.iter().map(|(member, _)| *member)));
    };
    permitted(name, operator, operators)?;
    Ok(match name {
        "id" => Condition::Id(ids(operator, value)?),
        "author" => Condition::Author(ids(operator, value)?),
        "type" => {
            let names = list(operator, value)?;
            let known = |name: &&String| types.iter().any(|of| of.name == **name);
            if let Some(wrong) = names.iter().find(|name| !known(name)) {
                return Err(unknown(
                    "content type",
                    wrong,
                    types.iter().map(|of| of.name.as_str()),
                ));
            }
            Condition::Type(names)
        }
        "title" if operator == "contains" => Condition::TitleContains(value.to_owned()),
        "title" => Condition::Title(list(operator, value)?),
        "created" => Condition::Moment(Column::Created, comparison(operator), moment(value)?),
        "changed" => Condition::Moment(Column::Changed, comparison(operator), moment(value)?),
        "promoted" => Condition::Flag(Column::Promoted, flag(value)?),
        "sticky" => Condition::Flag(Column::Sticky, flag(value)?),
        _ => Condition::Flag(Column::Published, flag(value)?),
    })
}

fn of_field(
    params: &Params<'_>,
    types: &[Arc<ItemType>],
    name: &str,
    operator: &str,
    value: &str,
) -> Result<Condition, Error> {
    let field = find_field(params, types, name)?;
    permitted(name, operator, operators(field))?;
    let name = name.to_owned();
    Ok(match field.base() {
        FieldType::Reference(_) => Condition::Reference(name, ids(operator, value)?),
        FieldType::Boolean => Condition::Boolean(name, flag(value)?),
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of dates are far below 2^53"
        )]
        FieldType::Moment => Condition::Number(name, comparison(operator), moment(value)?.as_millis() as f64),
        FieldType::Integer | FieldType::Decimal | FieldType::Floating => {
            let number = value.parse().ok().filter(|number: &f64| number.is_finite());
            let number = number.ok_or_else(|| Error::Bad("The value is a number.".to_owned()))?;
            Condition::Number(name, comparison(operator), number)
        }
        _ => Condition::Text(name, list(operator, value)?),
    })
}

/// The field of a name: that of the content type that is filtered for, else of all types that have one, if they agree.
fn find_field<'a>(params: &Params<'_>, types: &'a [Arc<ItemType>], name: &str) -> Result<&'a Field, Error> {
    let wanted = params
        .get("filter[type]")
        .or_else(|| params.get("filter[type][eq]"));
    let of_type = |of: &&Arc<ItemType>| wanted.is_none_or(|wanted| of.name == wanted);
    let mut fields = types.iter().filter(of_type).filter_map(|of| of.field(name));
    let Some(first) = fields.next() else {
        let known = types
            .iter()
            .flat_map(|of| &of.fields)
            .map(|field| field.name.as_str());
        return Err(unknown("field", name, known));
    };
    let same = |field: &Field| {
        std::mem::discriminant(field.base()) == std::mem::discriminant(first.base())
            && (field.cardinality == 1) == (first.cardinality == 1)
    };
    if fields.all(same) {
        Ok(first)
    } else {
        Err(Error::Bad(format!(
            "'{name}' is another field in each content type: filter[type] says which is meant."
        )))
    }
}

fn comparison(operator: &str) -> Comparison {
    match operator {
        "ne" => Comparison::NotEqual,
        "lt" => Comparison::Less,
        "lte" => Comparison::AtMost,
        "gt" => Comparison::Greater,
        "gte" => Comparison::AtLeast,
        _ => Comparison::Equal,
    }
}

/// One value, or those between the commas.
fn list(operator: &str, value: &str) -> Result<Vec<String>, Error> {
    if operator != "in" {
        return Ok(vec![value.to_owned()]);
    }
    let values: Vec<String> = value.split(',').map(|value| value.trim().to_owned()).collect();
    if values.len() > VALUES {
        return Err(Error::Bad(format!(
            "There are at most {VALUES} values between commas."
        )));
    }
    Ok(values)
}

fn ids(operator: &str, value: &str) -> Result<Vec<Uuid>, Error> {
    let parse = |text: String| {
        Uuid::try_parse(&text)
            .map_err(|_| Error::Bad("The value is the identifier of a record, a UUID.".to_owned()))
    };
    list(operator, value)?.into_iter().map(parse).collect()
}

fn flag(value: &str) -> Result<bool, Error> {
    let wrong = || Error::Bad("The value is true or false.".to_owned());
    value.parse().map_err(|_| wrong())
}

/// A moment (RFC 3339), or a day, which is its beginning in UTC.
fn moment(value: &str) -> Result<Timestamp, Error> {
    let of_day = || {
        let day: jiff::civil::Date = value.parse().ok()?;
        day.to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|day| day.timestamp())
    };
    let moment: Option<jiff::Timestamp> = if value.len() > 10 {
        value.parse().ok()
    } else {
        of_day()
    };
    moment
        .map(|moment| Timestamp(moment.as_millisecond()))
        .ok_or_else(|| Error::Bad("The value is a moment such as 2024-05-01T12:00:00Z, or a day.".to_owned()))
}
