//! Whether an item is what its content type says.

use serde_json::Value as Json;

use super::error::FieldError;
use super::model::{Item, Value};
use crate::subsystems::item_type::{Field, FieldType, ItemType};

/// Characters of a title.
pub const TITLE_LIMIT: usize = 255;
/// Bytes of one value.
pub const VALUE_LIMIT: usize = 2 << 20;
/// Values of a field of any number.
pub const VALUES_LIMIT: usize = 1000;

/// What is said of text with a NUL character, which Postgres does not store.
pub const NUL: &str = "a NUL character is not allowed";

/// Everything that is wrong with an item; empty when nothing is.
#[must_use]
pub fn problems(item: &Item, of: &ItemType) -> Vec<FieldError> {
    let mut problems = title(&item.title, &of.title_label);
    for name in item.fields.keys().filter(|name| of.field(name).is_none()) {
        problems.push(FieldError::new(
            name,
            format!("the content type '{}' has no field '{name}'", of.name),
        ));
    }
    for field in &of.fields {
        check_field(item.values(&field.name), field, &mut problems);
    }
    problems
}

fn title(title: &str, label: &str) -> Vec<FieldError> {
    let problem = if title.trim().is_empty() {
        format!("{label} is required")
    } else if title.chars().count() > TITLE_LIMIT {
        format!("{label} has at most {TITLE_LIMIT} characters")
    } else if title.chars().any(char::is_control) {
        format!("{label} must not have line breaks or control characters")
    } else {
        return Vec::new();
    };
    vec![FieldError::new("title", problem)]
}

fn check_field(values: &[Value], field: &Field, problems: &mut Vec<FieldError>) {
    if field.required && values.is_empty() {
        problems.push(FieldError::new(
            &field.name,
            format!("{} is required", field.label),
        ));
    }
    let most = if field.cardinality == 0 {
        VALUES_LIMIT
    } else {
        field.cardinality as usize
    };
    if values.len() > most {
        problems.push(FieldError::new(
            &field.name,
            format!("{} has at most {most} values", field.label),
        ));
    }
    for (index, value) in values.iter().enumerate() {
        if let Some(message) = wrong(value, &field.field_type) {
            let path = format!("{}.{index}", field.name);
            problems.push(FieldError::new(path, format!("{}: {message}", field.label)));
        }
    }
}

/// What is wrong with a value for a field of a type.
fn wrong(value: &Value, kind: &FieldType) -> Option<String> {
    if value.as_text().is_some_and(|text| text.len() > VALUE_LIMIT) {
        return Some(format!("at most {} MiB of text", VALUE_LIMIT >> 20));
    }
    if has_nul(value) {
        return Some(NUL.to_owned());
    }
    match (kind, value) {
        (FieldType::Text(most), Value::Text(text)) => {
            (text.chars().count() > *most as usize).then(|| format!("at most {most} characters"))
        }
        (FieldType::Email, Value::Text(text)) => (!is_email(text)).then(|| "no e-mail address".to_owned()),
        (FieldType::Url, Value::Text(text)) => {
            (!is_url(text)).then(|| "neither an http or https URL nor a path that begins with /".to_owned())
        }
        (FieldType::Choice(choices), Value::Text(text)) => {
            (!choices.contains(text)).then(|| format!("one of {}", choices.join(", ")))
        }
        (FieldType::Decimal, Value::Decimal(text)) => {
            (!is_decimal(text)).then(|| "no decimal number such as -12.50".to_owned())
        }
        (FieldType::Floating, Value::Floating(number)) => {
            (!number.is_finite()).then(|| "no finite number".to_owned())
        }
        (FieldType::Reference(kind), Value::Reference { kind: found, .. }) => {
            (kind != found).then(|| format!("a reference to a {kind} was expected, not to a {found}"))
        }
        (FieldType::LongText, Value::Formatted { .. } | Value::Text(_))
        | (FieldType::Integer, Value::Integer(_))
        | (FieldType::Boolean, Value::Boolean(_))
        | (FieldType::Moment, Value::Moment(_))
        | (FieldType::Json, Value::Json(_))
        | (FieldType::Other(_), _) => None,
        _ => Some(format!("a value of the kind {} was expected", kind.name())),
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

/// A shape check, not a proof: one `@` with something on both sides, no spaces, at most 254 characters
/// (RFC 5321, 4.5.3.1).
fn is_email(text: &str) -> bool {
    text.len() <= 254
        && !text.chars().any(|char| char.is_whitespace() || char.is_control())
        && text.rsplit_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && local.len() <= 64 && !domain.is_empty() && !domain.starts_with('.')
        })
}

fn is_url(text: &str) -> bool {
    let clean = text.len() <= 2048 && !text.chars().any(|char| char.is_whitespace() || char.is_control());
    let path = text.starts_with('/') && !text.starts_with("//");
    clean && (path || text.starts_with("https://") || text.starts_with("http://"))
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= 64 && all_digits(whole) && all_digits(fraction)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
            assert_eq!(
                wrong(&value, &FieldType::Other("k".to_owned())).as_deref(),
                Some(NUL),
                "{value:?}"
            );
        }
        assert_eq!(
            wrong(&Value::Json(json!({ "a": ["\u{1}"] })), &FieldType::Json),
            None
        );
    }
}
