//! Items and their values as tests and the site send them to each other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::subsystems::item::{Item, Value, parse_id};
use crate::time::Timestamp;

/// A value of a field.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    Boolean(bool),
    Integer(i64),
    Decimal(String),
    Floating(f64),
    Text(String),
    Formatted { value: String, format: String },
    Reference { target: String, kind: String },
    Moment(i64),
    Json(Json),
    Other { kind: String, json: Json },
}

/// An item as tests see it.
pub fn shown(item: &Item) -> Json {
    let fields: BTreeMap<&String, Vec<Field>> = item
        .fields
        .iter()
        .map(|(name, values)| (name, values.iter().map(Field::of).collect()))
        .collect();
    json!({
        "id": item.id.to_string(),
        "type": item.item_type.to_string(),
        "title": item.title,
        "published": item.published,
        "path": item.path(),
        "fields": fields,
    })
}

impl Field {
    /// The value as tests see it.
    pub fn of(value: &Value) -> Self {
        match value.clone() {
            Value::Boolean(value) => Self::Boolean(value),
            Value::Integer(value) => Self::Integer(value),
            Value::Decimal(value) => Self::Decimal(value),
            Value::Floating(value) => Self::Floating(value),
            Value::Text(value) => Self::Text(value),
            Value::Formatted { value, format } => Self::Formatted { value, format },
            Value::Reference { target, kind } => Self::Reference {
                target: target.to_string(),
                kind,
            },
            Value::Moment(at) => Self::Moment(at.as_millis()),
            Value::Json(json) => Self::Json(json),
            Value::Other { kind, json } => Self::Other { kind, json },
        }
    }

    /// The value as it is stored.
    ///
    /// # Errors
    /// What is no identifier.
    pub fn into_value(self) -> std::result::Result<Value, String> {
        Ok(match self {
            Self::Boolean(value) => Value::Boolean(value),
            Self::Integer(value) => Value::Integer(value),
            Self::Decimal(value) => Value::Decimal(value),
            Self::Floating(value) => Value::Floating(value),
            Self::Text(value) => Value::Text(value),
            Self::Formatted { value, format } => Value::Formatted { value, format },
            Self::Reference { target, kind } => Value::Reference {
                target: parse_id(&target).map_err(|error| error.in_words())?,
                kind,
            },
            Self::Moment(at) => Value::Moment(Timestamp(at)),
            Self::Json(json) => Value::Json(json),
            Self::Other { kind, json } => Value::Other { kind, json },
        })
    }
}
