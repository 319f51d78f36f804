//! Paths: the names by which people know items, and the redirects from older ones.

mod admin;
mod error;
mod manage;
mod pattern;
mod redirect;
mod store;

use std::sync::Arc;

use moka::sync::Cache;
use uuid::Uuid;

use super::Subsystem;
use super::access::{Group, Permission};
use super::cache::Cache as Pages;
use super::item::Item;
use super::item_type::ItemType;
use crate::db::{self, Db, Tx};
use crate::time::{Clock, Timestamp};

pub use error::Error;
pub use manage::CHAIN;
pub use pattern::{TOKENS, check as check_pattern};
pub use redirect::{lead, redirect};

/// The permission to make and remove paths.
pub const ADMINISTER: &str = "administer url aliases";
/// Characters of a path.
pub const PATH_LIMIT: usize = 255;
/// Entries of known paths, unknown ones included.
const CACHED: u64 = 20_000;
/// First segments of paths that are the host's own.
pub const RESERVED: [&str; 14] = [
    "item",
    "feed",
    "files",
    "theme",
    "plugin",
    "health",
    "metrics",
    "user",
    "admin",
    "install",
    "api",
    "sitemap",
    "sitemap.xml",
    "robots.txt",
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

/// A path in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The path, without its leading slash.
    pub path: String,
    /// The item that it leads to, with its title.
    pub item: Option<(Uuid, String)>,
    /// The path that it leads on to.
    pub target: Option<String>,
    /// When it was made.
    pub created: Timestamp,
}

/// Which paths a list has.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Those that lead on; else those by which items are known.
    pub redirects: bool,
    /// With this text in the path, the title of the item or the target.
    pub text: Option<String>,
    /// By time, else by path.
    pub by_time: bool,
    /// The other way round.
    pub descending: bool,
    /// How many.
    pub limit: u32,
    /// Left out at the start.
    pub offset: u32,
}

/// The paths of the site.
pub struct Aliases {
    db: Db,
    clock: Clock,
    /// Where pages are kept that name paths.
    cache: Arc<Pages>,
    known: Cache<String, Option<Arc<Target>>>,
}

impl Aliases {
    /// The service.
    #[must_use]
    pub fn new(db: Db, clock: Clock, cache: Arc<Pages>) -> Self {
        let known = Cache::builder()
            .max_capacity(CACHED)
            .time_to_live(REMEMBERED)
            .build();
        Self {
            db,
            clock,
            cache,
            known,
        }
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

impl Subsystem for Aliases {
    fn admin_pages() -> Vec<super::admin::AdminPage> {
        admin::pages()
    }

    fn permissions(&self) -> Option<Group> {
        let administer = Permission::new(ADMINISTER, "Make and remove paths and redirects");
        Some(Group::new("Paths", vec![administer]))
    }
}

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
