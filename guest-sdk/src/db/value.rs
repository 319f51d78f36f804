//! Values in columns.

use super::Value;
use crate::value::{Id, Timestamp};

/// An identifier, for a column of type `id`.
pub fn id(id: impl Into<Id>) -> Value {
    Value::Id(id.into())
}

/// A moment, for a column of type `moment`.
pub fn moment(moment: Timestamp) -> Value {
    Value::Moment(moment)
}

/// JSON text, for a column of type `json`.
pub fn json(json: impl Into<String>) -> Value {
    Value::Json(json.into())
}

macro_rules! from {
    ($($rust:ty => $case:ident;)+) => {$(
        impl From<$rust> for Value {
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
    &String => Text;
    String => Text;
    Vec<u8> => Bytes;
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Value {
    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Floating(_) => "floating",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Id(_) => "id",
            Self::Moment(_) => "moment",
            Self::Json(_) => "json",
        }
    }
}
