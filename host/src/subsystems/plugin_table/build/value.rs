//! Values on their way between plugins and the database.

use sea_query::Value;
use uuid::Uuid;

use super::at_most;
use super::path::{At, all};
use crate::db::{Cell, ColumnKind};
use crate::time::Timestamp;
use crate::wit::db;
use crate::wit::types::Error;

/// A value for a column of a table, which may be null if the column allows it.
pub fn stored(
    at: At<'_>,
    name: &str,
    kind: ColumnKind,
    null: bool,
    value: db::Value,
) -> Result<Value, Error> {
    match value {
        db::Value::Null if null => Ok(nothing(kind)),
        db::Value::Null => Err(at.invalid(format!("column '{name}' must have a value"))),
        value => compared(at, name, kind, value),
    }
}

/// A value that a column is compared with.
pub fn compared(at: At<'_>, name: &str, kind: ColumnKind, value: db::Value) -> Result<Value, Error> {
    match kind_of(&value) {
        Some(given) if given == kind => bound(at, value),
        Some(given) => Err(at.invalid(format!(
            "column '{name}' holds {}, not {}",
            in_words(kind),
            in_words(given)
        ))),
        None => Err(at.invalid("nothing equals null; use is-null or is-not-null")),
    }
}

/// The parameters of SQL text: what they are for is known to the database alone.
pub fn parameters(values: Vec<db::Value>) -> Result<Vec<Value>, Error> {
    at_most(super::MOST_VALUES, values.len(), "parameters")?;
    let root = At::root("parameters");
    all(values
        .into_iter()
        .enumerate()
        .map(|(at, value)| bound(root.index(at), value)))
}

/// What both databases can hold: Postgres has no text with a NUL, SQLite no NaN.
fn bound(at: At<'_>, value: db::Value) -> Result<Value, Error> {
    Ok(match value {
        db::Value::Null => Value::String(None),
        db::Value::Boolean(value) => value.into(),
        db::Value::Integer(value) => value.into(),
        db::Value::Floating(value) if value.is_finite() => value.into(),
        db::Value::Floating(_) => return Err(at.invalid("a number must be finite")),
        db::Value::Text(text) if text.contains('\0') => return Err(at.invalid("text can't contain U+0000")),
        db::Value::Text(text) => text.into(),
        db::Value::Bytes(bytes) => bytes.into(),
        db::Value::Id(id) => Uuid::parse_str(&id)
            .map_err(|_| at.invalid(format!("'{id}' is no identifier")))?
            .into(),
        db::Value::Moment(moment) => Timestamp(moment).into(),
        db::Value::Json(text) => {
            let json: serde_json::Value =
                serde_json::from_str(&text).map_err(|error| at.invalid(format!("no valid JSON: {error}")))?;
            if has_nul(&json) {
                return Err(at.invalid("JSON can't contain U+0000"));
            }
            json.into()
        }
    })
}

fn has_nul(json: &serde_json::Value) -> bool {
    match json {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(values) => values.iter().any(has_nul),
        serde_json::Value::Object(members) => members
            .iter()
            .any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// Null, as Postgres wants it: of a type.
fn nothing(kind: ColumnKind) -> Value {
    match kind {
        ColumnKind::Boolean => Value::Bool(None),
        ColumnKind::Integer | ColumnKind::Moment => Value::BigInt(None),
        ColumnKind::Floating => Value::Double(None),
        ColumnKind::Text => Value::String(None),
        ColumnKind::Bytes => Value::Bytes(None),
        ColumnKind::Id => Value::Uuid(None),
        ColumnKind::Json => Value::Json(None),
    }
}

fn kind_of(value: &db::Value) -> Option<ColumnKind> {
    Some(match value {
        db::Value::Null => return None,
        db::Value::Boolean(_) => ColumnKind::Boolean,
        db::Value::Integer(_) => ColumnKind::Integer,
        db::Value::Floating(_) => ColumnKind::Floating,
        db::Value::Text(_) => ColumnKind::Text,
        db::Value::Bytes(_) => ColumnKind::Bytes,
        db::Value::Id(_) => ColumnKind::Id,
        db::Value::Moment(_) => ColumnKind::Moment,
        db::Value::Json(_) => ColumnKind::Json,
    })
}

/// A kind as manifests and the contract call it.
pub fn in_words(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Boolean => "boolean",
        ColumnKind::Integer => "integer",
        ColumnKind::Floating => "floating",
        ColumnKind::Text => "text",
        ColumnKind::Bytes => "bytes",
        ColumnKind::Id => "id",
        ColumnKind::Moment => "moment",
        ColumnKind::Json => "json",
    }
}

impl From<Cell> for db::Value {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Boolean(value) => Self::Boolean(value),
            Cell::Integer(value) => Self::Integer(value),
            Cell::Floating(value) => Self::Floating(value),
            Cell::Text(text) => Self::Text(text),
            Cell::Bytes(bytes) => Self::Bytes(bytes),
            Cell::Id(id) => Self::Id(id.to_string()),
            Cell::Moment(moment) => Self::Moment(moment.as_millis()),
            Cell::Json(json) => Self::Json(json.to_string()),
        }
    }
}
