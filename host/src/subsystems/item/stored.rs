//! How the values of fields are stored: JSON, one property for each field.
//!
//! A field of one value is that value, a field of several is an array. Formatted text is
//! `{"value", "format"}`, a reference `{"target_id", "target_type"}`; what JSON can't tell apart (a moment from a
//! number, a decimal from a text) is told apart by the field's type.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::model::Value;
use crate::subsystems::item_type::{FieldType, ItemType};
use crate::time::Timestamp;

/// The stored form of the values.
#[must_use]
pub fn encode(fields: &BTreeMap<String, Vec<Value>>, of: &ItemType) -> Json {
    let encoded = fields
        .iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| {
            let single = of.field(name).is_some_and(|field| field.cardinality == 1);
            let json = match values.as_slice() {
                [value] if single => encode_value(value),
                values => Json::Array(values.iter().map(encode_value).collect()),
            };
            (name.clone(), json)
        });
    Json::Object(encoded.collect())
}

/// The values in a stored form. Fields that the content type does not have are left where they are: their data is
/// kept, and comes back with the field.
#[must_use]
pub fn decode(stored: Json, of: &ItemType) -> BTreeMap<String, Vec<Value>> {
    let Json::Object(stored) = stored else {
        return BTreeMap::new();
    };
    stored
        .into_iter()
        .map(|(name, json)| decode_field(name, json, of))
        .collect()
}

fn decode_field(name: String, json: Json, of: &ItemType) -> (String, Vec<Value>) {
    let kind = of.field(&name).map(|field| &field.field_type);
    let values = match json {
        Json::Array(values) => values,
        Json::Null => Vec::new(),
        single => vec![single],
    };
    (
        name,
        values
            .into_iter()
            .filter_map(|value| decode_value(value, kind))
            .collect(),
    )
}

fn encode_value(value: &Value) -> Json {
    match value {
        Value::Boolean(value) => json!(value),
        Value::Integer(value) => json!(value),
        Value::Floating(value) => json!(value),
        Value::Decimal(value) | Value::Text(value) => json!(value),
        Value::Formatted { value, format } => json!({ "value": value, "format": format }),
        Value::Reference { target, kind } => json!({ "target_id": target, "target_type": kind }),
        Value::Moment(moment) => json!(moment.as_millis()),
        Value::Json(value) => json!({ "json": value }),
        Value::Other { kind, json } => json!({ "kind": kind, "json": json }),
    }
}

fn decode_value(json: Json, kind: Option<&FieldType>) -> Option<Value> {
    Some(match (json, kind) {
        (Json::Null, _) => return None,
        (Json::Bool(value), _) => Value::Boolean(value),
        (Json::Number(number), Some(FieldType::Moment)) => Value::Moment(Timestamp(number.as_i64()?)),
        (Json::Number(number), Some(FieldType::Floating)) => Value::Floating(number.as_f64()?),
        (Json::Number(number), _) => match number.as_i64() {
            Some(integer) => Value::Integer(integer),
            None => Value::Floating(number.as_f64()?),
        },
        (Json::String(text), Some(FieldType::Decimal)) => Value::Decimal(text),
        (Json::String(text), _) => Value::Text(text),
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
    use crate::subsystems::item_type::Field;

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
                assert_eq!(decode(encode(&fields, &of), &of), fields, "{kind:?}");
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
        assert_eq!(encode(&fields, &of), expected);
    }

    #[test]
    fn data_of_a_field_that_the_type_has_lost_is_kept() {
        let of = item_type(&[]);
        let stored = json!({ "field_old": ["kept"] });
        assert_eq!(encode(&decode(stored.clone(), &of), &of), stored);
    }
}
