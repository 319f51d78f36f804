//! The items that a guest holds handles to while it runs.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use wasmtime::component::Resource;

use super::keyed::Keys;
use super::model::{Item, Value};
use crate::kernel::{Input, Tap};
use crate::subsystems::{Scope, Services};
use crate::wit::ItemHandle as Handle;

/// How many items a guest may hold at once.
const ITEMS: usize = 1000;
/// How many fields of one item a guest may set.
const FIELDS: usize = 1000;
/// How many bytes of memory a guest may set in the items that it holds.
const BYTES: usize = 16 << 20;

/// Items on loan. A handle is a number; numbers are never used twice in a store, so one that a guest has kept
/// from an earlier call leads nowhere.
#[derive(Debug, Default)]
pub struct Lent {
    /// The number of the tap's own item.
    first: u32,
    next: u32,
    /// By number, in order.
    slots: Vec<(u32, Slot)>,
    /// What was set in all slots, in bytes.
    bytes: usize,
    /// The names of fields that the guest has keys of.
    pub(super) keys: Keys,
}

#[derive(Debug)]
struct Slot {
    item: Box<Item>,
    undo: Undo,
    /// What was set in it, in bytes. Counted when it is set: replaced values may be kept for undoing.
    bytes: usize,
    /// While it is saved the guest can't get at it. What is here is a copy, in case the save is cut off.
    is_being_saved: bool,
}

/// What a guest's changes have replaced.
#[derive(Debug, Default)]
struct Undo {
    title: Option<String>,
    published: Option<bool>,
    fields: BTreeMap<String, Option<Vec<Value>>>,
}

impl Lent {
    /// Lends an item; none beyond the limit.
    pub(super) fn lend(&mut self, item: Box<Item>) -> Option<Resource<Handle>> {
        if self.slots.len() >= ITEMS {
            return None;
        }
        let number = self.next;
        self.next = number.checked_add(1)?;
        let slot = Slot {
            item,
            undo: Undo::default(),
            bytes: 0,
            is_being_saved: false,
        };
        self.slots.push((number, slot));
        Some(Resource::new_own(number))
    }

    fn place(&self, number: u32) -> Option<usize> {
        self.slots
            .binary_search_by_key(&number, |(number, _)| *number)
            .ok()
    }

    fn remove(&mut self, number: u32) -> Option<Slot> {
        let place = self.place(number)?;
        Some(self.slots.remove(place).1)
    }

    fn slot(&mut self, handle: &Resource<Handle>) -> wasmtime::Result<&mut Slot> {
        let place = self.place(handle.rep()).ok_or_else(stale)?;
        match self.slots.get_mut(place) {
            Some((_, slot)) if !slot.is_being_saved => Ok(slot),
            _ => Err(stale()),
        }
    }

    /// The slot, with so many bytes more in it.
    fn charge(&mut self, handle: &Resource<Handle>, bytes: usize) -> wasmtime::Result<&mut Slot> {
        let total = self.bytes.saturating_add(bytes);
        if total > BYTES {
            return Err(wasmtime::Error::msg(format!(
                "it set more than {} MiB in the items that it holds",
                BYTES >> 20
            )));
        }
        self.slot(handle)?.bytes += bytes;
        self.bytes = total;
        self.slot(handle)
    }

    /// The item behind a handle.
    pub(super) fn read(&self, handle: &Resource<Handle>) -> wasmtime::Result<&Item> {
        let place = self.place(handle.rep()).ok_or_else(stale)?;
        match self.slots.get(place) {
            Some((_, slot)) if !slot.is_being_saved => Ok(&slot.item),
            _ => Err(stale()),
        }
    }

    /// Takes an item out of the guest's reach; [`Lent::put_back`] returns it.
    pub(super) fn borrow(&mut self, handle: &Resource<Handle>) -> wasmtime::Result<Box<Item>> {
        let slot = self.slot(handle)?;
        slot.is_being_saved = true;
        Ok(slot.item.clone())
    }

    pub(super) fn put_back(&mut self, handle: &Resource<Handle>, item: Box<Item>) {
        if let Some(place) = self.place(handle.rep())
            && let Some((_, slot)) = self.slots.get_mut(place)
        {
            slot.item = item;
            slot.undo = Undo::default();
            slot.is_being_saved = false;
        }
    }

