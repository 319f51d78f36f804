//! Values and answers where a plugin says which element asks: whatever that is, its answer is read as a value of the kind
//! that the field's type is based on.

use super::answer::{Reading, given};
use super::widget::{self, Context, VALUE, part};
use crate::subsystems::form::{Choice, Element, Kind, Value as Answer, Values};
use crate::subsystems::item::Value;
use crate::subsystems::item_type::{Field, FieldType};

/// An answer as an element of a kind gives it.
pub(super) fn answer_for(kind: &Kind, answer: Answer) -> Answer {
    match (kind, answer) {
        (Kind::Checkbox, answer) => answer,
        (Kind::Number { decimals: false }, Answer::Text(text) | Answer::Decimal(text)) => {
            text.parse().map_or(Answer::Empty, Answer::Integer)
        }
        (Kind::Number { decimals: true }, Answer::Integer(number)) => Answer::Decimal(number.to_string()),
        (Kind::Number { decimals: true }, Answer::Text(text)) => Answer::Decimal(text),
        (Kind::Number { .. }, answer) => answer,
        (_, Answer::Integer(number)) => Answer::Text(number.to_string()),
        (_, Answer::Decimal(number)) => Answer::Text(number),
        (_, Answer::Flag(flag)) => Answer::Text(flag.to_string()),
        (_, answer) => answer,
    }
}

/// A text as a value of a type. One that is none stays a text, and is told when the value is checked.
pub(super) fn value_of_text(kind: &FieldType, text: &str) -> Value {
    let read = match kind {
        FieldType::Integer => text.parse().ok().map(Value::Integer),
        FieldType::Decimal => Some(Value::Decimal(text.to_owned())),
        FieldType::Floating => text.parse().ok().map(Value::Floating),
        FieldType::Boolean => text.parse().ok().map(Value::Boolean),
        _ => None,
    };
    read.unwrap_or_else(|| Value::Text(text.to_owned()))
}

/// Whether the elements of a context show every value of a field so that it comes back as it is. One that does not would
/// lose it when the form is sent.
pub(super) fn keeps(field: &Field, values: &[Value], context: &Context) -> bool {
    let Some(element) = context.widgets.get(&field.name) else {
        return true;
    };
    let reading = Reading {
        zone: &context.zone,
        stored: &|_| None,
    };
    values.iter().all(|value| {
        let answer = widget::answer(value, field, context);
        if !offers(element, &answer) {
            return false;
        }
        let mut answers = Values::default();
        if widget::is_grouped(field) {
            let mut row = Values::default();
            row.set(part(field, VALUE), answer);
            answers.set(field.name.as_str(), vec![row]);
        } else {
            answers.set(field.name.as_str(), answer);
        }
        let back = given(field, &answers, std::slice::from_ref(value), &reading);
        back.values == [value.clone()]
    })
}

fn offers(element: &Element, answer: &Answer) -> bool {
    let is_choice = matches!(element.kind, Kind::Select { .. } | Kind::Radios);
    let is_it = |choice: &Choice| matches!(answer, Answer::Text(text) if *text == choice.value);
    !is_choice || element.choices.iter().any(is_it)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::super::moment::Zone;
    use super::*;
    use crate::request::{Account, Request};
    use crate::subsystems::item_type::DeclaredType;

    fn context(element: Option<Element>) -> Context {
        let request = Request::new(uuid::Uuid::nil(), "", Account::system());
        let named = element.map(|element| ("field_a".to_owned(), element));
        Context {
            formats: Vec::new(),
            files: BTreeMap::new(),
            widgets: named.into_iter().collect(),
            zone: Zone::of(&request),
        }
    }

    fn field(base: FieldType, cardinality: u32) -> Field {
        let name = "rating.stars".to_owned();
        let kind = FieldType::Declared(Box::new(DeclaredType { name, base }));
        Field::new("field_a", kind).with_cardinality(cardinality)
    }

    fn kept(base: FieldType, element: Element, value: &Value) -> bool {
        [0, 1].iter().all(|cardinality| {
            let field = field(base.clone(), *cardinality);
            let context = context(Some(element.clone()));
            keeps(&field, std::slice::from_ref(value), &context)
        })
    }

    #[test]
    fn what_is_asked_for_by_another_element_comes_back_as_it_was() {
        let choices = |choices: &[&'static str]| {
            Element::radios("field_a", "A").choices(choices.iter().map(|value| (*value, *value)))
        };
        let text = || Element::text("field_a", "A");
        let cases = [
            (FieldType::Integer, choices(&["1", "5"]), Value::Integer(5)),
            (FieldType::Integer, text(), Value::Integer(-7)),
            (
                FieldType::Integer,
                Element::decimal("field_a", "A"),
                Value::Integer(3),
            ),
            (
                FieldType::Decimal,
                choices(&["1.50"]),
                Value::Decimal("1.50".to_owned()),
            ),
            (
                FieldType::Decimal,
                Element::number("field_a", "A"),
                Value::Decimal("2".to_owned()),
            ),
            (FieldType::Floating, text(), Value::Floating(0.25)),
            (
                FieldType::Boolean,
                choices(&["true", "false"]),
                Value::Boolean(false),
            ),
            (
                FieldType::Boolean,
                Element::checkbox("field_a", "A"),
                Value::Boolean(true),
            ),
            (
                FieldType::Text(9),
                Element::number("field_a", "A"),
                Value::from("12"),
            ),
            (
                FieldType::Date,
                Element::date("field_a", "A"),
                Value::from("2024-01-31"),
            ),
            (
                FieldType::Json,
                Element::textarea("field_a", "A"),
                Value::Json(json!({ "a": [1] })),
            ),
        ];
        for (base, element, value) in cases {
            assert!(kept(base.clone(), element, &value), "{base:?} {value:?}");
        }
    }

    #[test]
    fn an_element_that_would_lose_a_value_is_found_out() {
        let offered = Element::select("field_a", "A").choices([("1", "One")]);
        assert!(!kept(FieldType::Integer, offered, &Value::Integer(2)));
        let number = Element::number("field_a", "A");
        assert!(!kept(FieldType::Text(9), number.clone(), &Value::from("red")));
        assert!(!kept(
            FieldType::Decimal,
            number,
            &Value::Decimal("1.5".to_owned())
        ));
    }

    #[test]
    fn what_is_no_value_stays_what_was_typed() {
        assert_eq!(value_of_text(&FieldType::Integer, "many"), Value::from("many"));
        assert_eq!(value_of_text(&FieldType::Boolean, "true"), Value::Boolean(true));
    }
}
