//! Items: what a tap is handed.
//!
//! An [`Item`] is a handle on an item that the host keeps. Reading a field fetches that field and no more, so read
//! what you need; [`Item::snapshot`] fetches everything.

use crate::error::Result;
use crate::value::{FieldValue, FromValue, Id, Reference};
pub use crate::wit::item::{Field as FieldContent, Item, ItemRecord};
pub use crate::wit::types::ViewMode;

/// What [`Item`] adds to the functions of the handle itself.
impl Item {
    /// The values of a field that can be read as `T`, in order.
    pub fn all<T: FromValue>(&self, field: &str) -> Vec<T> {
        self.values(field)
            .into_iter()
            .filter_map(|value| value.get().ok())
            .collect()
    }

    /// All values of a field as text; those of other kinds are left out.
    pub fn texts(&self, field: &str) -> Vec<String> {
        self.all(field)
    }

    /// The first value of a field that is a reference.
    pub fn reference(&self, field: &str) -> Option<Reference> {
        self.all(field).into_iter().next()
    }

    /// Replaces all values of a field by one.
    pub fn set(&self, field: &str, value: impl Into<FieldValue>) {
        self.set_values(field, &[value.into()]);
    }

    /// Replaces all values of a field.
    pub fn set_all<V: Into<FieldValue>>(&self, field: &str, values: impl IntoIterator<Item = V>) {
        let values: Vec<_> = values.into_iter().map(Into::into).collect();
        self.set_values(field, &values);
    }

    /// Empties a field.
    pub fn clear(&self, field: &str) {
        self.set_values(field, &[]);
    }

    /// The path of the item's page; the host shows its alias instead where it has one.
    pub fn path(&self) -> String {
        path_of(&self.id())
    }

    /// Stores the item as a new revision, with a line about why; gives the revision's identifier.
    pub fn save(&self, log_message: &str) -> Result<Id> {
        Ok(crate::wit::items::save(self, log_message)?)
    }
}

/// The path of an item's page.
pub fn path_of(item: &str) -> String {
    crate::path(["item", item])
}

impl ViewMode {
    /// Its name in declarations: `full`, `teaser`, `search_result` or the site's.
    pub fn name(&self) -> &str {
        match self {
            Self::Full => "full",
            Self::Teaser => "teaser",
            Self::SearchResult => "search_result",
            Self::Other(name) => name,
        }
    }
}
