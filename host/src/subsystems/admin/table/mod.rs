//! Tables of the administration: columns that sort by links, filters as a form of the address, rows that can be
//! selected, a pager, and a word for when there is nothing.
//!
//! A handler describes the table, reads from it what is [`Asked`], fetches those rows and shows them:
//!
//! ```ignore
//! let table = Table::new("/admin/people", "Accounts")
//!     .column(Column::new("name", "Name").sortable())
//!     .filter(Filter::text("q", "Search"))
//!     .bulk("block", "Block")
//!     .posts(&session, "people")?;
//! let asked = table.asked(session.request())?;
//! let found = users.list(&asked)?;
//! Page::admin("People", table.show(&site, &asked, rows, found.total).to_string())
//! ```

mod asked;
mod parts;
mod show;

pub use asked::Asked;
pub use parts::{Cell, Column, Empty, Filter, Row, RowAction};

use parts::Bulk;

use crate::subsystems::{Session, form};
use crate::web::Error;

/// Rows of a page.
const PAGE_SIZE: u32 = 50;

/// What a table is made of, without its rows.
#[derive(Clone, Debug)]
pub struct Table {
    path: String,
    caption: String,
    columns: Vec<Column>,
    filters: Vec<Filter>,
    bulk: Vec<Bulk>,
    hidden: Vec<(&'static str, String)>,
    empty: Empty,
    page_size: u32,
    /// The column that is sorted by where nobody asks for another, and whether from its end.
    sort: Option<(&'static str, bool)>,
}

impl Table {
    /// A table at a path. The caption says what the rows are, in the plural: `Accounts`.
    #[must_use]
    pub fn new(path: impl Into<String>, caption: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            caption: caption.into(),
            columns: Vec::new(),
            filters: Vec::new(),
            bulk: Vec::new(),
            hidden: Vec::new(),
            empty: Empty::new("There is nothing here yet"),
            page_size: PAGE_SIZE,
            sort: None,
        }
    }

    /// Adds a column. The first is the one that names the row.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Adds a filter.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Adds something that can be done with the selected rows. They are posted to the table's path as `row`, once for
    /// each, with the name as `action`.
    #[must_use]
    pub fn bulk(mut self, name: impl Into<String>, title: impl Into<String>) -> Self {
        self.bulk.push(Bulk::new(name, title, false));
        self
    }

    /// As [`Table::bulk`], for what can't be undone.
    #[must_use]
    pub fn dangerous_bulk(mut self, name: impl Into<String>, title: impl Into<String>) -> Self {
        self.bulk.push(Bulk::new(name, title, true));
        self
    }

    /// Lets rows be acted on: what is posted carries the token of a form of this name, by which
    /// [`form::take`](crate::subsystems::form::take) takes it.
    ///
    /// # Errors
    /// There is no randomness.
    pub fn posts(mut self, cx: &Session, form: &str) -> Result<Self, Error> {
        self.hidden = form::fields(cx, form)?;
        Ok(self)
    }

    /// What stands there when there are no rows at all.
    #[must_use]
    pub fn empty(mut self, empty: Empty) -> Self {
        self.empty = empty;
        self
    }

    /// How many rows a page has.
    #[must_use]
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_size = rows.max(1);
        self
    }

    /// The column that is sorted by where nobody asks for another.
    #[must_use]
    pub fn sorted_by(mut self, column: &'static str) -> Self {
        self.sort = Some((column, false));
        self
    }

    /// As [`Table::sorted_by`], from the end.
    #[must_use]
    pub fn sorted_down_by(mut self, column: &'static str) -> Self {
        self.sort = Some((column, true));
        self
    }
}
