//! Items as bodies describe them. Everything that is wrong with a body is told at once, at its place.

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::asked::{MEMBERS, Shape};
use super::refusal::{Wrong, denied, escape, invalid};
use super::represent;
use crate::kernel::suggest;
use crate::subsystems::Session;
use crate::subsystems::item::{Item, Value};
use crate::subsystems::item_type::{Field, ItemType};
use crate::time::Timestamp;
use crate::web::Error;

/// What a body may have beside what an item shows.
const BESIDES: [&str; 2] = ["fields", "log"];

/// An item to be stored.
pub(super) struct Draft {
    pub item: Box<Item>,
    /// What is written about the revision.
    pub log: String,
}

/// The item that a body describes.
///
/// # Errors
/// 422 with everything that is wrong; 401 or 403 where items of the type may not be made.
pub(super) fn made(session: &Session, mut body: Map<String, Json>) -> Result<Draft, Error> {
    let items = &session.services().items;
    let of = item_type(session, body.remove("type"))?;
    if !items.may_create(session, &of.name) {
        return Err(denied(
            session,
            format!("You may not make content of the type '{}'.", of.name),
        ));
    }
    let item = items.blank(session, &of.name, String::new())?;
    let mut reader = Reader::new(session, &of, item, false);
    if !body.contains_key("title") {
        reader.wrong("/title", format!("{} is required.", of.title_label));
    }
    reader.read(body);
    reader.finish()
}

/// An item with the changes of a body.
///
/// # Errors
/// 422 with everything that is wrong.
pub(super) fn changed(session: &Session, item: Item, body: Map<String, Json>) -> Result<Draft, Error> {
    let of = session
        .services()
        .item_types
        .get(&item.item_type)
        .ok_or(Error::NotFound)?;
    let mut reader = Reader::new(session, &of, item, true);
    reader.read(body);
    reader.finish()
}

/// The revision that a body is for.
///
/// # Errors
/// It is no identifier.
pub(super) fn revision(body: &Map<String, Json>) -> Result<Option<Uuid>, Error> {
    let Some(revision) = body.get("revision") else {
        return Ok(None);
    };
    let parsed = revision
        .as_str()
        .and_then(|revision| Uuid::try_parse(revision).ok());
    let wrong = || invalid(vec![Wrong::new("/revision", "A revision is a UUID.")]);
    parsed.map(Some).ok_or_else(wrong)
}

fn item_type(session: &Session, name: Option<Json>) -> Result<std::sync::Arc<ItemType>, Error> {
    let types = &session.services().item_types;
    let wrong = |detail: String| invalid(vec![Wrong::new("/type", detail)]);
    match name {
        Some(Json::String(name)) => types.get(&name).ok_or_else(|| {
            let all = types.all();
            let hint = suggest(&name, all.iter().map(|of| of.name.as_str()));
            let hint = hint.map_or_else(String::new, |known| format!(" Did you mean '{known}'?"));
            wrong(format!("There is no such content type.{hint}"))
        }),
        Some(_) => Err(wrong("The name of a content type is text.".to_owned())),
        None => Err(wrong("The name of a content type is required.".to_owned())),
    }
}

struct Reader<'a> {
    session: &'a Session,
    of: &'a ItemType,
    item: Item,
    /// What an existing item shows.
    shown: Option<Map<String, Json>>,
    log: String,
    wrong: Vec<Wrong>,
}

impl<'a> Reader<'a> {
    fn new(session: &'a Session, of: &'a ItemType, item: Item, exists: bool) -> Self {
        Self {
            shown: exists.then(|| represent::item(session, &item, &Shape::default())),
            session,
            of,
            item,
            log: String::new(),
            wrong: Vec::new(),
        }
    }

    fn wrong(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.wrong.push(Wrong::new(pointer, detail));
    }

    fn finish(self) -> Result<Draft, Error> {
        if !self.wrong.is_empty() {
            return Err(invalid(self.wrong));
        }
        Ok(Draft {
            item: Box::new(self.item),
            log: self.log,
        })
    }

    fn read(&mut self, body: Map<String, Json>) {
        for (name, value) in body {
            // What is sent back as it was shown is no change.
            let is_shown = self.shown.as_ref().and_then(|shown| shown.get(&name)) == Some(&value);
            if !is_shown {
                self.member(&name, value);
            }
        }
    }

