//! What was answered, as values of fields, and where in the form a problem with a value is told.

use serde_json::{Map, json};
use uuid::Uuid;

use super::moment::Zone;
use super::widget::{ALT, FROM, TARGET, TO, UPLOAD, VALUE, part};
use super::{blocks, fit, widget};
use crate::subsystems::form::{Value as Answer, Values};
use crate::subsystems::item::{FieldError, Value};
use crate::subsystems::item_type::{Field, FieldType, ItemType};

/// What stands for a file that came along and is not stored yet.
pub(super) const COMING: Uuid = Uuid::max();

/// The values of a field, each with its row in the form.
pub(super) struct Given {
    pub values: Vec<Value>,
    pub rows: Vec<usize>,
}

/// What answers are read with.
pub(super) struct Reading<'a> {
    pub zone: &'a Zone,
    /// The file that an upload was stored as, by its path in the form.
    pub stored: &'a dyn Fn(&str) -> Option<Uuid>,
}

/// What was answered for a field.
pub(super) fn given(field: &Field, values: &Values, before: &[Value], reading: &Reading<'_>) -> Given {
    if field.field_type == FieldType::Blocks {
        return blocks::given(field, values.rows(&field.name), before, reading);
    }
    let mut given = Given {
        values: Vec::new(),
        rows: Vec::new(),
    };
    if widget::is_grouped(field) {
        for (index, row) in values.rows(&field.name).iter().enumerate() {
            let path = format!("{}.{index}", field.name);
            if let Some(value) = of_row(field, row, &path, before.get(index), reading) {
                given.values.push(value);
                given.rows.push(index);
            }
        }
    } else if let Some(answer) = values.get(&field.name) {
        given.values = match (&field.field_type, answer) {
            (FieldType::Choice(_), Answer::List(chosen)) => chosen.iter().cloned().map(Value::Text).collect(),
            _ => value(field, answer, before.first(), reading)
                .into_iter()
                .collect(),
        };
        given.rows = (0..given.values.len()).collect();
    }
    given
}

fn of_row(
    field: &Field,
    row: &Values,
    path: &str,
    before: Option<&Value>,
    reading: &Reading<'_>,
) -> Option<Value> {
    match field.field_type {
        FieldType::DateRange => {
            let (from, to) = (row.text(&part(field, FROM)), row.text(&part(field, TO)));
            let given = !from.is_empty() || !to.is_empty();
            given.then(|| composite(field, json!({ "from": from, "to": to })))
        }
        FieldType::File => target(field, row, path, reading).map(|target| Value::Reference {
            target,
            kind: "file".to_owned(),
        }),
        FieldType::Image => {
            let target = target(field, row, path, reading)?;
            Some(composite(
                field,
                json!({ "target_id": target, "alt": row.text(&part(field, ALT)) }),
            ))
        }
        _ => value(field, row.get(&part(field, VALUE))?, before, reading),
    }
}

fn composite(field: &Field, json: serde_json::Value) -> Value {
    Value::Other {
        kind: field.field_type.name().to_owned(),
        json,
    }
}

/// The file of a row: the one that came along, or the one that was chosen.
pub(super) fn target(field: &Field, row: &Values, path: &str, reading: &Reading<'_>) -> Option<Uuid> {
    if !row.files(&part(field, UPLOAD)).is_empty() {
        return Some((reading.stored)(&format!("{path}.{}", part(field, UPLOAD))).unwrap_or(COMING));
    }
    Uuid::parse_str(row.text(&part(field, TARGET))).ok()
}

fn value(field: &Field, answer: &Answer, before: Option<&Value>, reading: &Reading<'_>) -> Option<Value> {
    Some(match (field.base(), answer) {
        (_, Answer::Empty | Answer::Files(_) | Answer::Rows(_)) => return None,
        (_, Answer::Flag(flag)) => Value::Boolean(*flag),
        (FieldType::Integer, Answer::Integer(number)) => Value::Integer(*number),
        (FieldType::Floating, Answer::Decimal(number)) => Value::Floating(number.parse().ok()?),
        (kind, Answer::Integer(number)) => fit::value_of_text(kind, &number.to_string()),
        (kind, Answer::Decimal(number)) => fit::value_of_text(kind, number),
        (_, Answer::Formatted { text, format }) => match before {
            // Text that never had a format keeps none.
            Some(Value::Text(known)) if known == text => Value::Text(text.clone()),
            _ => Value::Formatted {
                value: text.clone(),
                format: format.clone(),
            },
        },
        (_, Answer::List(_)) => return None,
        (_, Answer::Text(text)) if text.is_empty() => return None,
        (FieldType::Moment, Answer::Text(text)) => {
            let before = match before {
                Some(Value::Moment(before)) => Some(*before),
                _ => None,
            };
            Value::Moment(reading.zone.read(text, before)?)
        }
        (FieldType::Reference(kind), Answer::Text(text)) => Value::Reference {
            target: Uuid::parse_str(text).ok()?,
            kind: kind.clone(),
        },
        // What is no JSON is told when the value is checked; it is kept as the text that it is.
        (FieldType::Json, Answer::Text(text)) => match serde_json::from_str(text) {
            Ok(json) => Value::Json(json),
            Err(_) => Value::Text(text.clone()),
        },
        (FieldType::Other(_), Answer::Text(text)) => other(text).unwrap_or_else(|| Value::Text(text.clone())),
        (kind, Answer::Text(text)) => fit::value_of_text(kind, text),
    })
}

fn other(text: &str) -> Option<Value> {
    let mut members: Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    Some(Value::Other {
        kind: members.remove("kind")?.as_str()?.to_owned(),
        json: members.remove("json")?,
    })
}

/// Where in the form a problem of the item is told.
pub(super) fn place(
    problem: &FieldError,
    of: &ItemType,
    given: &dyn Fn(&str) -> Option<Vec<usize>>,
) -> String {
    let (name, rest) = problem
        .path
        .split_once('.')
        .unwrap_or((problem.path.as_str(), ""));
    let Some(field) = of.field(name) else {
        return match name {
            "log-message" => "log_message".to_owned(),
            "title" | "path" | "publish_on" | "unpublish_on" => name.to_owned(),
            _ => String::new(),
        };
    };
    let (index, within) = rest.split_once('.').unwrap_or((rest, ""));
    let Ok(index) = index.parse::<usize>() else {
        return name.to_owned();
    };
    if !widget::is_grouped(field) {
        return name.to_owned();
    }
    let row = |index: usize| {
        given(name)
            .and_then(|rows| rows.get(index).copied())
            .unwrap_or(index)
    };
    if field.field_type == FieldType::Blocks {
        return blocks::place(field, within, row);
    }
    let element = match (&field.field_type, within) {
        (FieldType::DateRange, "to") => TO,
        (FieldType::DateRange, _) => FROM,
        (FieldType::Image, "alt") => ALT,
        (FieldType::Image | FieldType::File, _) => UPLOAD,
        _ => VALUE,
    };
    format!("{name}.{}.{}", row(index), part(field, element))
}
