//! What a Trovato plugin written in Rust imports.
//!
//! # A plugin in a minute
//!
//! A plugin is a library crate that answers *taps*: places where the site asks its plugins. Write one function for
//! each tap that interests you, put [`#[tap]`](macro@tap) before it, and name it like the tap:
//!
//! ```
//! use trovato_sdk::prelude::*;
//!
//! #[tap]
//! fn item_info() -> ItemType {
//!     ItemType::new("recipe", "Recipe")
//!         .field(Field::long_text("field_body", "Preparation").required().shown_in(Shown::full()))
//!         .field(Field::integer("field_minutes", "Minutes"))
//! }
//!
//! #[tap]
//! fn item_view(item: Item, mode: ViewMode) -> Option<Tree> {
//!     if item.item_type() != "recipe" || mode != ViewMode::Full {
//!         return None;
//!     }
//!     let minutes = item.integer("field_minutes")?;
//!     Some(tree().child(paragraph().class("recipe__time").text(format!("Takes {minutes} minutes"))))
//! }
//! ```
//!
//! The crate's `Cargo.toml` makes it a `cdylib` (for the site) and an `rlib` (for its tests):
//!
//! ```toml
//! [lib]
//! crate-type = ["cdylib", "rlib"]
//!
//! [dependencies]
//! trovato-sdk = "0.1"
//! ```
//!
//! Built for `wasm32-unknown-unknown` with the linker `wasm-component-ld`, the result is a finished component. It
//! exports the taps that it answers and imports what it uses, and the site asks its administrator for no more than
//! that. A `plugin.toml` beside it names the plugin, its settings, its tables and its grants.
//!
//! # What to read next
//!
//! - [`taps`]: every tap, what it hands over and what may be answered.
//! - [`item`]: reading and changing the item that a tap was handed; [`items`] for all others; [`fields`] for what is
//!   read over and over.
//! - [`tree`]: what plugins show instead of HTML.
//! - [`declare`]: content types, fields, routes and permissions; [`page`] for answering routes, [`api`] for programs.
//! - [`field_type`]: types of fields of the plugin's own: what they take, how they are asked for and shown.
//! - [`form`]: the plugin's own forms, and changes to those of others; [`messages`] for what comes of them.
//! - [`head`]: what search engines and those who share a page are told.
//! - [`db`]: the plugin's own tables; [`cache`], [`variables`], [`request`]: what else there is to remember things.
//! - [`users`], [`mail`], [`counters`], [`plugins`], [`log`], [`clock`], [`random`], [`crypto`]: the rest of the world.
//!
//! # When things go wrong
//!
//! Calls of the host answer [`Result`], so `?` goes a long way; where a tap has no error of its own, a `Result`
//! may be returned all the same, and an error is logged. A panic is logged with its place, costs the plugin its part
//! of this one answer, and nobody else anything.
//!
//! # Tests
//!
//! Everything here compiles natively too, so that functions run in plain `#[test]`s: trees, declarations and queries can
//! be compared with `==`, and [`mock::Kernel`] answers those that call the host. `trovato-sdk-test` runs the finished
//! component on a site.

// The expansions of `#[tap]` and of the bindings name the crate from outside, also in its own tests.
extern crate self as trovato_sdk;

pub mod api;
pub mod cache;
pub mod clock;
pub mod counters;
pub mod crypto;
pub mod db;
pub mod declare;
pub mod error;
pub mod field_type;
pub mod fields;
pub mod form;
pub mod head;
pub mod item;
pub mod items;
pub mod log;
pub mod mail;
#[cfg(all(target_arch = "wasm32", feature = "allocator"))]
mod memory;
pub mod messages;
#[cfg(not(target_arch = "wasm32"))]
pub mod mock;
pub mod page;
mod panics;
mod path;
pub mod plugins;
pub mod prelude;
mod preprocess;
pub mod random;
pub mod request;
pub mod saving;
pub mod taps;
pub mod tree;
pub mod users;
pub mod value;
pub mod variables;
#[doc(hidden)]
pub mod wit;

pub use error::{Error, Refusal, Result};
pub use item::Item;
pub use path::path;
pub use preprocess::Variables;
pub use tree::{Changes, Element, Node, Template, Tree, View};
pub use trovato_sdk_macros::tap;
#[doc(hidden)]
pub use wit_bindgen::rt as wit_bindgen_rt;
