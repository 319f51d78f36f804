//! What was answered, in Rust's types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Upload;

/// The answer to one element.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// None.
    #[default]
    Empty,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// An exact decimal number in plain notation.
    Decimal(String),
    /// Text; also the one choice, the day (`2024-01-31`), the day with a time (`2024-01-31T12:30`), and the
    /// identifier of a record.
    Text(String),
    /// Text in a text format.
    Formatted {
        /// The text.
        text: String,
        /// The machine name of the format.
        format: String,
    },
    /// Several choices.
    List(Vec<String>),
    /// Rows of a group.
    Rows(Vec<Values>),
    /// Uploaded files; they don't outlast the request.
    #[serde(skip)]
    Files(Vec<Upload>),
}

macro_rules! value_from {
    ($($type:ty, $value:ident => $make:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $make
            }
        })*
    };
}

value_from! {
    &str, value => Self::Text(value.to_owned());
    String, value => Self::Text(value);
    bool, value => Self::Flag(value);
    i64, value => Self::Integer(value);
    f64, value => Self::Decimal(value.to_string());
    Vec<String>, value => Self::List(value);
    Vec<Values>, value => Self::Rows(value);
}

/// The answers by the names of their elements. Nothing is in it but what the form asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Values {
    answers: BTreeMap<String, Value>,
    /// The name of the button that was pressed.
    #[serde(default)]
    pub button: String,
}

impl Values {
    /// The answer to an element; none where the form has no such element.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.answers.get(name)
    }

    /// The answer to an element, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.answers.get_mut(name)
    }

    /// Puts an answer there.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.answers.insert(name.into(), value.into());
    }

    /// Takes an answer away.
    pub fn take(&mut self, name: &str) -> Value {
        self.answers.remove(name).unwrap_or_default()
    }

    /// The names and answers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.answers.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Keeps those answers whose names `keep` likes.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.answers.retain(|name, _| keep(name));
    }

    /// Changes every row of every group, those of groups in groups as well.
    pub fn each_row(&mut self, mut change: impl FnMut(&mut Self)) {
        fn go(values: &mut Values, change: &mut dyn FnMut(&mut Values)) {
            for value in values.answers.values_mut() {
                if let Value::Rows(rows) = value {
                    for row in rows {
                        change(row);
                        go(row, change);
                    }
                }
            }
        }
        go(self, &mut change);
    }

    /// Adds the answers of another, which win.
    pub fn extend(&mut self, other: Self) {
        self.answers.extend(other.answers);
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// A text, a choice, a day or an identifier; empty where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Value::Text(text) | Value::Decimal(text) | Value::Formatted { text, .. }) => text,
            _ => "",
        }
    }

    /// A text that is not empty.
    #[must_use]
    pub fn some_text(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Flag(true)))
    }

    /// A whole number.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// A number, as near as a double comes to it.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Some(Value::Integer(number)) => Some(*number as f64),
            Some(Value::Decimal(number)) => number.parse().ok(),
            _ => None,
        }
    }

    /// Several choices.
    #[must_use]
    pub fn list(&self, name: &str) -> &[String] {
        match self.get(name) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }

    /// The rows of a group.
    #[must_use]
    pub fn rows(&self, name: &str) -> &[Self] {
        match self.get(name) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }

    /// A text and its text format.
    #[must_use]
    pub fn formatted(&self, name: &str) -> Option<(&str, &str)> {
        match self.get(name) {
            Some(Value::Formatted { text, format }) => Some((text, format)),
            _ => None,
        }
    }

    /// Uploaded files.
    #[must_use]
    pub fn files(&self, name: &str) -> &[Upload] {
        match self.get(name) {
            Some(Value::Files(files)) => files,
            _ => &[],
        }
    }
}
