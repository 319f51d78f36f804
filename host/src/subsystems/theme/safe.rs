//! The one type for HTML that may be shown as it is.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use serde::{Serialize, Serializer};

use crate::subsystems::format::Rendered;

/// HTML that is safe to show: made by a text format, a template or the render pipeline. Templates print it unescaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(Arc<str>);

impl SafeHtml {
    /// HTML that the caller made with a template or knows to be safe. Never for what people or plugins wrote.
    #[must_use]
    pub fn trusted(html: impl Into<Arc<str>>) -> Self {
        Self(html.into())
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The value that templates print as it is.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::from_safe_string(self.0.as_ref().to_owned())
    }
}

impl From<Rendered> for SafeHtml {
    fn from(rendered: Rendered) -> Self {
        Self(Arc::clone(&rendered))
    }
}

impl FromIterator<Self> for SafeHtml {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        Self(
            parts
                .into_iter()
                .map(|part| part.0)
                .collect::<Vec<_>>()
                .concat()
                .into(),
        )
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for SafeHtml {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The template engine knows its own values again, with their mark of being safe.
        self.to_value().serialize(serializer)
    }
}
