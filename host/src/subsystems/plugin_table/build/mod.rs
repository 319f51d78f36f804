//! From a plugin's statement to one for the database. Nothing here runs anything: what comes out is right by the
//! plugin's schema, and what is wrong is said in full, with its place in the statement.

mod filter;
pub mod path;
mod scope;
mod select;
pub mod value;
mod write;

use super::schema::Schema;
use crate::db::{self, ColumnKind};
use crate::wit::{db as wit, types};
use path::At;

pub use select::select;

/// The most rows of a result, and of an insert.
pub const MOST_ROWS: usize = 1_000;
/// The most statements of a run.
pub const MOST_STATEMENTS: usize = 100;
/// The most values of a statement: SQLite binds 32,766 (<https://www.sqlite.org/limits.html>).
const MOST_VALUES: usize = 30_000;
/// The most comparisons of a statement: SQLite refuses expressions that are deeper than 1,000.
const MOST_COMPARISONS: usize = 500;
/// The most columns that a statement selects, orders or groups by, or sets.
const MOST_COLUMNS: usize = 100;
/// The most tables that a query joins.
const MOST_JOINS: usize = 16;

/// A statement that can run.
pub enum Plan {
    /// A query.
    Read(Read),
    /// One that writes.
    Write(db::Statement),
    /// An insert of no rows.
    Nothing,
}

/// A query that can run, and what its columns hold.
pub struct Read {
    pub statement: db::Statement,
    pub kinds: Vec<ColumnKind>,
}

/// Builds any statement.
pub fn statement(schema: &Schema, at: At<'_>, statement: wit::Statement) -> Result<Plan, types::Error> {
    match statement {
        wit::Statement::Select(query) => select(schema, at.field("select"), query).map(Plan::Read),
        wit::Statement::Insert(insert) => write::insert(schema, at.field("insert"), insert),
        wit::Statement::Update(update) => write::update(schema, at.field("update"), update),
        wit::Statement::Delete(delete) => write::delete(schema, at.field("delete"), delete),
    }
}

/// Refuses what is more than it may be.
fn at_most(most: usize, count: usize, what: &str) -> Result<(), types::Error> {
    if count <= most {
        return Ok(());
    }
    Err(types::Error::Limit(format!(
        "{count} {what}; a statement has at most {most}"
    )))
}
