//! The values that plugins hand to templates (`field-value` in `wit/types.wit`).

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Serde;

use super::safe::SafeHtml;
use crate::subsystems::format::Formats;

/// Text that is shown through a text format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormattedText {
    /// The text as it was written.
    pub value: String,
    /// The machine name of the text format.
    pub format: String,
}

/// A value of a template's variable.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplateValue {
    /// No value.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// An exact decimal number in plain notation.
    Decimal(String),
    /// A floating-point number.
    Floating(f64),
    /// Plain text; escaped by the template.
    Text(String),
    /// Text with a text format; the template sees safe HTML.
    Formatted(FormattedText),
    /// A pointer to another record.
    Reference {
        /// The record pointed at.
        target: String,
        /// What kind of record it is.
        target_type: String,
    },
    /// A moment, in milliseconds since 1970-01-01T00:00:00Z.
    Moment(i64),
    /// JSON text (RFC 8259), also of values from field types that are not built in.
    Json(String),
}

/// A name with a value.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedValue {
    /// The name.
    pub name: String,
    /// The value.
    pub value: TemplateValue,
}

impl TemplateValue {
    /// The value as templates see it. JSON that can't be read is no value.
    #[must_use]
    pub fn to_template(&self, formats: &Formats) -> Value {
        match self {
            Self::Null => Value::from(()),
            Self::Boolean(value) => Value::from(*value),
            Self::Integer(value) | Self::Moment(value) => Value::from(*value),
            Self::Floating(value) => Value::from(*value),
            Self::Decimal(text) | Self::Text(text) => Value::from(text),
            Self::Formatted(text) => SafeHtml::from(formats.render(&text.format, &text.value)).to_value(),
            Self::Reference { target, target_type } => Value::from(Serde(BTreeMap::from([
                ("target", target),
                ("target_type", target_type),
            ]))),
            Self::Json(text) => serde_json::from_str::<serde_json::Value>(text)
                .map_or_else(|_| Value::from(()), |value| Value::from(Serde(value))),
        }
    }

    /// How many bytes of text it holds, for limits.
    pub(super) fn text_bytes(&self) -> usize {
        match self {
            Self::Decimal(text) | Self::Text(text) | Self::Json(text) => text.len(),
            Self::Formatted(text) => text.value.len(),
            Self::Reference { target, target_type } => target.len() + target_type.len(),
            Self::Null | Self::Boolean(_) | Self::Integer(_) | Self::Floating(_) | Self::Moment(_) => 0,
        }
    }
}
