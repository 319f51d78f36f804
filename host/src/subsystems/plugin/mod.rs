//! Plugins: which there are, which are enabled, and how they come and go while the site runs.

mod assets;
mod available;
mod declared;
mod error;
mod host;
mod inspect;
mod kept;
mod lifecycle;
mod load;
mod notices;
mod overview;
mod rollback;
mod store;
mod tell;
mod web;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use super::access::{Access, Group, Permission};
use super::admin::{AdminPage, Notice};
use super::change::Changes;
use super::item_type::{FieldTypes, ItemTypes};
use super::menu;
use super::plugin_table::PluginTables;
use super::theme::Themes;
use super::variable::Variables;
use super::{Interface, Linked, Site, Subsystem};
use crate::db::{self, Db};
use crate::kernel::Health;
use crate::time::Clock;
use crate::wit;

pub use assets::Asset;
pub use available::{Available, Embedded, Package};
pub use error::Error;
pub use inspect::Inspection;
pub use kept::Kept;
pub use lifecycle::Outcome;
pub use overview::{Overview, Standing};
pub use rollback::Rollback;
pub use store::{PastVersion, Record, State};

/// The plugins of the site.
pub struct Plugins {
    db: Db,
    clock: Clock,
    changes: Arc<Changes>,
    variables: Arc<Variables>,
    item_types: Arc<ItemTypes>,
    tables: Arc<PluginTables>,
    themes: Arc<Themes>,
    access: Arc<Access>,
    available: Available,
    kept: Kept,
    /// What keeps enabled plugins from working, by name.
    problems: RwLock<BTreeMap<String, String>>,
    /// The plugins' records, which outlive reloads.
    health: RwLock<BTreeMap<String, Arc<Health>>>,
    /// One change at a time.
    changing: tokio::sync::Mutex<()>,
    /// What plugins declare, by their digest.
    declared: RwLock<BTreeMap<String, Arc<declared::Declarations>>>,
    /// Whether the site is only there to try plugins out.
    throw_away: bool,
}

/// What is known of the plugins at work, besides themselves.
#[derive(Default)]
pub struct Noted {
    /// The field types that they declare.
    pub field_types: FieldTypes,
    /// The paths of their pages, and the menus.
    pub routes: menu::Table,
    /// Their static files.
    assets: assets::Table,
}

/// What [`Plugins`] works with.
pub struct Parts {
    /// Where states are stored.
    pub db: Db,
    /// The time of changes.
    pub clock: Clock,
    /// Who is told of changes.
    pub changes: Arc<Changes>,
    /// The plugins' settings.
    pub variables: Arc<Variables>,
    /// The content types that they declare.
    pub item_types: Arc<ItemTypes>,
    /// Their tables.
    pub tables: Arc<PluginTables>,
    /// Their templates.
    pub themes: Arc<Themes>,
    /// Who takes note of their permissions.
    pub access: Arc<Access>,
    /// The folder where plugins are found.
    pub folder: PathBuf,
    /// The folder where enabled plugins are kept.
    pub kept: PathBuf,
    /// The plugins that are part of the program.
    pub embedded: &'static [Embedded],
    /// Whether the site is only there to try plugins out: then their code runs without anyone's consent.
    pub throw_away: bool,
}

impl Plugins {
    /// The service. No plugin is loaded yet.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            db: parts.db,
            clock: parts.clock,
            changes: parts.changes,
            variables: parts.variables,
            item_types: parts.item_types,
            tables: parts.tables,
            themes: parts.themes,
            access: parts.access,
            available: Available::new(parts.folder, parts.embedded),
            kept: Kept::new(parts.kept),
            problems: RwLock::default(),
            health: RwLock::default(),
            changing: tokio::sync::Mutex::new(()),
            declared: RwLock::default(),
            throw_away: parts.throw_away,
        }
    }

    /// The plugins that could be enabled: those in the program and those in the folder.
    #[must_use]
    pub fn available(&self) -> &Available {
        &self.available
    }

    /// What the database says of the plugins that were ever enabled.
    ///
    /// # Errors
    /// The database failed.
    pub async fn records(&self) -> db::Result<Vec<Record>> {
        store::load(&self.db).await
    }

    /// What keeps enabled plugins from working: name and reason.
    #[must_use]
    pub fn problems(&self) -> BTreeMap<String, String> {
        self.problems
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A number that changes whenever the state of a plugin or a setting changes, on any node.
    ///
    /// # Errors
    /// The database failed.
    pub async fn generation(&self) -> db::Result<(i64, i64)> {
        store::generation(&self.db).await
    }

    /// Takes up what other nodes or the command line have changed: settings, and the plugins themselves if they
    /// differ.
    ///
    /// # Errors
    /// The database failed.
    pub async fn follow(&self, site: &Site, plugins_differ: bool) -> Result<(), Error> {
        let changed = self.variables.refresh().await?;
        if plugins_differ {
            self.reload(site).await?;
        }
        let session = site.session(declared::declaring_request());
        for (plugin, name) in changed {
            super::variable::announce(&session, &plugin, &name).await;
        }
        Ok(())
    }
}

impl Subsystem for Plugins {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::granted(
            "plugins",
            "call functions of other plugins",
            |linker| wit::plugins::add_to_linker::<_, Linked<Self>>(linker, |call| call.waiting_view()),
        )]
    }

    fn routes() -> axum::Router<Site> {
        assets::routes()
    }

    fn admin_pages() -> Vec<AdminPage> {
        web::pages()
    }

    fn permissions(&self) -> Option<Group> {
        let administer =
            Permission::new(web::ADMINISTER, "Enable, upgrade, disable and uninstall plugins").restricted();
        Some(Group::new("Plugins", vec![administer]))
    }

    async fn notices(&self, site: &Site) -> Vec<Notice> {
        self.fares(site).await
    }
}
