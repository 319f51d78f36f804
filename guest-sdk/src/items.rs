//! Content: load, list, create, save and delete.
//!
//! Everything goes the way of a person's own edits: the same validation, access and taps. Changing items needs
//! their content type in the manifest's `[grants] write`.
//!
//! ```no_run
//! use trovato_sdk::prelude::*;
//!
//! fn newest_titles() -> Result<Vec<String>> {
//!     let newest = items::query().of_type("blog").published().limit(5).fetch()?;
//!     newest.items.iter().map(|id| Ok(items::load(id)?.title())).collect()
//! }
//!
//! fn announce(title: &str) -> Result<Id> {
//!     let post = items::create("blog", title)?;
//!     post.set("field_tags", "announcements");
//!     post.save("Announced by the newsletter")
//! }
//! ```

use crate::error::Result;
use crate::item::Item;
use crate::value::Id;
use crate::wit::items::{self, ItemQuery};
pub use crate::wit::items::{ItemList, ItemOrder, Revision};

/// Loads an item that whoever asks may see.
pub fn load(id: &str) -> Result<Item> {
    Ok(items::load(id)?)
}

/// Starts a new item; nothing is stored before [`Item::save`].
pub fn create(item_type: &str, title: &str) -> Result<Item> {
    Ok(items::create(item_type, title)?)
}

/// Deletes an item with all its revisions.
pub fn delete(id: &str) -> Result<()> {
    Ok(items::delete(id)?)
}

/// The revisions of an item, newest first: at most `limit` (100) from `offset`.
pub fn revisions(id: &str, offset: u32, limit: u32) -> Result<Vec<Revision>> {
    Ok(items::revisions(id, offset, limit)?)
}

/// Starts a listing: newest first, the first 10, published or not.
pub fn query() -> Query {
    Query(ItemQuery {
        item_type: None,
        author: None,
        published: None,
        field: None,
        order: ItemOrder::Newest,
        limit: 10,
        offset: 0,
    })
}

/// A listing in the making; see [`query`].
#[derive(Debug, Clone)]
#[must_use = "a query does nothing before `fetch`"]
pub struct Query(ItemQuery);

impl Query {
    /// Only of this content type.
    pub fn of_type(mut self, item_type: impl Into<String>) -> Self {
        self.0.item_type = Some(item_type.into());
        self
    }

    /// Only by this author.
    pub fn by(mut self, author: impl Into<Id>) -> Self {
        self.0.author = Some(author.into());
        self
    }

    /// Only published items.
    pub fn published(mut self) -> Self {
        self.0.published = Some(true);
        self
    }

    /// Only unpublished items; they come only to those who may see them.
    pub fn unpublished(mut self) -> Self {
        self.0.published = Some(false);
        self
    }

    /// Only with this text among the values of the field.
    pub fn with_text(mut self, field: impl Into<String>, text: impl Into<String>) -> Self {
        self.0.field = Some((field.into(), text.into()));
        self
    }

    /// In this order.
    pub fn order(mut self, order: ItemOrder) -> Self {
        self.0.order = order;
        self
    }

    /// At most so many; the host allows 100.
    pub fn limit(mut self, limit: u32) -> Self {
        self.0.limit = limit;
        self
    }

    /// Leaves so many out at the start.
    pub fn offset(mut self, offset: u32) -> Self {
        self.0.offset = offset;
        self
    }

    /// The page of a paged list, counted from 0, with so many items on each.
    pub fn page(self, page: u32, per_page: u32) -> Self {
        self.limit(per_page).offset(page.saturating_mul(per_page))
    }

    /// Asks the host.
    pub fn fetch(self) -> Result<ItemList> {
        Ok(items::query(&self.0)?)
    }
}
