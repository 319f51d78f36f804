//! Variables for templates: the answer of the `preprocess-item` and `preprocess-page` taps.

use crate::value::{FieldValue, NamedValue};

/// Variables in the making: `Variables::new().with("minutes", 3)`.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use = "variables do nothing until a tap returns them"]
pub struct Variables(Vec<NamedValue>);

impl Variables {
    /// No variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a variable. The names of the host's own are refused by the host.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<FieldValue>) -> Self {
        self.0.push(NamedValue {
            name: name.into(),
            value: value.into(),
        });
        self
    }
}

impl From<Variables> for Vec<NamedValue> {
    fn from(variables: Variables) -> Self {
        variables.0
    }
}
