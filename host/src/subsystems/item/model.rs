//! An item and the values of its fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

pub use crate::subsystems::theme::ViewMode;
use crate::time::Timestamp;

/// A piece of content.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The identifier.
    pub id: Uuid,
    /// The content type's machine name.
    pub item_type: Arc<str>,
    /// The title.
    pub title: String,
    /// Who wrote it; nil when nobody is known.
    pub author: Uuid,
    /// Whether it is published.
    pub published: bool,
    /// Whether it appears on the home page.
    pub promoted: bool,
    /// Whether it stays at the top of lists.
    pub sticky: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last saved.
    pub changed: Timestamp,
    /// The revision; nil for an item that was never saved.
    pub revision: Uuid,
    /// When it is to be published; none for not by itself.
    pub publish_on: Option<Timestamp>,
    /// When it is to be unpublished.
    pub unpublish_on: Option<Timestamp>,
    /// The values by field.
    pub fields: BTreeMap<String, Vec<Value>>,
    /// What is stored of fields that the content type does not have.
    pub kept: Kept,
    /// The author's name, as it was when the item was loaded.
    pub author_name: String,
    /// The path that people know it by, without the leading slash, if it has one.
    pub alias: Option<String>,
}

impl Item {
    /// The path of its page.
    #[must_use]
    pub fn path(&self) -> String {
        match &self.alias {
            Some(alias) => format!("/{alias}"),
            None => format!("/item/{}", self.id),
        }
    }

    /// The values of a field.
    #[must_use]
    pub fn values(&self, field: &str) -> &[Value] {
        self.fields.get(field).map_or(&[], Vec::as_slice)
    }

    /// The first value of a field.
    #[must_use]
    pub fn first(&self, field: &str) -> Option<&Value> {
        self.values(field).first()
    }

    /// The cache tags of whatever shows the item.
    #[must_use]
    pub fn cache_tags(&self) -> [String; 3] {
        cache_tags(self.id, &self.item_type)
    }
}

/// The cache tag of whatever depends on which items there are.
pub const ANY_ITEM: &str = "items";

/// What is invalid when an item changes.
pub(super) fn cache_tags(id: Uuid, item_type: &str) -> [String; 3] {
    [
        format!("item:{id}"),
        format!("item-type:{item_type}"),
        ANY_ITEM.to_owned(),
    ]
}

/// What is stored of fields that the content type does not have, until it is purged. Nobody looks at it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept(pub(super) Arc<serde_json::Map<String, serde_json::Value>>);

/// One value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// An exact decimal number in plain notation.
    Decimal(String),
    /// An IEEE 754 double; finite.
    Floating(f64),
    /// Plain text.
    Text(String),
    /// Text with a text format.
    Formatted {
        /// The text as it was written.
        value: String,
        /// The machine name of the format.
        format: String,
    },
    /// A pointer to another record.
    Reference {
        /// The record.
        target: Uuid,
        /// Its kind.
        kind: String,
    },
    /// A moment.
    Moment(Timestamp),
    /// JSON.
    Json(serde_json::Value),
    /// A value of a field type that is not built in.
    Other {
        /// The kind of value.
        kind: String,
        /// The value.
        json: serde_json::Value,
    },
}

impl Value {
    /// The value as text, where it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Decimal(text) => Some(text),
            Self::Formatted { value, .. } => Some(value),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A stored version of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The revision's identifier.
    pub id: Uuid,
    /// The title that it has.
    pub title: String,
    /// Who saved it.
    pub author: Uuid,
    /// When.
    pub created: Timestamp,
    /// What the person wrote about it.
    pub log_message: String,
}

/// In which order a listing comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Newest first, by creation; ties by identifier.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Last changed first.
    Changed,
    /// Last changed last.
    Unchanged,
    /// By title.
    Title,
    /// By title, from the end.
    TitleDown,
    /// Sticky ones first, then newest.
    Front,
}

/// Which items; every condition that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Of this content type.
    pub item_type: Option<String>,
    /// By this author.
    pub author: Option<Uuid>,
    /// With this text in its title, whatever its case.
    pub title: Option<String>,
    /// Published or not.
    pub published: Option<bool>,
    /// On the home page or not.
    pub promoted: Option<bool>,
    /// With this text among the values of this field.
    pub field: Option<(String, String)>,
    /// In this order.
    pub order: Order,
    /// At most so many.
    pub limit: u32,
    /// Left out at the start.
    pub offset: u32,
}

/// A part of a listing.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The items.
    pub items: Vec<Uuid>,
    /// How many there are in all.
    pub total: u64,
}
