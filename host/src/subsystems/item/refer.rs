//! Whether the records that an item refers to are there, for whoever saves it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use uuid::Uuid;

use super::model::{Item, Value};
use super::{Error, FieldError, Items};
use crate::subsystems::Session;
use crate::subsystems::file::{self, by_id};
use crate::subsystems::item_type::{Field, FieldType, ItemType};

/// A pointer to a record, with its place in the item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// The path of the value.
    pub path: String,
    /// The kind of record: `item`, `user`, `tag`, `file`.
    pub kind: String,
    /// The record.
    pub target: Uuid,
    /// Whether it has to be a picture.
    pub is_picture: bool,
}

/// Everything that an item refers to.
#[must_use]
pub fn pointers(item: &Item, of: &ItemType) -> Vec<Pointer> {
    let mut found = Vec::new();
    for field in &of.fields {
        for (index, value) in item.values(&field.name).iter().enumerate() {
            collect(value, field, &format!("{}.{index}", field.name), &mut found);
        }
    }
    found
}

fn collect(value: &Value, field: &Field, path: &str, found: &mut Vec<Pointer>) {
    let picture = |path: String, json: &Json| {
        let target = Uuid::parse_str(json.get("target_id")?.as_str()?).ok()?;
        let kind = "file".to_owned();
        Some(Pointer {
            path,
            kind,
            target,
            is_picture: true,
        })
    };
    match (&field.field_type, value) {
        // One of another kind is refused as such: whether it is there does not matter.
        (FieldType::Reference(wanted), Value::Reference { kind, .. }) if wanted != kind => {}
        (_, Value::Reference { target, kind }) => found.push(Pointer {
            path: path.to_owned(),
            kind: kind.clone(),
            target: *target,
            is_picture: false,
        }),
        (FieldType::Image, Value::Other { json, .. }) => {
            found.extend(picture(format!("{path}.target_id"), json));
        }
        (FieldType::Blocks, Value::Other { json, .. }) => {
            let blocks = json.get("blocks").and_then(Json::as_array).into_iter().flatten();
            let pictures = blocks.enumerate();
            found.extend(
                pictures.filter_map(|(at, block)| picture(format!("{path}.blocks.{at}.target_id"), block)),
            );
        }
        _ => {}
    }
}

impl Items {
    /// What is wrong with the records that an item refers to. What the stored item refers to already is not asked
    /// for again: somebody who may not see it can still change the rest.
    pub(super) async fn broken(
        &self,
        session: &Session,
        item: &Item,
        of: &ItemType,
        stored: Option<&Item>,
    ) -> Result<Vec<FieldError>, Error> {
        let known: BTreeSet<(String, Uuid)> = stored
            .map(|stored| {
                pointers(stored, of)
                    .into_iter()
                    .map(|pointer| (pointer.kind, pointer.target))
                    .collect()
            })
            .unwrap_or_default();
        let mut new = pointers(item, of);
        new.retain(|pointer| !known.contains(&(pointer.kind.clone(), pointer.target)));
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let ids = |kind: &str| {
            let of_kind = new.iter().filter(|pointer| pointer.kind == kind);
            of_kind
                .map(|pointer| pointer.target)
                .collect::<BTreeSet<Uuid>>()
                .into_iter()
                .collect::<Vec<_>>()
        };
        let items = self.find_many(session, &ids("item")).await?;
        let items: BTreeMap<Uuid, &str> = items.iter().map(|item| (item.id, &*item.item_type)).collect();
        let users = self
            .users
            .known_of(&session.request().account, &ids("user"))
            .await?;
        let files = by_id(self.files.find_many(&ids("file")).await.map_err(file_failed)?);
        let wrong = |pointer: Pointer| {
            let field = of.field(pointer.path.split('.').next()?)?;
            let message = match pointer.kind.as_str() {
                "item" => wrong_item(items.get(&pointer.target).copied(), field),
                "user" if users.contains_key(&pointer.target) => None,
                "file" => match files.get(&pointer.target) {
                    Some(file) if pointer.is_picture && !file.mime.starts_with("image/") => {
                        Some(format!("{} is no picture", file.name))
                    }
                    Some(file) if !field.settings.takes(&file.mime) => Some(format!(
                        "{} is of another kind than {}",
                        file.name,
                        field.settings.media.join(", ")
                    )),
                    Some(_) => None,
                    None => missing("file"),
                },
                kind => missing(kind),
            }?;
            Some(FieldError::new(
                pointer.path,
                format!("{}: {message}", field.label),
            ))
        };
        Ok(new.into_iter().filter_map(wrong).collect())
    }
}

/// One that may not be seen is told like one that is not there.
fn missing(kind: &str) -> Option<String> {
    Some(format!("there is no {kind} of this identifier that you may see"))
}

fn wrong_item(found: Option<&str>, field: &Field) -> Option<String> {
    let targets = &field.settings.targets;
    match found {
        None => missing("item"),
        Some(of) if !targets.is_empty() && targets.iter().all(|target| target != of) => Some(format!(
            "content of the types {} was expected",
            targets.join(", ")
        )),
        Some(_) => None,
    }
}

/// Why files can't be looked up, as a failure of items.
pub(super) fn file_failed(error: file::Error) -> Error {
    match error {
        file::Error::Db(error) => error.into(),
        error => crate::db::Error::Other(error.into()).into(),
    }
}
