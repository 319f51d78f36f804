//! Whether one value is what its field says.

use serde_json::Value as Json;

use super::Known;
use super::{blocks, bounds, composite, text};
use crate::subsystems::item::error::FieldError;
use crate::subsystems::item::model::Value;
use crate::subsystems::item_type::{Field, FieldType};

/// Bytes of one value.
pub const VALUE_LIMIT: usize = 2 << 20;
/// Lists and objects within each other in JSON.
const DEPTH: usize = 32;

/// What is said of text with a NUL character, which Postgres does not store.
pub const NUL: &str = "a NUL character is not allowed";

/// What is wrong with a value; the paths are those within it.
pub(super) fn problems(value: &Value, field: &Field, known: Known<'_>) -> Vec<FieldError> {
    let whole = |message: String| vec![FieldError::new("", message)];
    if size(value) > VALUE_LIMIT {
        return whole(format!("at most {} MiB", VALUE_LIMIT >> 20));
    }
    if has_nul(value) {
        return whole(NUL.to_owned());
    }
    if let Value::Json(json) | Value::Other { json, .. } = value
        && depth(json) > DEPTH
    {
        return whole(too_deep());
    }
    if let (kind, Value::Other { json, .. }) = (&field.field_type, value)
        && kind.is_composite()
        && matches!(value, Value::Other { kind: named, .. } if named == kind.name())
    {
        return match kind {
            FieldType::DateRange => composite::date_range(json, &field.settings),
            FieldType::Image => composite::image(json),
            _ => blocks::problems(json, |format| text::format(format, known)),
        };
    }
    if let Some(message) = wrong(value, field.base()) {
        return whole(message);
    }
    let mut problems = Vec::new();
    if let Value::Formatted { format, .. } = value
        && !known.is_stored(field, value)
    {
        let allowed = &field.settings.formats;
        problems.extend(match text::format(format, known) {
            None if !allowed.is_empty() && !allowed.contains(format) => {
                Some(format!("the text formats are {}", allowed.join(", ")))
            }
            wrong => wrong,
        });
    }
    problems.extend(bounds::out_of(value, field));
    problems.extend(text::unlike(value, &field.settings));
    problems
        .into_iter()
        .map(|message| FieldError::new("", message))
        .collect()
}

/// What is wrong with a value for a field of a type.
fn wrong(value: &Value, kind: &FieldType) -> Option<String> {
    match (kind, value) {
        (FieldType::Text(most), Value::Text(text)) => text::line(text, *most),
        (FieldType::Email, Value::Text(text)) => {
            (!text::is_email(text)).then(|| "no e-mail address".to_owned())
        }
        (FieldType::Url, Value::Text(text)) => (!text::is_url(text))
            .then(|| "neither an http or https URL nor a path that begins with /".to_owned()),
        (FieldType::Choice(choices), Value::Text(text)) => {
            (!choices.contains(text)).then(|| format!("one of {}", choices.join(", ")))
        }
        (FieldType::Date, Value::Text(text)) => composite::day(text).err(),
        (FieldType::Decimal, Value::Decimal(text)) => {
            (!bounds::is_decimal(text)).then(|| "no decimal number such as -12.50".to_owned())
        }
        (FieldType::Floating, Value::Floating(number)) => {
            (!number.is_finite()).then(|| "no finite number".to_owned())
        }
        (FieldType::Reference(kind), Value::Reference { kind: found, .. }) => {
            (kind != found).then(|| format!("a reference to a {kind} was expected, not to a {found}"))
        }
        (FieldType::File, Value::Reference { kind: found, .. }) => {
            (found != "file").then(|| format!("a reference to a file was expected, not to a {found}"))
        }
        (FieldType::Moment, Value::Moment(moment)) => jiff::Timestamp::from_millisecond(moment.as_millis())
            .is_err()
            .then(|| "a moment outside of the years that a calendar has".to_owned()),
        (FieldType::Json, Value::Text(text)) => Some(no_json(text)),
        (FieldType::LongText, Value::Formatted { .. } | Value::Text(_))
        | (FieldType::Integer, Value::Integer(_))
        | (FieldType::Boolean, Value::Boolean(_))
        | (FieldType::Json, Value::Json(_))
        | (FieldType::Other(_), _) => None,
        _ => Some(format!("a value of the kind {} was expected", kind.name())),
    }
}

/// Why a text that was typed into a field for JSON is none; a text that is JSON has become its value.
fn no_json(text: &str) -> String {
    match serde_json::from_str::<Json>(text) {
        Err(error) if !error.to_string().starts_with("recursion limit") => format!("no JSON: {error}"),
        _ => too_deep(),
    }
}

fn too_deep() -> String {
    format!("at most {DEPTH} lists and objects within each other")
}

/// Whether a value says nothing: a text of nothing but spaces.
pub(super) fn is_empty(value: &Value) -> bool {
    value.as_text().is_some_and(|text| text.trim().is_empty())
}

/// About how many bytes a value has.
pub(super) fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::Decimal(text) => text.len(),
        Value::Formatted { value, format } => value.len() + format.len(),
        Value::Json(json) | Value::Other { json, .. } => json_size(json),
        _ => 16,
    }
}

fn json_size(json: &Json) -> usize {
    match json {
        Json::String(text) => text.len() + 2,
        Json::Array(values) => values.iter().map(json_size).sum::<usize>() + values.len() + 2,
        Json::Object(members) => {
            let each = members
                .iter()
                .map(|(name, value)| name.len() + 4 + json_size(value));
            each.sum::<usize>() + 2
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => 8,
    }
}

fn depth(json: &Json) -> usize {
    match json {
        Json::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Json::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::Text(text) | Value::Decimal(text) => text.contains('\0'),
        Value::Formatted { value, format } => value.contains('\0') || format.contains('\0'),
        Value::Reference { kind, .. } => kind.contains('\0'),
        Value::Json(json) => json_has_nul(json),
        Value::Other { kind, json } => kind.contains('\0') || json_has_nul(json),
        Value::Boolean(_) | Value::Integer(_) | Value::Floating(_) | Value::Moment(_) => false,
    }
}

fn json_has_nul(json: &Json) -> bool {
    match json {
        Json::String(text) => text.contains('\0'),
        Json::Array(values) => values.iter().any(json_has_nul),
        Json::Object(members) => members
            .iter()
            .any(|(name, value)| name.contains('\0') || json_has_nul(value)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    fn said(value: &Value, kind: FieldType) -> Vec<String> {
        let none = BTreeSet::new();
        let known = Known {
            formats: &none,
            usable: &none,
            stored: None,
        };
        let found = problems(value, &Field::new("field_a", kind), known);
        found.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn a_nul_character_is_refused_however_deep_it_lies() {
        let other = |kind: &str, json| Value::Other {
            kind: kind.to_owned(),
            json,
        };
        let values = [
            Value::Text("a\0".to_owned()),
            Value::Json(json!({ "a": ["b", { "c": "\0" }] })),
            Value::Json(json!({ "\0": 1 })),
            other("k", json!("\0")),
            other("k\0", json!(1)),
        ];
        for value in values {
            assert_eq!(said(&value, FieldType::Other("k".to_owned())), [NUL], "{value:?}");
        }
        assert!(said(&Value::Json(json!({ "a": ["\u{1}"] })), FieldType::Json).is_empty());
    }

    #[test]
    fn json_that_is_too_deep_is_refused() {
        let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(said(&Value::Json(deep), FieldType::Json).len(), 1);
    }
}
