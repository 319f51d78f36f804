//! What the values of a field have to keep to beyond its type, and how they are asked for.

use serde::{Deserialize, Serialize};

/// The settings of a field. What a type has no use for is left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The least number, the earliest day (`2024-01-31`), or the fewest characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// The greatest number, the latest day, or the most characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// A regular expression for the whole text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// What the pattern means, for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pattern_help: String,
    /// The values that are allowed; any where it is empty. Those of a choice only get their labels here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Allowed>,
    /// The content types, or vocabularies, whose records may be referred to; all where it is empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// The text formats that may be used; all that somebody may use where it is empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<String>,
    /// The media types of files, such as `image/*`; any where it is empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<String>,
    /// The bytes of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_bytes: Option<u64>,
    /// How a value is asked for; empty for what suits the type.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub widget: String,
}

/// A value that is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// The value in its text form.
    pub value: String,
    /// What people see.
    pub label: String,
}

impl Settings {
    /// What people see of a value.
    #[must_use]
    pub fn label_of<'a>(&'a self, value: &'a str) -> &'a str {
        let known = self.allowed.iter().find(|allowed| allowed.value == value);
        known.map_or(value, |allowed| allowed.label.as_str())
    }

    /// Whether the media type is one that may be used.
    #[must_use]
    pub fn takes(&self, media_type: &str) -> bool {
        let fits = |rule: &String| match rule.strip_suffix("/*") {
            Some(kind) => media_type.split('/').next() == Some(kind),
            None => rule.eq_ignore_ascii_case(media_type),
        };
        self.media.is_empty() || self.media.iter().any(fits)
    }
}
