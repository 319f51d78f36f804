//! What scripts answer, and what they are given.

use fred::types::Value;

/// What a script answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Nothing.
    Nil,
    /// A number.
    Integer(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Several answers.
    List(Vec<Reply>),
}

impl Reply {
    /// The number, if it is one.
    #[must_use]
    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Bytes(bytes) => std::str::from_utf8(bytes).ok()?.parse().ok(),
            _ => None,
        }
    }

    /// The bytes, if it is some.
    #[must_use]
    pub fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The bytes as text, if it is some and they are.
    #[must_use]
    pub fn text(self) -> Option<String> {
        String::from_utf8(self.bytes()?).ok()
    }

    /// The answers of a list; none of anything else.
    #[must_use]
    pub fn list(self) -> Vec<Reply> {
        match self {
            Self::List(list) => list,
            _ => Vec::new(),
        }
    }

    pub(super) fn of(value: Value) -> Self {
        match value {
            Value::Integer(number) => Self::Integer(number),
            Value::Boolean(truth) => Self::Integer(truth.into()),
            Value::Double(number) => Self::Bytes(number.to_string().into_bytes()),
            Value::String(text) => Self::Bytes(text.as_bytes().to_vec()),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
            Value::Array(values) => Self::List(values.into_iter().map(Self::of).collect()),
            _ => Self::Nil,
        }
    }
}

/// What a script is given besides its keys.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A number.
    Integer(i64),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Argument {
    pub(super) fn value(self) -> Value {
        match self {
            Self::Integer(number) => Value::Integer(number),
            Self::Bytes(bytes) => Value::Bytes(bytes.into()),
        }
    }
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Bytes(text.into_bytes())
    }
}

impl From<Vec<u8>> for Argument {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}
