//! The values of fields, settings and template variables.

use crate::error::{Error, Result};
pub use crate::wit::types::{FieldValue, FormattedText, NamedValue, OtherValue, Reference};

/// The identifier of a record: a UUID in hyphenated lower-case form.
pub type Id = String;

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
pub type Timestamp = i64;

/// The nil UUID: the author that is nobody, and the visitor who has not signed in.
pub const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

impl FormattedText {
    /// Text in a text format, such as `markdown` or `filtered_html`.
    pub fn new(value: impl Into<String>, format: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            format: format.into(),
        }
    }
}

impl Reference {
    /// A pointer to an item.
    pub fn item(id: impl Into<Id>) -> Self {
        Self {
            target: id.into(),
            target_type: "item".into(),
        }
    }

    /// A pointer to a person.
    pub fn user(id: impl Into<Id>) -> Self {
        Self {
            target: id.into(),
            target_type: "user".into(),
        }
    }

    /// A pointer to a file.
    pub fn file(id: impl Into<Id>) -> Self {
        Self {
            target: id.into(),
            target_type: "file".into(),
        }
    }
}

impl FieldValue {
    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Decimal(_) => "decimal",
            Self::Floating(_) => "floating",
            Self::Text(_) => "text",
            Self::Formatted(_) => "formatted text",
            Self::Reference(_) => "reference",
            Self::Moment(_) => "moment",
            Self::Json(_) => "json",
            Self::Other(other) => &other.kind,
        }
    }

    /// The value in Rust, or an error that names both kinds.
    pub fn get<T: FromValue>(self) -> Result<T> {
        T::from_value(self)
    }
}

/// A Rust type that a [`FieldValue`] can be read as.
pub trait FromValue: Sized {
    /// Reads the value; an error names what was expected and what was found.
    fn from_value(value: FieldValue) -> Result<Self>;
}

fn unexpected(expected: &str, found: &FieldValue) -> Error {
    Error::other(format!(
        "expected a value of kind {expected}, found {}",
        found.kind()
    ))
}

macro_rules! values {
    ($($rust:ty, $kind:literal, $($case:ident)|+;)+) => {$(
        impl FromValue for $rust {
            fn from_value(value: FieldValue) -> Result<Self> {
                match value {
                    $(FieldValue::$case(value) => Ok(value.into()),)+
                    other => Err(unexpected($kind, &other)),
                }
            }
        }
    )+};
}

values! {
    bool, "boolean", Boolean;
    i64, "integer", Integer | Moment;
    f64, "floating", Floating;
    String, "text", Text | Formatted | Decimal | Json;
    FormattedText, "formatted text", Formatted;
    Reference, "reference", Reference;
}

impl From<FormattedText> for String {
    fn from(text: FormattedText) -> Self {
        text.value
    }
}

impl FromValue for u32 {
    fn from_value(value: FieldValue) -> Result<Self> {
        let number: i64 = value.get()?;
        number
            .try_into()
            .map_err(|_| Error::other(format!("{number} is no number from 0 to {}", u32::MAX)))
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: FieldValue) -> Result<Self> {
        match value {
            FieldValue::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

macro_rules! from {
    ($($rust:ty => $case:ident;)+) => {$(
        impl From<$rust> for FieldValue {
            fn from(value: $rust) -> Self {
                Self::$case(value.into())
            }
        }
    )+};
}

from! {
    bool => Boolean;
    i32 => Integer;
    i64 => Integer;
    u32 => Integer;
    f64 => Floating;
    &str => Text;
    String => Text;
    &String => Text;
    FormattedText => Formatted;
    Reference => Reference;
}

impl<T: Into<FieldValue>> From<Option<T>> for FieldValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_come_out_as_what_went_in() {
        assert_eq!(FieldValue::from(3).get::<i64>().unwrap(), 3);
        assert_eq!(FieldValue::from("a").get::<String>().unwrap(), "a");
        assert_eq!(
            FieldValue::from(None::<bool>).get::<Option<bool>>().unwrap(),
            None
        );
        assert_eq!(
            FieldValue::from(FormattedText::new("a", "markdown"))
                .get::<String>()
                .unwrap(),
            "a"
        );
    }

    #[test]
    fn a_value_of_another_kind_is_named() {
        let error = FieldValue::from("a").get::<i64>().unwrap_err();
        assert_eq!(error.to_string(), "expected a value of kind integer, found text");
        assert!(FieldValue::from(-1).get::<u32>().is_err());
    }
}
