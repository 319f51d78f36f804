//! The plugins' own tables: made by the migrations in their manifests, used through statements that are data.
//!
//! Every statement is checked against the plugin's [`schema`] before it becomes SQL, so that a plugin reaches its own
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
    /// By the plugin's name. A manifest that is remembered weakly is not mistaken for a later one at its address.
    schemas: RwLock<HashMap<String, (Weak<Manifest>, Arc<Schema>)>>,
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
        if let Some((manifest, schema)) = known.get(&plugin.name)
            && std::ptr::eq(manifest.as_ptr(), Arc::as_ptr(plugin))
        {
            return Ok(schema.clone());
        }
        drop(known);
        let schema = Arc::new(Schema::of(plugin)?);
        let entry = (Arc::downgrade(plugin), schema.clone());
        self.schemas
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(plugin.name.clone(), entry);
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
