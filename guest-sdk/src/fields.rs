//! Fields that are read over and over: by a [`Key`] instead of a name.
//!
//! ```
//! use trovato_sdk::prelude::*;
//!
//! static RATING: Key = Key::of("field_rating");
//!
//! fn is_good(item: &Item) -> bool {
//!     item.fields().integer_or(&RATING, 0) >= 4
//! }
//! # let kernel = trovato_sdk::mock::Kernel::start();
//! # let item = kernel.item("review", "A film");
//! # item.set("field_rating", 5);
//! # assert!(is_good(&item));
//! ```
//!
//! A name crosses to the host with every call that has one, a key only once. It pays from the second field on that a
//! call reads, and for taps that run many times in a request.

use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering};

use crate::item::Item;
use crate::wit::item_fields as fields;

/// The name of a field, which the host is told once. Put it into a `static`.
#[derive(Debug)]
pub struct Key {
    name: &'static str,
    /// What the host calls it; 0 before it was asked.
    number: AtomicU32,
}

impl Key {
    /// The key of a field's name. The host is asked when it is used first.
    pub const fn of(name: &'static str) -> Self {
        Self {
            name,
            number: AtomicU32::new(0),
        }
    }

    /// The name of the field.
    pub fn name(&self) -> &'static str {
        self.name
    }

    #[cfg(target_arch = "wasm32")]
    fn number(&self) -> u32 {
        match self.number.load(Ordering::Relaxed) {
            0 => self.ask(),
            number => number,
        }
    }

    /// Each test has a host of its own, which knows nothing of what another one has said.
    #[cfg(not(target_arch = "wasm32"))]
    fn number(&self) -> u32 {
        self.ask()
    }

    #[cold]
    fn ask(&self) -> u32 {
        let number = fields::key(self.name);
        self.number.store(number, Ordering::Relaxed);
        number
    }
}

/// The fields of an item by their keys.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    item: u32,
    /// The host knows the number only as long as the handle is there.
    handle: PhantomData<&'a Item>,
}

impl Item {
    /// Its fields by their keys: cheaper than by their names from the second one on.
    pub fn fields(&self) -> Fields<'_> {
        Fields {
            item: self.number(),
            handle: PhantomData,
        }
    }
}

impl Fields<'_> {
    /// The first value of a field as text, as [`Item::text`] gives it.
    pub fn text(self, field: &Key) -> Option<String> {
        fields::text(self.item, field.number())
    }

    /// The first value of a field that is a whole number, or another number where it has none.
    pub fn integer_or(self, field: &Key, otherwise: i64) -> i64 {
        fields::integer(self.item, field.number(), otherwise)
    }

    /// The first value of a field that is yes or no, or the other one where it has none.
    pub fn boolean_or(self, field: &Key, otherwise: bool) -> bool {
        fields::boolean(self.item, field.number(), otherwise)
    }

    /// Replaces all values of a field by one text.
    pub fn set_text(self, field: &Key, value: &str) {
        fields::set_text(self.item, field.number(), value);
    }

    /// Replaces all values of a field by one whole number.
    pub fn set_integer(self, field: &Key, value: i64) {
        fields::set_integer(self.item, field.number(), value);
    }
}
