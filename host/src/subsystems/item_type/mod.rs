//! Content types: what kinds of items there are and which fields they have.

mod declare;
mod model;
mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use super::Subsystem;
use crate::db::{self, Db};
use crate::time::Clock;

pub use declare::from_declaration;
pub use model::{Display, Field, FieldType, ItemType, LabelPosition};

/// The content types of the site.
pub struct ItemTypes {
    db: Db,
    clock: Clock,
    known: RwLock<Arc<Known>>,
    /// Plugins that decide about access and are not at work though they should be.
    unguarded: RwLock<Arc<BTreeSet<String>>>,
}

/// A type with the plugin that declared it, by the type's name.
type Known = BTreeMap<String, (Arc<ItemType>, Option<Arc<str>>)>;

impl ItemTypes {
    /// Loads the types.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(db: Db, clock: Clock) -> db::Result<Self> {
        let known = RwLock::new(Arc::new(store::load(&db).await?));
        Ok(Self {
            db,
            clock,
            known,
            unguarded: RwLock::default(),
        })
    }

    fn known(&self) -> Arc<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The type of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<ItemType>> {
        self.known().get(name).map(|(of, _)| of.clone())
    }

    /// The plugin that declared a type.
    #[must_use]
    pub fn owner(&self, name: &str) -> Option<Arc<str>> {
        self.known().get(name).and_then(|(_, owner)| owner.clone())
    }

    /// What people call the types that a plugin declared.
    #[must_use]
    pub fn labels_of(&self, plugin: &str) -> Vec<String> {
        let known = self.known();
        let own = known
            .values()
            .filter(|(_, owner)| owner.as_deref() == Some(plugin));
        own.map(|(of, _)| of.label.clone()).collect()
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
        self.known().values().map(|(of, _)| of.clone()).collect()
    }

    /// Takes up the types that a plugin declares: new ones are stored, known ones take up new fields and keep
    /// what the site has changed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn declare(&self, plugin: &str, declared: Vec<ItemType>) -> db::Result<()> {
        let mut known = (*self.known()).clone();
        let mut changed = false;
        for of in declared {
            let merged = match known.get(&of.name) {
                Some((stored, owner)) if owner.is_some() => declare::merge(stored, &of),
                Some((stored, _)) => declare::merge(stored, &of).or_else(|| Some((**stored).clone())),
                None => Some(of),
            };
            if let Some(of) = merged {
                store::save(&self.db, &of, plugin, self.clock.now()).await?;
                known.insert(of.name.clone(), (Arc::new(of), Some(Arc::from(plugin))));
                changed = true;
            }
        }
        if changed {
            *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
        }
        Ok(())
    }
}

impl Subsystem for ItemTypes {}