    fn member(&mut self, name: &str, value: Json) {
        match (name, value) {
            ("title", Json::String(title)) => self.item.title = title,
            ("log", Json::String(log)) => self.log = log,
            ("title" | "log", _) => self.wrong(format!("/{name}"), "This is text."),
            ("published", Json::Bool(flag)) => self.item.published = flag,
            ("promoted", Json::Bool(flag)) => self.item.promoted = flag,
            ("sticky", Json::Bool(flag)) => self.item.sticky = flag,
            ("published" | "promoted" | "sticky", _) => {
                self.wrong(format!("/{name}"), "This is true or false.")
            }
            ("path", value) => self.path(value),
            ("publish_on", value) => self.item.publish_on = self.date(name, value, self.item.publish_on),
            ("unpublish_on", value) => {
                self.item.unpublish_on = self.date(name, value, self.item.unpublish_on)
            }
            ("fields", Json::Object(fields)) => self.fields(fields),
            ("fields", _) => self.wrong("/fields", "The fields are an object."),
            // Which revision the change is for has been looked at.
            ("revision", _) if self.shown.is_some() => {}
            ("type", _) => self.wrong("/type", "The content type of an item can't be changed."),
            (name, _) if MEMBERS.contains(&name) => {
                self.wrong(format!("/{name}"), format!("'{name}' is set by the site."));
            }
            (name, _) => {
                let known = suggest(name, MEMBERS.into_iter().chain(BESIDES));
                let hint = known.map_or_else(String::new, |known| format!(" Did you mean '{known}'?"));
                let shown: String = name.chars().take(80).collect();
                self.wrong(
                    format!("/{}", escape(name)),
                    format!("There is no member '{shown}'.{hint}"),
                );
            }
        }
    }

    /// A date that is sent; the one before for what is none.
    fn date(&mut self, name: &str, value: Json, before: Option<Timestamp>) -> Option<Timestamp> {
        let moment = match &value {
            Json::Null => return None,
            Json::String(text) => text.parse::<jiff::Timestamp>().ok(),
            _ => None,
        };
        if moment.is_none() {
            self.wrong(
                format!("/{name}"),
                "This is a date with a time and its zone, such as 2030-01-31T09:00:00Z.",
            );
        }
        moment.map_or(before, |moment| Some(Timestamp(moment.as_millisecond())))
    }

    fn path(&mut self, value: Json) {
        match value {
            Json::String(path) if path.len() > 1 && path.starts_with('/') => {
                self.item.alias = path.strip_prefix('/').map(str::to_owned);
            }
            // A new item gets the path that the pattern of its type makes.
            Json::Null if self.shown.is_none() => {}
            Json::Null => self.wrong("/path", "The path of an item can be another one, but not none."),
            _ => self.wrong(
                "/path",
                "A path is text that begins with a slash, such as /about.",
            ),
        }
    }

    fn fields(&mut self, fields: Map<String, Json>) {
        for (name, value) in fields {
            let Some(field) = self.of.field(&name) else {
                let known = suggest(&name, self.of.fields.iter().map(|field| field.name.as_str()));
                let hint = known.map_or_else(String::new, |known| format!(" Did you mean '{known}'?"));
                let detail = format!("The content type '{}' has no such field.{hint}", self.of.name);
                self.wrong(format!("/fields/{}", escape(&name)), detail);
                continue;
            };
            match self.values(field, value) {
                Ok(values) => drop(self.item.fields.insert(name, values)),
                Err(wrong) => self.wrong.extend(wrong),
            }
        }
    }

    /// The values of a field, from those that it has and those that are sent.
    fn values(&self, field: &Field, value: Json) -> Result<Vec<Value>, Vec<Wrong>> {
        let items = &self.session.services().items;
        let before = self
            .shown
            .is_some()
            .then(|| items.stored_fields(&self.item).remove(&field.name));
        let value = match before.flatten() {
            Some(before) => merged(before, value),
            None => value,
        };
        let read = items.read_field(self.of, field, value);
        read.map_err(|problems| {
            let wrong = problems
                .into_iter()
                .map(|problem| Wrong::of(problem, Some(self.of)));
            wrong.collect()
        })
    }
}

/// A value with a merge patch on it (RFC 7396, 2).
fn merged(before: Json, patch: Json) -> Json {
    let Json::Object(patch) = patch else {
        return patch;
    };
    let mut object = match before {
        Json::Object(object) => object,
        _ => Map::new(),
    };
    for (name, value) in patch {
        if value.is_null() {
            object.remove(&name);
        } else {
            let before = object.remove(&name).unwrap_or(Json::Null);
            object.insert(name, merged(before, value));
        }
    }
    object.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_merge_patch_does_what_rfc_7396_says() {
        let cases = [
            (json!({ "a": "b" }), json!({ "a": "c" }), json!({ "a": "c" })),
            (
                json!({ "a": "b" }),
                json!({ "b": "c" }),
                json!({ "a": "b", "b": "c" }),
            ),
            (
                json!({ "a": "b", "b": "c" }),
                json!({ "a": null }),
                json!({ "b": "c" }),
            ),
            (json!({ "a": [1] }), json!({ "a": "c" }), json!({ "a": "c" })),
            (
                json!({ "a": { "b": "c" } }),
                json!({ "a": { "b": "d", "c": null } }),
                json!({ "a": { "b": "d" } }),
            ),
            (json!([1, 2]), json!({ "a": 1, "b": null }), json!({ "a": 1 })),
            (
                json!({ "e": null }),
                json!({ "a": 1 }),
                json!({ "e": null, "a": 1 }),
            ),
            (
                json!({}),
                json!({ "a": { "bb": { "ccc": null } } }),
                json!({ "a": { "bb": {} } }),
            ),
        ];
        for (before, patch, after) in cases {
            assert_eq!(merged(before, patch), after);
        }
    }
}
