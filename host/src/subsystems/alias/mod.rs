//! Paths: the names by which people know items, and the redirects from older ones.

mod pattern;
mod redirect;
mod store;

use std::sync::Arc;

use moka::sync::Cache;
use uuid::Uuid;

use super::Subsystem;
use super::item::Item;
use super::item_type::ItemType;
use crate::db::{self, Db, Tx};
use crate::time::Clock;

pub use redirect::redirect;

/// Characters of a path.
pub const PATH_LIMIT: usize = 255;
/// Entries of known paths, unknown ones included.
const CACHED: u64 = 20_000;
/// First segments of paths that are the host's own.
pub const RESERVED: [&str; 10] = [
    "item", "files", "theme", "plugin", "health", "metrics", "user", "admin", "install", "api",
];
/// How long a path may be remembered: another node may have changed it.
const REMEMBERED: std::time::Duration = std::time::Duration::from_secs(1);
/// How many items of one title on one day get a path of their own.
const NUMBERED: u32 = 1000;

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To an item, of which this is the path.
    Item(Uuid),
    /// To an item that has another path by now, or none: the item says which, to those who may see it.
    Moved(Uuid),
    /// To another path, for good.
    Redirect(String),
}

/// The paths of the site.
pub struct Aliases {
    db: Db,
    clock: Clock,
    known: Cache<String, Option<Arc<Target>>>,
}

impl Aliases {
    /// The service.
    #[must_use]
    pub fn new(db: Db, clock: Clock) -> Self {
        let known = Cache::builder()
            .max_capacity(CACHED)
            .time_to_live(REMEMBERED)
            .build();
        Self { db, clock, known }
    }

    /// Where a path, without its leading slash, leads.
    ///
    /// # Errors
    /// The database failed.
    pub async fn resolve(&self, path: &str) -> db::Result<Option<Arc<Target>>> {
        if path.is_empty() || path.len() > PATH_LIMIT * 4 || path.contains(char::is_control) {
            return Ok(None);
        }
        if let Some(known) = self.known.get(path) {
            return Ok(known);
        }
        let found = store::find(&self.db, path).await?.map(Arc::new);
        self.known.insert(path.to_owned(), found.clone());
        Ok(found)
    }

    /// Gives a new item a path by the pattern of its content type, numbered where the path is taken or the
    /// host's own.
    pub(super) async fn make(&self, tx: &mut Tx, item: &Item, of: &ItemType) -> db::Result<Option<String>> {
        let Some(path) = of
            .path_pattern
            .as_deref()
            .and_then(|pattern| pattern::fill(pattern, item))
        else {
            return Ok(None);
        };
        for number in 0..NUMBERED {
            let path = pattern::numbered(&path, number);
            if is_free_for_items(&path)
                && store::insert_canonical(tx, &path, item.id, self.clock.now()).await?
            {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    /// Gives an item this path as its canonical one; the one before leads on to it. False where the path is
    /// another's or the host's own.
    pub(super) async fn set(&self, tx: &mut Tx, path: &str, item: Uuid) -> db::Result<bool> {
        if !is_free_for_items(path) {
            return Ok(false);
        }
        store::retire_canonical(tx, item).await?;
        store::insert_canonical(tx, path, item, self.clock.now()).await
    }

    /// Lets an older path of an item lead to it. False where the path leads elsewhere already or can't be asked
    /// for.
    ///
    /// # Errors
    /// The database failed.
    pub async fn redirect(&self, from: &str, item: Uuid) -> db::Result<bool> {
        if from.contains(char::is_control) {
            return Ok(false);
        }
        let made = store::insert_redirect(&self.db, from, item, self.clock.now()).await?;
        self.known.invalidate(from);
        Ok(made)
    }

    /// Forgets what is remembered of the path of an item that was saved or deleted.
    pub(super) fn forget(&self, item: &Item) {
        if let Some(alias) = &item.alias {
            self.known.invalidate(alias);
        }
    }
}

/// Whether a path may be an item's: not too long, none of the host's own, and one that browsers leave as it is:
/// they take a backslash for a slash and walk along `.` and `..`.
#[must_use]
pub fn is_free_for_items(path: &str) -> bool {
    let mut segments = path.split('/');
    path.chars().count() <= PATH_LIMIT
        && !path.contains(|char: char| char.is_control() || char == '\\')
        && segments
            .clone()
            .all(|segment| !["", ".", ".."].contains(&segment))
        && segments.next().is_some_and(|first| !RESERVED.contains(&first))
}

impl Subsystem for Aliases {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_site_and_paths_that_browsers_rewrite_are_not_for_items() {
        for path in ["blog/a", "größe", "items", "a.b/..c", "日本語"] {
            assert!(is_free_for_items(path), "{path}");
        }
        let wrong = [
            "",
            "item",
            "item/1",
            "admin/a",
            "/a",
            "a/",
            "a//b",
            "\\evil.example",
            "a\\b",
            ".",
            "a/..",
            "a/./b",
            "a\0",
        ];
        for path in wrong {
            assert!(!is_free_for_items(path), "{path}");
        }
    }
}
