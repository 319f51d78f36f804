//! The plugins' own tables: made by the migrations in their manifests, used through statements that are data.
//!
//! Every statement is checked against the plugin's schema before it becomes SQL, so that a plugin reaches its own
//! tables and the views that it was granted, and is told what is wrong in the words of its statement. It knows
//! manifests and the contract, and nothing of what plugins keep.

mod build;
mod error;
mod host;
mod migrate;
mod run;
mod schema;
mod size;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use super::{Interface, Linked, Subsystem};
use crate::db::Db;
use crate::kernel::Manifest;
use crate::wit;
use schema::Schema;

pub use error::Error;
pub use migrate::newest;

/// The plugins' own tables.
pub struct PluginTables {
    db: Db,
    /// By the plugin's name.
    schemas: RwLock<HashMap<String, Known>>,
    /// The plugin that is about to take the place of an earlier version.
    moving: RwLock<Option<Known>>,
}

/// As long as it is there, a plugin reaches the tables that it is about to drop.
pub struct Moving<'a>(&'a PluginTables);

impl Drop for Moving<'_> {
    fn drop(&mut self) {
        *self.0.moving.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The schema of a manifest, which is remembered weakly: so it is not mistaken for a later one at its address.
struct Known {
    manifest: Weak<Manifest>,
    schema: Arc<Schema>,
}

impl Known {
    fn is_of(&self, manifest: &Arc<Manifest>) -> bool {
        std::ptr::eq(self.manifest.as_ptr(), Arc::as_ptr(manifest))
    }
}

impl PluginTables {
    /// The tables in a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            schemas: RwLock::default(),
            moving: RwLock::default(),
        }
    }

    /// Lends a plugin the tables that it is about to drop, so that it can take over what is in them.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn lend_outgrown(&self, plugin: &Arc<Manifest>) -> Result<Moving<'_>, Error> {
        let schema = Schema::of(plugin)?.and(Schema::outgrown(plugin)?);
        let known = Known {
            manifest: Arc::downgrade(plugin),
            schema: Arc::new(schema.on(self.db.backend())),
        };
        *self.moving.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(Moving(self))
    }

    /// The schema of a plugin, made when it is first asked for.
    fn schema(&self, plugin: &Arc<Manifest>) -> Result<Arc<Schema>, Error> {
        let moving = self.moving.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = moving.as_ref().filter(|known| known.is_of(plugin)) {
            return Ok(known.schema.clone());
        }
        drop(moving);
        let known = self.schemas.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&plugin.name).filter(|known| known.is_of(plugin)) {
            return Ok(known.schema.clone());
        }
        drop(known);
        let schema = Arc::new(Schema::of(plugin)?.on(self.db.backend()));
        let known = Known {
            manifest: Arc::downgrade(plugin),
            schema: schema.clone(),
        };
        let mut schemas = self.schemas.write().unwrap_or_else(PoisonError::into_inner);
        schemas.insert(plugin.name.clone(), known);
        Ok(schema)
    }
}

impl Subsystem for PluginTables {
    fn interfaces() -> Vec<Interface> {
        vec![
            Interface::granted("db", "keep data in tables of its own", |linker| {
                wit::db::add_to_linker::<_, Linked<Self>>(linker, |call| call.waiting_view())
            }),
            Interface::by_name("raw-sql", "run any SQL on the site's database", |linker| {
                wit::raw_sql::add_to_linker::<_, Linked<Self>>(linker, |call| call.waiting_view())
            }),
        ]
    }
}
