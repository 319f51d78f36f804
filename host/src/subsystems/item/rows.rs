//! An item as the database answers it. Author and path come along: a listing needs them for every item.

use std::sync::Arc;

use uuid::Uuid;

use super::model::Item;
use super::stored;
use crate::db::{FromRow, Json};
use crate::subsystems::item_type::ItemTypes;
use crate::time::Timestamp;

/// A static statement that selects rows.
macro_rules! select_item {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.current_revision_id, i.type AS item_type, i.title, i.author_id, i.published, i.promoted, ",
            "i.sticky, i.created, i.changed, i.publish_on, i.unpublish_on, i.fields, u.name AS author_name, a.path AS alias ",
            "FROM item i LEFT JOIN users u ON u.id = i.author_id ",
            "LEFT JOIN alias a ON a.item_id = i.id AND a.canonical ",
            $rest
        )
    };
}

pub(super) use select_item;

/// A row.
#[derive(FromRow)]
pub(super) struct Row {
    pub id: Uuid,
    pub current_revision_id: Uuid,
    pub item_type: String,
    pub title: String,
    pub author_id: Uuid,
    pub published: bool,
    pub promoted: bool,
    pub sticky: bool,
    pub created: Timestamp,
    pub changed: Timestamp,
    pub publish_on: Option<Timestamp>,
    pub unpublish_on: Option<Timestamp>,
    pub fields: Json<serde_json::Value>,
    pub author_name: Option<String>,
    pub alias: Option<String>,
}

impl Row {
    /// The item, if there is its content type.
    pub fn into_item(self, types: &ItemTypes) -> Option<Item> {
        let of = types.get(&self.item_type)?;
        let (fields, kept) = stored::decode(self.fields.0, &of);
        Some(Item {
            id: self.id,
            item_type: Arc::from(self.item_type),
            title: self.title,
            author: self.author_id,
            published: self.published,
            promoted: self.promoted,
            sticky: self.sticky,
            created: self.created,
            changed: self.changed,
            revision: self.current_revision_id,
            publish_on: self.publish_on,
            unpublish_on: self.unpublish_on,
            fields,
            kept,
            // Nobody is named where nobody is known.
            author_name: self
                .author_name
                .filter(|_| !self.author_id.is_nil())
                .unwrap_or_default(),
            alias: self.alias,
        })
    }
}
