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

/// The plugins' own tables.
pub struct PluginTables {
    db: Db,
    /// By the plugin's name.
    schemas: RwLock<HashMap<String, Known>>,
}

/// The schema of a manifest, which is remembered weakly: so it is not mistaken for a later one at its address.
struct Known {
    manifest: Weak<Manifest>,
    schema: Arc<Schema>,
}

impl PluginTables {
    /// The tables in a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            schemas: RwLock::default(),
        }
    }

    /// The schema of a plugin, made when it is first asked for.
    fn schema(&self, plugin: &Arc<Manifest>) -> Result<Arc<Schema>, Error> {
        let known = self.schemas.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&plugin.name)
            && std::ptr::eq(known.manifest.as_ptr(), Arc::as_ptr(plugin))
        {
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
