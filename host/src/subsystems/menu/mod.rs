//! Plugins' pages: which paths lead to which plugin, the menus, and the breadcrumbs.

mod routes;
mod table;

use std::sync::{Arc, PoisonError, RwLock};

use super::Subsystem;

pub use routes::{PATH, answer, page_number, take};
pub use table::{Crumb, Error, Found, Link, Table};

/// The routes of the enabled plugins.
#[derive(Default)]
pub struct Menus {
    table: RwLock<Arc<Table>>,
}

impl Menus {
    /// The routes as they are now.
    #[must_use]
    pub fn table(&self) -> Arc<Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts other routes in their place.
    pub fn replace(&self, table: Table) {
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(table);
    }
}

impl Subsystem for Menus {}
