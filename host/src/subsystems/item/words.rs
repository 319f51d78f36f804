//! A value in words: what people read who compare, and what plain formatters show.

use serde_json::Value as Json;
use uuid::Uuid;

use super::model::Value;
use super::names::Names;
use crate::subsystems::item_type::{Field, FieldType};

/// What is said of a record that is gone or may not be seen.
const UNKNOWN: &str = "(not available)";

/// The value in words.
#[must_use]
pub fn in_words(value: &Value, field: &Field, names: &Names) -> String {
    match (value, &field.field_type) {
        (Value::Reference { target, kind }, _) => name(target, kind, names),
        (Value::Other { json, .. }, FieldType::DateRange) => range(json),
        (Value::Other { json, .. }, FieldType::Image) => picture(json, names),
        (Value::Other { json, .. }, FieldType::Blocks) => body(json, names),
        (Value::Text(text), _) => field.settings.label_of(text).to_owned(),
        (value, _) => plain(value),
    }
}

/// The value in words, where nothing is known of its field.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::Boolean(true) => "Yes".to_owned(),
        Value::Boolean(false) => "No".to_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Floating(value) => value.to_string(),
        Value::Decimal(text) | Value::Text(text) => text.clone(),
        Value::Formatted { value, .. } => value.clone(),
        Value::Reference { target, .. } => target.to_string(),
        Value::Moment(moment) => jiff::Timestamp::from_millisecond(moment.as_millis())
            .map(|moment| moment.strftime("%Y-%m-%d %H:%M UTC").to_string())
            .unwrap_or_default(),
        Value::Json(json) | Value::Other { json, .. } => json.to_string(),
    }
}

fn name(target: &Uuid, kind: &str, names: &Names) -> String {
    let known = match kind {
        "item" => names.items.get(target).map(|(title, _)| title.clone()),
        "user" => names.users.get(target).cloned(),
        "file" => names.files.get(target).map(|file| file.name.clone()),
        _ => Some(target.to_string()),
    };
    known.unwrap_or_else(|| UNKNOWN.to_owned())
}

/// From one day to another; one day where both are the same.
#[must_use]
pub fn range(json: &Json) -> String {
    let day = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default();
    match (day("from"), day("to")) {
        (from, to) if from == to => from.to_owned(),
        (from, to) => format!("{from} – {to}"),
    }
}

fn picture(json: &Json, names: &Names) -> String {
    let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default();
    let file = Uuid::parse_str(text("target_id")).map(|id| name(&id, "file", names));
    match (file.unwrap_or_default(), text("alt")) {
        (file, "") => file,
        (file, alt) => format!("{file}: {alt}"),
    }
}

/// Every block as a paragraph that begins with its kind.
fn body(json: &Json, names: &Names) -> String {
    let blocks = json.get("blocks").and_then(Json::as_array).into_iter().flatten();
    let told = blocks.map(|block| {
        let kind = block.get("type").and_then(Json::as_str).unwrap_or_default();
        let members = block
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| *name != "type");
        let members = members.map(|(name, value)| match value {
            Json::String(id) if name == "target_id" => picture(block, names).replace(id, ""),
            Json::String(text) => text.clone(),
            Json::Array(lines) => {
                let lines: Vec<&str> = lines.iter().filter_map(Json::as_str).collect();
                lines.join("\n")
            }
            other => format!("{name}: {other}"),
        });
        format!("[{kind}] {}", members.collect::<Vec<_>>().join("\n"))
    });
    told.collect::<Vec<_>>().join("\n\n")
}
