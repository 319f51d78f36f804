//! What was answered.

use super::{FormRequest, Submission};
use crate::value::FieldValue;
use crate::wit::forms::Answer;

macro_rules! answers {
    ($($type:ty),*) => {$(
        impl $type {
            /// The first value at a path: the element's name, or in a group `phones.0.number`.
            pub fn value(&self, path: &str) -> Option<&FieldValue> {
                values(&self.answers, path).first()
            }

            /// A text; empty where there is none.
            pub fn text(&self, path: &str) -> &str {
                match self.value(path) {
                    Some(FieldValue::Text(text) | FieldValue::Decimal(text)) => text,
                    Some(FieldValue::Formatted(text)) => &text.value,
                    _ => "",
                }
            }

            /// Whether a box is ticked.
            pub fn flag(&self, path: &str) -> bool {
                matches!(self.value(path), Some(FieldValue::Boolean(true)))
            }

            /// A whole number.
            pub fn integer(&self, path: &str) -> Option<i64> {
                match self.value(path) {
                    Some(FieldValue::Integer(number)) => Some(*number),
                    _ => None,
                }
            }

            /// Several choices.
            pub fn list(&self, path: &str) -> Vec<&str> {
                let text = |value| match value {
                    &FieldValue::Text(ref text) => Some(text.as_str()),
                    _ => None,
                };
                values(&self.answers, path).iter().filter_map(text).collect()
            }
        }
    )*};
}

answers!(Submission, FormRequest);

fn values<'a>(answers: &'a [Answer], path: &str) -> &'a [FieldValue] {
    let found = answers.iter().find(|answer| answer.path == path);
    found.map_or(&[], |answer| answer.values.as_slice())
}
