//! Fields of items by numbers. Neither a handle nor a name crosses the boundary: borrowing the one and reading the other
//! is most of what a call costs.

use wasmtime::component::Resource;

use super::model::Value;
use super::{Item, Items, readers};
use crate::subsystems::View;
use crate::wit::{ItemHandle as Handle, item_fields};

/// How many keys a guest may have.
const KEYS: usize = 1000;
/// How long the name of a field may be, in bytes.
const NAME: usize = 128;

/// The names that a guest has keys of. They live as long as its memory, where it keeps the keys.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<String>);

impl Keys {
    /// The key of a name; from 1, so that what a guest has not set yet is none.
    fn of(&mut self, name: String) -> wasmtime::Result<u32> {
        let place = match self.0.iter().position(|known| *known == name) {
            Some(place) => place,
            None if name.len() > NAME => return Err(refused(format!("a name of {} bytes", name.len()))),
            None if self.0.len() >= KEYS => return Err(refused(format!("more than {KEYS} keys"))),
            None => {
                self.0.push(name);
                self.0.len() - 1
            }
        };
        Ok(u32::try_from(place)? + 1)
    }

    fn name(&self, key: u32) -> wasmtime::Result<&str> {
        let place = key.checked_sub(1).and_then(|place| usize::try_from(place).ok());
        match place.and_then(|place| self.0.get(place)) {
            Some(name) => Ok(name),
            None => Err(unknown(key)),
        }
    }
}

#[cold]
fn refused(what: String) -> wasmtime::Error {
    wasmtime::Error::msg(format!(
        "it asked for {what} of fields; a name has at most {NAME} bytes, and a plugin at most {KEYS} of them"
    ))
}

#[cold]
fn unknown(key: u32) -> wasmtime::Error {
    wasmtime::Error::msg(format!(
        "{key} is the key of no field: it was not given by `item-fields.key`"
    ))
}

impl View<'_, Items> {
    fn field(&self, item: u32, key: u32) -> wasmtime::Result<Option<&Value>> {
        let lent = &self.call.scope.items;
        let name = lent.keys.name(key)?;
        let item: &Item = lent.read(&Resource::<Handle>::new_borrow(item))?;
        Ok(item.first(name))
    }

    fn set_field(&mut self, item: u32, key: u32, value: Value) -> wasmtime::Result<()> {
        let lent = &mut self.call.scope.items;
        let name = lent.keys.name(key)?.to_owned();
        lent.set_field(&Resource::new_borrow(item), name, vec![value])
    }
}

impl item_fields::Host for View<'_, Items> {
    fn key(&mut self, name: String) -> wasmtime::Result<u32> {
        self.call.scope.items.keys.of(name)
    }

    fn text(&mut self, item: u32, key: u32) -> wasmtime::Result<Option<String>> {
        Ok(self.field(item, key)?.and_then(readers::text))
    }

    fn integer(&mut self, item: u32, key: u32, otherwise: i64) -> wasmtime::Result<i64> {
        let found = self.field(item, key)?.and_then(readers::integer);
        Ok(found.unwrap_or(otherwise))
    }

    fn boolean(&mut self, item: u32, key: u32, otherwise: bool) -> wasmtime::Result<bool> {
        let found = self.field(item, key)?.and_then(readers::boolean);
        Ok(found.unwrap_or(otherwise))
    }

    fn set_text(&mut self, item: u32, key: u32, value: String) -> wasmtime::Result<()> {
        self.set_field(item, key, Value::Text(value))
    }

    fn set_integer(&mut self, item: u32, key: u32, value: i64) -> wasmtime::Result<()> {
        self.set_field(item, key, Value::Integer(value))
    }
}
