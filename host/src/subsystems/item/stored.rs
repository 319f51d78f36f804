//! How the values of fields are stored: JSON, one property for each field.
//!
//! A field of one value is that value, a field of several is an array. Formatted text is
//! `{"value", "format"}`, a reference `{"target_id", "target_type"}`; what JSON can't tell apart (a moment from a
//! number, a decimal from a text) is told apart by the field's type.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::model::{Kept, Value};
use crate::subsystems::item_type::{Field, FieldType, ItemType};
use crate::time::Timestamp;

/// The stored form of the values, with what is kept of fields that the content type does not have.
#[must_use]
pub fn encode(fields: &BTreeMap<String, Vec<Value>>, kept: &Kept, of: &ItemType) -> Json {
    let mut encoded: Map<String, Json> = kept.0.as_ref().clone();
    for (name, values) in fields.iter().filter(|(_, values)| !values.is_empty()) {
        if let Some(field) = of.field(name) {
            encoded.insert(name.clone(), encode_field(values, field));
        }
    }
    Json::Object(encoded)
}

/// The stored form of the values of one field.
#[must_use]
pub fn encode_field(values: &[Value], field: &Field) -> Json {
    let composite = field.field_type.is_composite();
    match values {
        [value] if field.cardinality == 1 => encode_value(value, composite),
        values => Json::Array(
            values
                .iter()
                .map(|value| encode_value(value, composite))
                .collect(),
        ),
    }
}

/// The values in a stored form. Those of fields that the content type does not have are kept as they are, and come
/// back with the field.
#[must_use]
pub fn decode(stored: Json, of: &ItemType) -> (BTreeMap<String, Vec<Value>>, Kept) {
    let Json::Object(stored) = stored else {
        return Default::default();
    };
    let (mut fields, mut kept) = (BTreeMap::new(), Map::new());
    for (name, json) in stored {
        match of.field(&name) {
            Some(field) => drop(fields.insert(name, decode_field(json, &field.field_type))),
            None => drop(kept.insert(name, json)),
        }
    }
    (fields, Kept(Arc::new(kept)))
}

/// The values of one field in their stored form.
#[must_use]
pub fn decode_field(json: Json, kind: &FieldType) -> Vec<Value> {
    let kind = kind.base();
    let values = match json {
        Json::Array(values) => values,
        Json::Null => Vec::new(),
        single => vec![single],
    };
    values
        .into_iter()
        .filter_map(|value| decode_value(value, kind))
        .collect()
}

fn encode_value(value: &Value, composite: bool) -> Json {
    match value {
        Value::Boolean(value) => json!(value),
        Value::Integer(value) => json!(value),
        Value::Floating(value) => json!(value),
        Value::Decimal(value) | Value::Text(value) => json!(value),
        Value::Formatted { value, format } => json!({ "value": value, "format": format }),
        Value::Reference { target, kind } => json!({ "target_id": target, "target_type": kind }),
        Value::Moment(moment) => json!(moment.as_millis()),
        Value::Json(value) => json!({ "json": value }),
        Value::Other {
            json: Json::Object(members),
            ..
        } if composite => {
            let mut members = members.clone();
            if members.contains_key("target_id") {
                members.insert("target_type".to_owned(), json!("file"));
            }
            Json::Object(members)
        }
        Value::Other { kind, json } => json!({ "kind": kind, "json": json }),
    }
}

fn decode_value(json: Json, kind: &FieldType) -> Option<Value> {
    Some(match (json, kind) {
        (Json::Null, _) => return None,
        (Json::Bool(value), _) => Value::Boolean(value),
        (Json::Number(number), FieldType::Moment) => Value::Moment(Timestamp(number.as_i64()?)),
        (Json::Number(number), FieldType::Floating) => Value::Floating(number.as_f64()?),
        (Json::Number(number), _) => match number.as_i64() {
            Some(integer) => Value::Integer(integer),
            None => Value::Floating(number.as_f64()?),
        },
        (Json::String(text), FieldType::Decimal) => Value::Decimal(text),
        (Json::String(text), _) => Value::Text(text),
        (Json::Object(mut members), kind) if kind.is_composite() => {
            members.remove("target_type");
            Value::Other {
                kind: kind.name().to_owned(),
                json: Json::Object(members),
            }
        }
        (Json::Object(object), _) => decode_object(object)?,
        (array @ Json::Array(_), _) => Value::Json(array),
    })
}

