//! The plugin's own tables, as its manifest declares them, and the views that it was granted.
//!
//! Statements are built, never written as SQL; values are bound by the host.
//!
//! ```no_run
//! use trovato_sdk::prelude::*;
//!
//! /// The most frequent words of an item, at most ten.
//! fn frequent_words(item: &Item) -> Result<Vec<String>> {
//!     select("words_count")
//!         .columns(["word"])
//!         .filter("item", Operator::Eq, db::id(item.id()))
//!         .filter("count", Operator::Gt, 1)
//!         .order_by("count", Direction::Descending)
//!         .limit(10)
//!         .fetch()?
//!         .iter()
//!         .map(|row| row.get("word"))
//!         .collect()
//! }
//!
//! /// Replaces what is known of an item, all or nothing.
//! fn store(item: &Item, words: &[(String, i64)]) -> Result<()> {
//!     db::transaction(|statements| {
//!         statements.add(delete("words_count").filter("item", Operator::Eq, db::id(item.id())));
//!         for (word, count) in words {
//!             let row = insert("words_count")
//!                 .set("item", db::id(item.id()))
//!                 .set("word", word)
//!                 .set("count", *count);
//!             statements.add(row);
//!         }
//!     })?;
//!     Ok(())
//! }
//! ```

mod condition;
mod raw;
mod row;
mod select;
mod transaction;
mod value;
mod write;

pub use condition::{Condition, Where};
pub use raw::{execute_sql, query_sql};
pub use row::{FromColumn, Row};
pub use select::{Direction, Select, select};
pub use transaction::{Transaction, transaction};
pub use value::{id, json, moment};
pub use write::{Delete, Insert, Update, delete, insert, update};

pub use crate::wit::db::{Operator, Outcome, Value};
