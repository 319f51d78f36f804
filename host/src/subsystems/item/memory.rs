//! What was found for a request: what a listing has loaded need not be loaded again to be shown.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::model::Item;

/// Items that are remembered; what is found beyond is loaded again.
const MOST: usize = 200;

/// Items that whoever asks may see and that were not yet looked at, until anything is saved.
#[derive(Default)]
pub struct Memory(Mutex<HashMap<Uuid, Item>>);

impl Memory {
    fn items(&self) -> MutexGuard<'_, HashMap<Uuid, Item>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers items.
    pub(super) fn put(&self, found: Vec<Item>) {
        let mut items = self.items();
        let room = MOST.saturating_sub(items.len());
        items.extend(found.into_iter().take(room).map(|item| (item.id, item)));
    }

    /// Hands out an item, once: whoever gets it may change it.
    pub(super) fn take(&self, id: Uuid) -> Option<Item> {
        self.items().remove(&id)
    }

    /// Forgets all items.
    pub(super) fn clear(&self) {
        self.items().clear();
    }
}
