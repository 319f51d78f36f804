//! Items: made by tests, and as the site has stored them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{Site, Who};

/// A value of a field.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// An exact decimal number, such as `12.50`.
    Decimal(String),
    /// A floating-point number.
    Floating(f64),
    /// Plain text.
    Text(String),
    /// Text with a text format.
    Formatted {
        /// The text.
        value: String,
        /// The format, such as `markdown`.
        format: String,
    },
    /// A pointer to another record.
    Reference {
        /// Its identifier.
        target: String,
        /// Its kind: `item`, `user` or `file`.
        kind: String,
    },
    /// A moment: milliseconds since 1970-01-01T00:00:00Z.
    Moment(i64),
    /// JSON.
    Json(Json),
    /// A value of a field type that is not built in.
    Other {
        /// Its kind.
        kind: String,
        /// The value.
        json: Json,
    },
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl Value {
    /// Text in a text format, such as `markdown` or `filtered_html`.
    #[must_use]
    pub fn formatted(value: impl Into<String>, format: impl Into<String>) -> Self {
        Self::Formatted {
            value: value.into(),
            format: format.into(),
        }
    }

    /// A pointer to an item.
    #[must_use]
    pub fn item(item: &Item) -> Self {
        Self::Reference {
            target: item.id.clone(),
            kind: "item".to_owned(),
        }
    }

    /// The text of a text, formatted or not, or of a decimal.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Decimal(text) => Some(text),
            Self::Formatted { value, .. } => Some(value),
            _ => None,
        }
    }
}

/// An item as the site has stored it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Item {
    /// Its identifier.
    pub id: String,
    /// Its content type.
    #[serde(rename = "type")]
    pub item_type: String,
    /// Its title.
    pub title: String,
    /// Whether it is published.
    pub published: bool,
    /// The path of its page.
    pub path: String,
    /// Its values by field.
    pub fields: BTreeMap<String, Vec<Value>>,
}

impl Item {
    /// The first value of a field.
    #[must_use]
    pub fn first(&self, field: &str) -> Option<&Value> {
        self.fields.get(field)?.first()
    }
}

/// An item in the making.
#[must_use = "an item is not there until it is saved"]
pub struct Draft<'a> {
    site: &'a Site,
    id: Option<String>,
    item_type: String,
    title: String,
    published: bool,
    who: Who,
    fields: BTreeMap<String, Vec<Value>>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(site: &'a Site, item_type: &str, title: &str) -> Self {
        Self {
            site,
            id: None,
            item_type: item_type.to_owned(),
            title: title.to_owned(),
            published: true,
            who: Who::Anybody,
            fields: BTreeMap::new(),
        }
    }

    pub(crate) fn of(site: &'a Site, item: &Item) -> Self {
        Self {
            id: Some(item.id.clone()),
            published: item.published,
            ..Self::new(site, &item.item_type, &item.title)
        }
    }

    /// With another title.
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// With one value in a field, in the place of those that it has.
    pub fn with(self, field: &str, value: impl Into<Value>) -> Self {
        self.with_all(field, [value])
    }

    /// With several values in a field.
    pub fn with_all<V: Into<Value>>(mut self, field: &str, values: impl IntoIterator<Item = V>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.fields.insert(field.to_owned(), values);
        self
    }

    /// Not published.
    pub fn unpublished(mut self) -> Self {
        self.published = false;
        self
    }

    /// Saved by somebody instead of the site itself, which may do anything.
    pub fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    /// Saves it.
    ///
    /// # Panics
    /// Fails the test if it is refused.
    #[track_caller]
    pub fn save(self) -> Item {
        match self.try_save() {
            Ok(item) => item,
            Err(refusal) => crate::site::fail(&format!("the item is not saved: {refusal}")),
        }
    }

    /// Saves it, or says why the site or a plugin refuses it.
    ///
    /// # Errors
    /// What is refused, in words.
    #[track_caller]
    pub fn try_save(self) -> Result<Item, String> {
        let order = json!({
            "do": "save",
            "id": self.id,
            "type": self.item_type,
            "title": self.title,
            "published": self.published,
            "fields": self.fields,
            "as": self.who,
        });
        self.site.ask(&order).map(crate::site::read)
    }
}