    pub(super) fn drop_handle(&mut self, handle: &Resource<Handle>) {
        // The item of the tap itself is taken back when the call ends.
        let of_the_tap = handle.rep() == self.first;
        if !of_the_tap && let Some(slot) = self.remove(handle.rep()) {
            self.bytes -= slot.bytes;
        }
    }

    pub(super) fn set_title(&mut self, handle: &Resource<Handle>, title: String) -> wasmtime::Result<()> {
        let slot = self.charge(handle, title.len())?;
        let before = std::mem::replace(&mut slot.item.title, title);
        slot.undo.title.get_or_insert(before);
        Ok(())
    }

    pub(super) fn set_published(
        &mut self,
        handle: &Resource<Handle>,
        published: bool,
    ) -> wasmtime::Result<()> {
        let slot = self.slot(handle)?;
        let before = std::mem::replace(&mut slot.item.published, published);
        slot.undo.published.get_or_insert(before);
        Ok(())
    }

    pub(super) fn set_field(
        &mut self,
        handle: &Resource<Handle>,
        field: String,
        values: Vec<Value>,
    ) -> wasmtime::Result<()> {
        let bytes = 2 * field.len() + values.iter().map(Value::bytes).sum::<usize>();
        let Slot { item, undo, .. } = self.charge(handle, bytes)?;
        if undo.fields.len() >= FIELDS && !undo.fields.contains_key(&field) {
            let problem = format!("it set more than {FIELDS} fields of an item");
            return Err(wasmtime::Error::msg(problem));
        }
        let before = if values.is_empty() {
            item.fields.remove(&field)
        } else {
            item.fields.insert(field.clone(), values)
        };
        if let Entry::Vacant(place) = undo.fields.entry(field) {
            place.insert(before);
        }
        Ok(())
    }

    /// The item of the tap, with or without what the guest did to it.
    fn take_first(&mut self, keep_changes: bool) -> Option<Box<Item>> {
        let Slot { item, undo, .. } = self.remove(self.first)?;
        Some(if keep_changes { item } else { undo.apply(item) })
    }

    /// Ends the loans of a call.
    pub(in crate::subsystems) fn settle(&mut self) {
        self.first = self.next;
        self.slots.clear();
        self.bytes = 0;
    }
}

impl Undo {
    fn apply(self, mut item: Box<Item>) -> Box<Item> {
        item.title = self.title.unwrap_or(item.title);
        item.published = self.published.unwrap_or(item.published);
        for (field, before) in self.fields {
            match before {
                Some(values) => drop(item.fields.insert(field, values)),
                None => drop(item.fields.remove(&field)),
            }
        }
        item
    }
}

impl Value {
    /// The memory that it takes, in bytes.
    fn bytes(&self) -> usize {
        let beyond = match self {
            Self::Decimal(text) | Self::Text(text) => text.len(),
            Self::Formatted { value, format } => value.len() + format.len(),
            Self::Reference { kind, .. } => kind.len(),
            Self::Json(json) => json_bytes(json),
            Self::Other { kind, json } => kind.len() + json_bytes(json),
            Self::Boolean(_) | Self::Integer(_) | Self::Floating(_) | Self::Moment(_) => 0,
        };
        size_of::<Self>() + beyond
    }
}

fn json_bytes(json: &serde_json::Value) -> usize {
    let beyond = match json {
        serde_json::Value::String(text) => text.len(),
        serde_json::Value::Array(values) => values.iter().map(json_bytes).sum(),
        serde_json::Value::Object(members) => members
            .iter()
            .map(|(name, value)| size_of::<String>() + name.len() + json_bytes(value))
            .sum(),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => 0,
    };
    size_of::<serde_json::Value>() + beyond
}

fn stale() -> wasmtime::Error {
    wasmtime::Error::msg("the item handle is no longer valid: its tap has returned, or it is being saved")
}

/// The arguments of a tap whose first one is an item.
pub struct WithItem<F> {
    item: Option<Box<Item>>,
    arguments: F,
}

impl<F> WithItem<F> {
    /// Lends `item`; `arguments` makes the tuple of arguments from its handle.
    pub fn new(item: Box<Item>, arguments: F) -> Self {
        Self {
            item: Some(item),
            arguments,
        }
    }

    /// The item with what the guests did to it. None only where it could not be lent.
    pub fn into_item(self) -> Option<Box<Item>> {
        self.item
    }
}

