//! The items that a guest holds handles to while it runs.

use wasmtime::component::Resource;

use super::model::{Item, Value};
use crate::kernel::{Input, Tap};
use crate::subsystems::{Scope, Services};
use crate::wit::ItemHandle as Handle;

/// How many items a guest may hold at once.
const LIMIT: usize = 1000;

/// Items on loan. A handle is a number; numbers are never used twice in a store, so one that a guest has kept
/// from an earlier call leads nowhere.
#[derive(Debug, Default)]
pub struct Lent {
    base: u32,
    slots: Vec<Option<Slot>>,
}

#[derive(Debug)]
struct Slot {
    item: Box<Item>,
    undo: Vec<Undo>,
}

/// What a change replaced.
#[derive(Debug)]
enum Undo {
    Title(String),
    Published(bool),
    Field(String, Option<Vec<Value>>),
}

impl Lent {
    /// Lends an item; none beyond the limit.
    pub(super) fn lend(&mut self, item: Box<Item>) -> Option<Resource<Handle>> {
        if self.slots.len() >= LIMIT {
            return None;
        }
        let number = self.base.checked_add(u32::try_from(self.slots.len()).ok()?)?;
        self.slots.push(Some(Slot {
            item,
            undo: Vec::new(),
        }));
        Some(Resource::new_own(number))
    }

    fn slot(&mut self, handle: &Resource<Handle>) -> Option<&mut Option<Slot>> {
        self.slots.get_mut(handle.rep().checked_sub(self.base)? as usize)
    }

    pub(super) fn get(&mut self, handle: &Resource<Handle>) -> wasmtime::Result<&mut Item> {
        match self.slot(handle) {
            Some(Some(slot)) => Ok(&mut slot.item),
            _ => Err(stale()),
        }
    }

    /// Takes an item out of the guest's reach; [`Lent::put_back`] returns it.
    pub(super) fn borrow(&mut self, handle: &Resource<Handle>) -> wasmtime::Result<Box<Item>> {
        match self.slot(handle).and_then(Option::take) {
            Some(slot) => Ok(slot.item),
            None => Err(stale()),
        }
    }

    pub(super) fn put_back(&mut self, handle: &Resource<Handle>, item: Box<Item>) {
        if let Some(place) = self.slot(handle) {
            *place = Some(Slot {
                item,
                undo: Vec::new(),
            });
        }
    }

    pub(super) fn drop_handle(&mut self, handle: &Resource<Handle>) {
        // The item of the tap itself is taken back when the call ends.
        let of_the_tap = handle.rep() == self.base;
        if let Some(place) = self.slot(handle).filter(|_| !of_the_tap) {
            *place = None;
        }
    }

    pub(super) fn set_title(&mut self, handle: &Resource<Handle>, title: String) -> wasmtime::Result<()> {
        let slot = self.slot(handle).and_then(Option::as_mut).ok_or_else(stale)?;
        slot.undo
            .push(Undo::Title(std::mem::replace(&mut slot.item.title, title)));
        Ok(())
    }

    pub(super) fn set_published(
        &mut self,
        handle: &Resource<Handle>,
        published: bool,
    ) -> wasmtime::Result<()> {
        let slot = self.slot(handle).and_then(Option::as_mut).ok_or_else(stale)?;
        slot.undo.push(Undo::Published(std::mem::replace(
            &mut slot.item.published,
            published,
        )));
        Ok(())
    }

    pub(super) fn set_field(
        &mut self,
        handle: &Resource<Handle>,
        field: String,
        values: Vec<Value>,
    ) -> wasmtime::Result<()> {
        let slot = self.slot(handle).and_then(Option::as_mut).ok_or_else(stale)?;
        let before = if values.is_empty() {
            slot.item.fields.remove(&field)
        } else {
            slot.item.fields.insert(field.clone(), values)
        };
        slot.undo.push(Undo::Field(field, before));
        Ok(())
    }

    /// The item of the tap, with or without what the guest did to it.
    fn take_first(&mut self, keep_changes: bool) -> Option<Box<Item>> {
        let mut slot = self.slots.first_mut()?.take()?;
        if !keep_changes {
            for undo in slot.undo.into_iter().rev() {
                match undo {
                    Undo::Title(title) => slot.item.title = title,
                    Undo::Published(published) => slot.item.published = published,
                    Undo::Field(field, Some(values)) => drop(slot.item.fields.insert(field, values)),
                    Undo::Field(field, None) => drop(slot.item.fields.remove(&field)),
                }
            }
        }
        Some(slot.item)
    }

    /// Ends the loans of a call.
    pub(in crate::subsystems) fn settle(&mut self) {
        self.base = self
            .base
            .saturating_add(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.slots.clear();
    }
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

    /// The item with what the guests did to it. None only if a guest's call was cut off.
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
