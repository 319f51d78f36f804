//! Content types: what kinds of items there are and which fields they have.

mod admin;
mod change;
mod check;
mod declare;
mod declared;
mod error;
mod field_type;
mod held;
mod merge;
mod model;
mod settings;
mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

use super::Subsystem;
use super::access::{Group, Permission};
use super::admin::AdminPage;
use super::audit::Audit;
use super::cache::Cache;
use super::change::Changes;
use crate::db::{self, Db};
use crate::time::{Clock, Timestamp};

pub use change::Usage;
pub use check::problems;
pub use declare::from_declaration;
pub use declared::{FieldTypeDeclaration, FieldTypes, field_types_from};
pub use error::Error;
pub use field_type::{DeclaredType, FieldType};
pub use held::Held;
pub use model::{Display, Field, ItemType, LabelPosition, VIEW_MODES, ViewMode};
pub use settings::{Allowed, Settings};

/// The permission to make and change content types.
pub const ADMINISTER: &str = "administer content types";

/// The content types of the site.
pub struct ItemTypes {
    db: Db,
    clock: Clock,
    changes: Arc<Changes>,
    cache: Arc<Cache>,
    audit: Arc<Audit>,
    known: RwLock<Arc<Known>>,
    /// Held while types are stored or loaded: what is taken up last must be what was read last.
    changing: Mutex<()>,
    /// Plugins that decide about access and are not at work though they should be.
    unguarded: RwLock<Arc<BTreeSet<String>>>,
}

/// What [`ItemTypes`] works with.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The word to other nodes.
    pub changes: Arc<Changes>,
    /// What shows items of a changed type.
    pub cache: Arc<Cache>,
    /// Where changes are recorded.
    pub audit: Arc<Audit>,
}

/// The types by name.
#[derive(Default)]
struct Known {
    generation: i64,
    types: BTreeMap<String, Stored>,
}

/// A type as it is stored.
#[derive(Clone)]
struct Stored {
    of: Arc<ItemType>,
    /// The plugin that declared it.
    owner: Option<Arc<str>>,
    /// What the plugin declared last.
    declared: Option<ItemType>,
    /// When it was deleted; its items wait to be purged.
    deleted: Option<Timestamp>,
}

impl ItemTypes {
    /// Loads the types.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(parts: Parts) -> db::Result<Self> {
        let known = RwLock::new(Arc::new(store::load(&parts.db).await?));
        Ok(Self {
            db: parts.db,
            clock: parts.clock,
            changes: parts.changes,
            cache: parts.cache,
            audit: parts.audit,
            known,
            changing: Mutex::default(),
            unguarded: RwLock::default(),
        })
    }

    fn known(&self) -> Arc<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What there is to know of a type, which is too much to be copied where a part will do.
    fn look<R>(&self, name: &str, part: impl FnOnce(&Stored) -> R) -> Option<R> {
        let known = self.known();
        let stored = known.types.get(name)?;
        stored.deleted.is_none().then(|| part(stored))
    }

    fn find(&self, name: &str) -> Option<Stored> {
        self.look(name, Stored::clone)
    }

    /// The type of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<ItemType>> {
        self.look(name, |stored| stored.of.clone())
    }

    /// The plugin that declared a type.
    #[must_use]
    pub fn owner(&self, name: &str) -> Option<Arc<str>> {
        self.look(name, |stored| stored.owner.clone())?
    }

    /// What people call the types that a plugin declared.
    #[must_use]
    pub fn labels_of(&self, plugin: &str) -> Vec<String> {
        let known = self.known();
        let own = known
            .types
            .values()
            .filter(|stored| stored.owner.as_deref() == Some(plugin));
        own.map(|stored| stored.of.label.clone()).collect()
    }

    /// Says which plugins decide about access and are not at work though they should be.
    pub fn set_unguarded(&self, plugins: BTreeSet<String>) {
        *self.unguarded.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(plugins);
    }

    /// Whether the plugin that declared a type should decide about its items and can't.
    #[must_use]
    pub fn is_unguarded(&self, name: &str) -> bool {
        let unguarded = self.unguarded.read().unwrap_or_else(PoisonError::into_inner);
        !unguarded.is_empty() && self.owner(name).is_some_and(|owner| unguarded.contains(&*owner))
    }

    /// All types by name.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<ItemType>> {
        let known = self.known();
        let kept = known.types.values().filter(|stored| stored.deleted.is_none());
        kept.map(|stored| stored.of.clone()).collect()
    }

    /// Takes up what other nodes have changed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn follow(&self) -> db::Result<()> {
        if store::generation(&self.db).await? != self.known().generation {
            let _changing = self.changing.lock().await;
            self.take_up(store::load(&self.db).await?);
        }
        Ok(())
    }

    fn take_up(&self, known: Known) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
    }

    /// Takes up the types that a plugin declares: new ones are stored; known ones follow what the plugin has changed
    /// since it declared them last, and keep what the site has changed. One that the site has deleted stays so.
    ///
    /// # Errors
    /// The database failed.
    pub async fn declare(&self, plugin: &str, declared: Vec<ItemType>) -> db::Result<()> {
        let _changing = self.changing.lock().await;
        let known = self.known();
        let mut changed = Vec::new();
        for mut declared in declared {
            let stored = known.types.get(&declared.name);
            if let Some(stored) = stored {
                declared::keep_known(&mut declared, &stored.of);
            }
            if stored.is_some_and(|stored| {
                stored.declared.as_ref() == Some(&declared) && stored.owner.as_deref() == Some(plugin)
            }) {
                continue;
            }
            let of = match stored {
                None => declared.clone(),
                Some(stored) => merge::merge(stored.declared.as_ref(), &stored.of, &declared)
                    .map_err(|error| db::Error::Other(error.into()))?,
            };
            changed.push(Stored {
                of: Arc::new(of),
                owner: Some(Arc::from(plugin)),
                deleted: stored.and_then(|stored| stored.deleted),
                declared: Some(declared),
            });
        }
        self.store(changed).await
    }

    /// Stores types and takes them up. Whoever calls it is [`Self::changing`].
    async fn store(&self, changed: Vec<Stored>) -> db::Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        store::advance(&mut tx).await?;
        for stored in &changed {
            store::save(&mut tx, stored, self.clock.now()).await?;
        }
        tx.commit().await?;
        self.take_up(store::load(&self.db).await?);
        self.changes.tell().await;
        Ok(())
    }
}

impl Subsystem for ItemTypes {
    fn permissions(&self) -> Option<Group> {
        let administer =
            Permission::new(ADMINISTER, "Make and change content types and their fields").restricted();
        Some(Group::new("Content types", vec![administer]))
    }

    fn admin_pages() -> Vec<AdminPage> {
        admin::pages()
    }
}