impl<T, F> Input<Services, T> for WithItem<F>
where
    T: Tap,
    F: FnMut(Resource<Handle>) -> T::Params + Send,
{
    fn enter(&mut self, scope: &mut Scope) -> T::Params {
        let handle = self.item.take().and_then(|item| scope.items.lend(item));
        (self.arguments)(handle.unwrap_or_else(|| Resource::new_own(u32::MAX)))
    }

    fn leave(&mut self, scope: &mut Scope, succeeded: bool) {
        self.item = scope.items.take_first(succeeded);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::time::Timestamp;

    fn item(title: &str) -> Box<Item> {
        Box::new(Item {
            id: Uuid::nil(),
            item_type: Arc::from("page"),
            title: title.to_owned(),
            author: Uuid::nil(),
            published: false,
            promoted: false,
            sticky: false,
            created: Timestamp::from_millis(0),
            changed: Timestamp::from_millis(0),
            revision: Uuid::nil(),
            publish_on: None,
            unpublish_on: None,
            kept: Default::default(),
            fields: BTreeMap::from([("body".to_owned(), vec![Value::from("as it was")])]),
            author_name: String::new(),
            alias: None,
        })
    }

    fn change(lent: &mut Lent, handle: &Resource<Handle>) {
        for nth in ["once", "twice"] {
            lent.set_title(handle, nth.to_owned()).unwrap();
            lent.set_published(handle, true).unwrap();
            lent.set_field(handle, "body".to_owned(), vec![nth.into()])
                .unwrap();
            lent.set_field(handle, "new".to_owned(), vec![nth.into()])
                .unwrap();
        }
    }

    #[test]
    fn changes_made_over_and_over_are_undone_to_the_start() {
        let mut lent = Lent::default();
        let handle = lent.lend(item("before")).unwrap();
        change(&mut lent, &handle);
        assert_eq!(lent.take_first(false), Some(item("before")));
    }

    #[test]
    fn an_item_whose_save_is_cut_off_comes_back_as_it_was() {
        let mut lent = Lent::default();
        let handle = lent.lend(item("before")).unwrap();
        change(&mut lent, &handle);
        assert_eq!(lent.borrow(&handle).unwrap().title, "twice");
        assert!(lent.read(&handle).is_err() && lent.borrow(&handle).is_err());
        assert_eq!(lent.take_first(false), Some(item("before")));
    }

    #[test]
    fn a_saved_item_is_within_reach_again() {
        let mut lent = Lent::default();
        let handle = lent.lend(item("before")).unwrap();
        lent.borrow(&handle).unwrap();
        lent.put_back(&handle, item("saved"));
        assert_eq!(lent.read(&handle).unwrap().title, "saved");
    }

    #[test]
    fn what_a_guest_sets_is_limited_until_it_drops_the_item() {
        let mut lent = Lent::default();
        let _of_the_tap = lent.lend(item("before")).unwrap();
        for _ in 0..3 {
            let handle = lent.lend(item("another")).unwrap();
            let set = |lent: &mut Lent| lent.set_title(&handle, "x".repeat(BYTES / 2));
            assert!(set(&mut lent).is_ok() && set(&mut lent).is_ok());
            let error = set(&mut lent).unwrap_err();
            assert_eq!(
                error.to_string(),
                "it set more than 16 MiB in the items that it holds"
            );
            lent.drop_handle(&handle);
        }
    }

    #[test]
    fn only_so_many_fields_can_be_set() {
        let mut lent = Lent::default();
        let handle = lent.lend(item("before")).unwrap();
        for nth in 0..FIELDS {
            lent.set_field(&handle, format!("f{nth}"), Vec::new()).unwrap();
        }
        lent.set_field(&handle, "f0".to_owned(), vec!["again".into()])
            .unwrap();
        assert!(lent.set_field(&handle, "more".to_owned(), Vec::new()).is_err());
    }

    #[test]
    fn only_items_that_are_held_count_and_numbers_are_never_reused() {
        let mut lent = Lent::default();
        let first = lent.lend(item("of the tap")).unwrap();
        let mut seen = vec![first.rep()];
        for _ in 0..2 * ITEMS {
            let handle = lent.lend(item("another")).unwrap();
            assert!(!seen.contains(&handle.rep()));
            seen.push(handle.rep());
            lent.drop_handle(&handle);
        }
        let held = std::iter::from_fn(|| lent.lend(item("held"))).count();
        assert_eq!(held, ITEMS - 1);
        lent.settle();
        assert!(lent.read(&first).is_err() && lent.lend(item("of the next")).is_some());
    }
}
