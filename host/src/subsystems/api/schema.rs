//! JSON Schemas (2020-12) of items, made of what the content types say.

use serde_json::{Map, Value as Json, json};

use super::reference;
use super::represent::put;
use crate::subsystems::item_type::{Field, FieldType, ItemType};

/// The name of a type's schema, such as `Item.blog`.
pub(super) fn name(kind: &str, of: &ItemType) -> String {
    format!("{kind}.{}", of.name)
}

/// The schemas of a content type: its items as they are shown, made and changed.
pub(super) fn of_type(of: &ItemType) -> [(String, Json); 3] {
    [
        (name("Item", of), item(of)),
        (name("NewItem", of), new_item(of)),
        (name("ItemPatch", of), patch(of)),
    ]
}

/// A schema of the items of a type that can stand alone.
pub(super) fn standalone(of: &ItemType) -> Json {
    let mut schema = item(of);
    put(
        &mut schema,
        "$schema",
        "https://json-schema.org/draft/2020-12/schema",
    );
    schema
}

fn item(of: &ItemType) -> Json {
    json!({
        "title": of.label,
        "description": of.description,
        "type": "object",
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "type": { "const": of.name },
            "title": { "type": "string" },
            "author": author(),
            "published": { "type": "boolean" },
            "promoted": { "type": "boolean" },
            "sticky": { "type": "boolean" },
            "created": { "type": ["string", "null"], "format": "date-time" },
            "changed": { "type": ["string", "null"], "format": "date-time" },
            "revision": { "type": "string", "format": "uuid" },
            "path": { "type": "string" },
            "publish_on": date("When it is published by itself; for those who may edit it."),
            "unpublish_on": date("When it is unpublished by itself; for those who may edit it."),
            "fields": { "type": "object", "properties": fields(of, false) },
            "included": included(),
        },
        "required": ["id", "type"],
    })
}

fn date(description: &str) -> Json {
    json!({ "description": description, "type": ["string", "null"], "format": "date-time" })
}

fn author() -> Json {
    json!({
        "description": "Who wrote it; null where nobody is known.",
        "type": ["object", "null"],
        "properties": { "id": { "type": "string", "format": "uuid" }, "name": { "type": "string" } },
        "required": ["id", "name"],
    })
}

pub(super) fn included() -> Json {
    json!({
        "description": "The records along the references that `include` names.",
        "type": "object",
        "properties": {
            "items": { "type": "array", "items": { "type": "object" } },
            "files": { "type": "array", "items": { "type": "object" } },
            "users": { "type": "array", "items": { "type": "object" } },
        },
    })
}

/// What can be written of any item.
fn writable(of: &ItemType, patch: bool) -> Map<String, Json> {
    let mut properties = Map::new();
    let mut fields =
        json!({ "type": "object", "properties": fields(of, true), "additionalProperties": false });
    let required: Vec<&str> = of
        .fields
        .iter()
        .filter(|field| field.required && !patch && !has_default(field))
        .map(|field| field.name.as_str())
        .collect();
    if !required.is_empty() {
        put(&mut fields, "required", json!(required));
    }
    properties.insert("type".to_owned(), json!({ "const": of.name }));
    properties.insert(
        "title".to_owned(),
        json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$" }),
    );
    for flag in ["published", "promoted", "sticky"] {
        properties.insert(flag.to_owned(), json!({ "type": "boolean" }));
    }
    properties.insert(
        "path".to_owned(),
        json!({ "type": if patch { json!("string") } else { json!(["string", "null"]) }, "description": "Where the item's page is, such as /about. Null leaves it to the pattern of the type." }),
    );
    for (name, verb) in [("publish_on", "published"), ("unpublish_on", "unpublished")] {
        let description = format!("When it is {verb} by itself; null for never.");
        properties.insert(name.to_owned(), date(&description));
    }
    properties.insert(
        "log".to_owned(),
        json!({ "type": "string", "description": "What is written about the revision." }),
    );
    properties.insert("fields".to_owned(), fields);
    properties
}

fn has_default(field: &Field) -> bool {
    field
        .default_values
        .as_array()
        .is_some_and(|values| !values.is_empty())
}

