//! Imports: content from elsewhere, brought in through the doors that everyone uses.
//!
//! An import remembers what became of each thing it has brought in, so that a second run changes nothing. It must
//! not know the tables of the services that it fills.

mod error;
mod fields;
mod files;
mod kept;
pub mod markdown;
mod replace;
mod store;
pub mod wxr;

use uuid::Uuid;

use crate::db::{self, Db};
use crate::time::{Clock, Ids};

pub use error::Error;
pub use kept::{Kept, Kind};

/// What an import has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Items that are new.
    pub created: usize,
    /// Items that got a new revision.
    pub updated: usize,
    /// Items that were as they should be.
    pub unchanged: usize,
    /// Files that were stored.
    pub files: usize,
    /// Older paths that now lead to their items.
    pub redirects: usize,
    /// Menus that are new or other than before.
    pub menus: usize,
    /// Comments that are kept for later, new or other than before.
    pub comments: usize,
    /// Everything that was left out.
    pub skipped: Vec<Skipped>,
    /// What could not be taken over of things that were imported, such as an image that is missing.
    pub notes: Vec<Skipped>,
}

impl Report {
    /// Whether anything is other than before.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.created + self.updated + self.files + self.redirects + self.menus + self.comments > 0
    }
}

/// Something that an import left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Which file, seen from the imported folder.
    pub path: String,
    /// The line in it, from 1, where one is to blame.
    pub line: Option<usize>,
    /// Why.
    pub reason: String,
}

impl Skipped {
    fn new(path: impl Into<String>, line: impl Into<Option<usize>>, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: line.into(),
            reason: reason.into(),
        }
    }
}

impl std::fmt::Display for Skipped {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(out, "{}:{line}: {}", self.path, self.reason),
            None => write!(out, "{}: {}", self.path, self.reason),
        }
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Things that are done with.
    pub done: usize,
    /// Things in all.
    pub total: usize,
    /// The last of them.
    pub path: &'a str,
}

/// What became of what was imported: by source and key the record that it is now, and what it was made of.
#[derive(Clone)]
pub struct Records {
    db: Db,
    clock: Clock,
    ids: Ids,
}

/// What became of one imported thing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Record {
    /// The record that it is, or will be where it is only claimed.
    target: Uuid,
    /// The digest of what it was made of; empty until it is there.
    digest: String,
}

impl Records {
    /// The records in a database.
    #[must_use]
    pub fn new(db: Db, clock: Clock, ids: Ids) -> Self {
        Self { db, clock, ids }
    }

    /// Sets identifiers aside for keys that have none yet: an import that is cut off between storing a thing and
    /// noting that it did finds the thing again.
    async fn claim(&self, source: &str, keys: impl Iterator<Item = &str> + Send) -> db::Result<()> {
        store::claim(&self.db, source, keys, || self.ids.next(), self.clock.now()).await
    }

    async fn find(&self, source: &str, key: &str) -> db::Result<Option<Record>> {
        store::find(&self.db, source, key).await
    }

    /// Notes what a thing was made of, once all of it is stored.
    async fn finish(&self, source: &str, key: &str, record: &Record) -> db::Result<()> {
        store::put(&self.db, source, key, record, self.clock.now()).await
    }
}

/// Runs what waits for the disk beside the tasks that must not wait.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Interrupted(error.to_string()))
}
