//! Values as plugins see them, and back.

use uuid::Uuid;

use super::model::{Item, Order, Query, Revision, Value};
use super::validate::NUL;
use crate::time::Timestamp;
use crate::wit::{item, items, types};

impl From<&Value> for types::FieldValue {
    fn from(value: &Value) -> Self {
        match value.clone() {
            Value::Boolean(value) => Self::Boolean(value),
            Value::Integer(value) => Self::Integer(value),
            Value::Decimal(value) => Self::Decimal(value),
            Value::Floating(value) => Self::Floating(value),
            Value::Text(value) => Self::Text(value),
            Value::Formatted { value, format } => Self::Formatted(types::FormattedText { value, format }),
            Value::Reference { target, kind } => Self::Reference(types::Reference {
                target: target.to_string(),
                target_type: kind,
            }),
            Value::Moment(moment) => Self::Moment(moment.as_millis()),
            Value::Json(json) => Self::Json(json.to_string()),
            Value::Other { kind, json } => Self::Other(types::OtherValue {
                kind,
                json: json.to_string(),
            }),
        }
    }
}

/// Reads a value from a plugin; `null` is none.
///
/// # Errors
/// What is wrong with it.
pub fn value_from(value: types::FieldValue) -> Result<Option<Value>, String> {
    let json = |text: &str| serde_json::from_str(text).map_err(|error| format!("no valid JSON: {error}"));
    Ok(Some(match value {
        types::FieldValue::Null => return Ok(None),
        types::FieldValue::Boolean(value) => Value::Boolean(value),
        types::FieldValue::Integer(value) => Value::Integer(value),
        types::FieldValue::Decimal(value) => Value::Decimal(value),
        types::FieldValue::Floating(value) if !value.is_finite() => return Err("no finite number".to_owned()),
        types::FieldValue::Floating(value) => Value::Floating(value),
        types::FieldValue::Text(value) => Value::Text(value),
        types::FieldValue::Formatted(text) => Value::Formatted {
            value: text.value,
            format: text.format,
        },
        types::FieldValue::Reference(reference) => Value::Reference {
            target: Uuid::parse_str(&reference.target)
                .map_err(|_| format!("'{}' is no identifier", reference.target))?,
            kind: reference.target_type,
        },
        types::FieldValue::Moment(moment) => Value::Moment(Timestamp(moment)),
        types::FieldValue::Json(text) => Value::Json(json(&text)?),
        types::FieldValue::Other(other) => Value::Other {
            kind: other.kind,
            json: json(&other.json)?,
        },
    }))
}

impl From<&Item> for item::ItemRecord {
    fn from(item: &Item) -> Self {
        let fields = item.fields.iter().map(|(name, values)| item::Field {
            name: name.clone(),
            values: values.iter().map(Into::into).collect(),
        });
        Self {
            id: item.id.to_string(),
            item_type: item.item_type.to_string(),
            title: item.title.clone(),
            author: item.author.to_string(),
            published: item.published,
            created: item.created.as_millis(),
            changed: item.changed.as_millis(),
            fields: fields.collect(),
        }
    }
}

impl From<Revision> for items::Revision {
    fn from(revision: Revision) -> Self {
        Self {
            id: revision.id.to_string(),
            title: revision.title,
            author: revision.author.to_string(),
            created: revision.created.as_millis(),
            log_message: revision.log_message,
        }
    }
}

impl TryFrom<items::ItemQuery> for Query {
    type Error = types::Error;

    fn try_from(query: items::ItemQuery) -> Result<Self, types::Error> {
        refuse_nul("item-type", query.item_type.as_deref())?;
        refuse_nul("field", query.field.as_ref().map(|(_, text)| text.as_str()))?;
        let author = query.author.map(|author| parse_id(&author)).transpose()?;
        Ok(Self {
            title: None,
            item_type: query.item_type,
            author,
            published: query.published,
            promoted: None,
            field: query.field,
            order: match query.order {
                items::ItemOrder::Newest => Order::Newest,
                items::ItemOrder::Oldest => Order::Oldest,
                items::ItemOrder::Changed => Order::Changed,
                items::ItemOrder::Title => Order::Title,
            },
            limit: query.limit.min(100),
            offset: query.offset,
        })
    }
}

/// Reads an identifier from a plugin.
///
/// # Errors
/// `invalid`, naming what was passed.
pub fn parse_id(id: &str) -> Result<Uuid, types::Error> {
    Uuid::parse_str(id).map_err(|_| invalid("id", format!("'{id}' is no identifier")))
}

fn refuse_nul(path: &str, text: Option<&str>) -> Result<(), types::Error> {
    match text {
        Some(text) if text.contains('\0') => Err(invalid(path, NUL.to_owned())),
        _ => Ok(()),
    }
}

fn invalid(path: &str, message: String) -> types::Error {
    let path = path.to_owned();
    types::Error::Invalid(vec![types::FieldError { path, message }])
}
