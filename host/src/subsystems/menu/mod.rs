//! The menus of the site: its own links beside those that plugins declare, and who is shown which of them. And plugins'
//! pages: which paths lead to which plugin, and the breadcrumbs. The table of those is kept with the plugins at work:
//! [`Noted`](super::plugin::Noted).

mod admin;
mod change;
mod check;
mod error;
mod links;
mod routes;
mod seen;
mod shown;
mod store;
mod table;
mod targets;

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::Mutex;

use super::access::{Group, Permission};
use super::admin::AdminPage;
use super::audit::Audit;
use super::cache::Cache;
use super::change::Changes;
use super::{Session, Subsystem};
use crate::db::{self, Db};
use crate::time::Ids;
use store::Loaded;

pub use check::check;
pub use error::Error;
pub use links::{DEPTH, Entry, Laid, MOST, Menu};
pub use routes::{PATH, answer, encoded, page_number, take};
pub use shown::Shown;
pub use table::{Crumb, Error as RouteError, Found, Link, Table};

/// The permission to change menus.
pub const ADMINISTER: &str = "administer menus";
/// Menus of a site: every page shows all of them.
pub const MOST_MENUS: usize = 50;
/// The menus that themes show and that can't be removed.
pub const BUILT_IN: [&str; 3] = ["main", "footer", "account"];

/// The menus of the site.
pub struct Menus {
    db: Db,
    ids: Ids,
    changes: Arc<Changes>,
    cache: Arc<Cache>,
    audit: Arc<Audit>,
    stored: ArcSwap<Loaded>,
    /// Two loads at once could leave the older one.
    loading: Mutex<()>,
}

/// What [`Menus`] works with.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Where identifiers come from.
    pub ids: Ids,
    /// The word to other nodes.
    pub changes: Arc<Changes>,
    /// What is shown of menus.
    pub cache: Arc<Cache>,
    /// Where changes are recorded.
    pub audit: Arc<Audit>,
}

impl Menus {
    /// Loads the menus.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(parts: Parts) -> db::Result<Self> {
        let stored = ArcSwap::from_pointee(store::load(&parts.db).await?);
        Ok(Self {
            db: parts.db,
            ids: parts.ids,
            changes: parts.changes,
            cache: parts.cache,
            audit: parts.audit,
            stored,
            loading: Mutex::new(()),
        })
    }

    /// All menus by name.
    #[must_use]
    pub fn all(&self) -> Vec<Menu> {
        self.stored.load().menus.clone()
    }

    /// A menu by its name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Menu> {
        self.stored
            .load()
            .menus
            .iter()
            .find(|menu| menu.name == name)
            .cloned()
    }

    /// The links of a menu in their order, whoever asks: those that plugins declare, with what the site has changed
    /// about them, and its own.
    #[must_use]
    pub fn entries(&self, session: &Session, menu: &str) -> Vec<Entry> {
        self.links(session).remove(menu).unwrap_or_default()
    }

    /// What differs whenever a menu does, its links included.
    #[must_use]
    pub fn fingerprint(&self, session: &Session, menu: &Menu) -> String {
        links::fingerprint(menu, &self.entries(session, &menu.name))
    }

    /// The links of a menu whose plugins are not at work, as they will be when the plugins are.
    #[must_use]
    pub fn waiting(&self, session: &Session, menu: &str) -> Vec<Entry> {
        links::waiting(self.stored(menu), &self.entries(session, menu))
    }

    /// What is stored of a menu, in its order: the site's own links, and those of plugins that it has changed, also where
    /// the plugin is not at work.
    #[must_use]
    pub fn stored(&self, menu: &str) -> Vec<Entry> {
        let stored = self.stored.load();
        let own = stored.links.iter().filter(|link| link.menu == menu);
        own.map(Entry::from).collect()
    }

    /// Gives links that were laid out their keys: those of the same links of the menu, where it has them.
    #[must_use]
    pub fn laid_out(&self, menu: &str, links: Vec<Laid>) -> Vec<Entry> {
        let mut known = self.stored(menu);
        let mut entries: Vec<Entry> = Vec::with_capacity(links.len());
        for link in links {
            let same = known
                .iter()
                .position(|known| !known.declared && known.path == link.path && known.title == link.title);
            let key = match same {
                _ if link.declared => link.path.clone(),
                Some(at) => known.remove(at).key,
                None => self.ids.next().to_string(),
            };
            let above = link.above.and_then(|above| entries.get(above));
            entries.push(Entry {
                key,
                parent: above.map(|above| above.key.clone()),
                title: link.title,
                path: link.path,
                shown: link.shown,
                declared: link.declared,
            });
        }
        entries
    }

    fn links(&self, session: &Session) -> links::Links {
        links::merge(&session.registry().noted().routes, &self.stored.load().links)
    }

    /// Takes up what other nodes have changed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn follow(&self) -> db::Result<()> {
        if store::generation(&self.db).await? != self.stored.load().generation {
            self.reload().await?;
        }
        Ok(())
    }

    async fn reload(&self) -> db::Result<()> {
        // Held while the database answers: what is stored last must be what was read last.
        let _loading = self.loading.lock().await;
        self.stored.store(Arc::new(store::load(&self.db).await?));
        Ok(())
    }
}

impl Subsystem for Menus {
    fn admin_pages() -> Vec<AdminPage> {
        admin::pages()
    }

    fn permissions(&self) -> Option<Group> {
        let administer = Permission::new(ADMINISTER, "Change menus and their links");
        Some(Group::new("Menus", vec![administer]))
    }
}