fn decode_object(mut object: Map<String, Json>) -> Option<Value> {
    match (object.remove("value"), object.remove("format")) {
        (Some(Json::String(value)), Some(Json::String(format))) => {
            return Some(Value::Formatted { value, format });
        }
        (None, None) => {}
        _ => return None,
    }
    if let (Some(Json::String(target)), Some(Json::String(kind))) =
        (object.remove("target_id"), object.remove("target_type"))
    {
        return Some(Value::Reference {
            target: Uuid::parse_str(&target).ok()?,
            kind,
        });
    }
    match (object.remove("kind"), object.remove("json")) {
        (Some(Json::String(kind)), Some(json)) => Some(Value::Other { kind, json }),
        (None, Some(json)) => Some(Value::Json(json)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item_type(kinds: &[(&str, FieldType, u32)]) -> ItemType {
        let field = |(name, kind, cardinality): &(&str, FieldType, u32)| {
            Field::new(*name, kind.clone()).with_cardinality(*cardinality)
        };
        ItemType::new("test", "Test", kinds.iter().map(field).collect())
    }

    #[test]
    fn every_kind_of_value_survives_its_stored_form() {
        let values = [
            (FieldType::Boolean, Value::Boolean(true)),
            (FieldType::Integer, Value::Integer(-7)),
            (FieldType::Decimal, Value::Decimal("12.50".to_owned())),
            (FieldType::Floating, Value::Floating(2.0)),
            (FieldType::Text(10), Value::Text("ten".to_owned())),
            (
                FieldType::LongText,
                Value::Formatted {
                    value: "*a*".to_owned(),
                    format: "markdown".to_owned(),
                },
            ),
            (
                FieldType::Reference("item".to_owned()),
                Value::Reference {
                    target: Uuid::from_u128(9),
                    kind: "item".to_owned(),
                },
            ),
            (FieldType::Moment, Value::Moment(Timestamp(1_700_000_000_000))),
            (FieldType::Json, Value::Json(json!([1, { "value": 2 }]))),
            (FieldType::Date, Value::from("2024-01-31")),
            (
                FieldType::DateRange,
                Value::Other {
                    kind: "date_range".to_owned(),
                    json: json!({"from": "2024-01-01", "to": "2024-01-31"}),
                },
            ),
            (
                FieldType::Image,
                Value::Other {
                    kind: "image".to_owned(),
                    json: json!({"target_id": Uuid::from_u128(3), "alt": "A ship"}),
                },
            ),
            (
                FieldType::Blocks,
                Value::Other {
                    kind: "blocks".to_owned(),
                    json: json!({"blocks": [{"type": "divider"}]}),
                },
            ),
            (
                FieldType::Other("geo".to_owned()),
                Value::Other {
                    kind: "geo".to_owned(),
                    json: json!({"x": 1}),
                },
            ),
        ];
        for (kind, value) in values {
            for cardinality in [0, 1] {
                let of = item_type(&[("field_a", kind.clone(), cardinality)]);
                let fields = BTreeMap::from([("field_a".to_owned(), vec![value.clone()])]);
                assert_eq!(
                    decode(encode(&fields, &Kept::default(), &of), &of).0,
                    fields,
                    "{kind:?}"
                );
            }
        }
    }

    #[test]
    fn formatted_text_and_references_are_stored_as_the_contract_says() {
        let of = item_type(&[
            ("field_body", FieldType::LongText, 1),
            ("field_tags", FieldType::Text(64), 0),
        ]);
        let fields = BTreeMap::from([
            (
                "field_body".to_owned(),
                vec![Value::Formatted {
                    value: "x".to_owned(),
                    format: "filtered_html".to_owned(),
                }],
            ),
            ("field_tags".to_owned(), vec![Value::from("a")]),
        ]);
        let expected =
            json!({ "field_body": { "value": "x", "format": "filtered_html" }, "field_tags": ["a"] });
        assert_eq!(encode(&fields, &Kept::default(), &of), expected);
    }

    #[test]
    fn data_of_a_field_that_the_type_has_lost_is_kept() {
        let of = item_type(&[]);
        let stored = json!({ "field_old": [{ "any": "shape" }] });
        let (fields, kept) = decode(stored.clone(), &of);
        assert!(fields.is_empty());
        assert_eq!(encode(&fields, &kept, &of), stored);
    }
}