fn new_item(of: &ItemType) -> Json {
    let mut required = vec!["type", "title"];
    if of
        .fields
        .iter()
        .any(|field| field.required && !has_default(field))
    {
        required.push("fields");
    }
    json!({
        "title": of.label,
        "type": "object",
        "properties": writable(of, false),
        "required": required,
        "additionalProperties": false,
    })
}

fn patch(of: &ItemType) -> Json {
    let mut properties = writable(of, true);
    properties.insert(
        "revision".to_owned(),
        json!({ "type": "string", "format": "uuid", "description": "The revision that the change is for, where no If-Match says it." }),
    );
    json!({ "title": of.label, "type": "object", "properties": properties, "additionalProperties": false })
}

/// The values of the fields. What is written may be null, which empties a field.
fn fields(of: &ItemType, written: bool) -> Map<String, Json> {
    let schema = |field: &Field| {
        let mut schema = values(field);
        if written && !field.required {
            schema = json!({ "anyOf": [schema, { "type": "null" }] });
        }
        put(&mut schema, "title", field.label.as_str());
        if !field.help.is_empty() {
            put(&mut schema, "description", field.help.as_str());
        }
        (field.name.clone(), schema)
    };
    of.fields.iter().map(schema).collect()
}

fn values(field: &Field) -> Json {
    let one = value(field.base());
    if field.cardinality == 1 {
        return one;
    }
    let mut list = json!({ "type": "array", "items": one });
    if field.cardinality > 1 {
        put(&mut list, "maxItems", field.cardinality);
    }
    if field.required {
        put(&mut list, "minItems", 1);
    }
    list
}

/// The stored form of one value. A field of a type that nobody has declared may hold anything.
fn value(kind: &FieldType) -> Json {
    match kind {
        FieldType::Text(most) => json!({ "type": "string", "maxLength": most }),
        FieldType::LongText => json!({ "anyOf": [{ "type": "string" }, reference("FormattedText")] }),
        FieldType::Integer => {
            json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX, "format": "int64" })
        }
        FieldType::Decimal => {
            json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$", "maxLength": 64 })
        }
        FieldType::Floating => json!({ "type": "number" }),
        FieldType::Boolean => json!({ "type": "boolean" }),
        FieldType::Moment => json!({
            "type": "integer",
            "format": "int64",
            "description": "Milliseconds since 1970-01-01T00:00:00Z.",
        }),
        FieldType::Date => json!({ "type": "string", "format": "date" }),
        FieldType::DateRange => json!({
            "type": "object",
            "properties": { "from": { "type": "string", "format": "date" }, "to": { "type": "string", "format": "date" } },
            "required": ["from", "to"],
        }),
        FieldType::File => json!({
            "type": "object",
            "properties": { "target_id": { "type": "string", "format": "uuid" }, "target_type": { "const": "file" } },
            "required": ["target_id", "target_type"],
        }),
        FieldType::Image => json!({
            "type": "object",
            "properties": {
                "target_id": { "type": "string", "format": "uuid" },
                "target_type": { "const": "file" },
                "alt": { "type": "string", "maxLength": 500 },
            },
            "required": ["target_id", "target_type", "alt"],
        }),
        FieldType::Blocks => json!({
            "type": "object",
            "properties": { "blocks": { "type": "array", "items": { "type": "object" }, "maxItems": 500 } },
            "required": ["blocks"],
        }),
        FieldType::Email => json!({ "type": "string", "format": "email", "maxLength": 254 }),
        FieldType::Url => json!({ "type": "string", "maxLength": 2048, "pattern": "^(https?://|/)[^\\s]*$" }),
        FieldType::Choice(choices) => json!({ "enum": choices }),
        FieldType::Reference(kind) => json!({
            "type": "object",
            "properties": {
                "target_id": { "type": "string", "format": "uuid" },
                "target_type": { "const": kind },
            },
            "required": ["target_id", "target_type"],
            "additionalProperties": false,
        }),
        FieldType::Json => json!({
            "type": "object",
            "properties": { "json": true },
            "required": ["json"],
            "additionalProperties": false,
        }),
        _ => json!({}),
    }
}
