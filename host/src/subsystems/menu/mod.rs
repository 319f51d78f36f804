//! Plugins' pages: which paths lead to which plugin, the menus, and the breadcrumbs. The table of them is kept with the
//! plugins at work: [`Noted`](super::plugin::Noted).

mod routes;
mod table;

pub use routes::{PATH, answer, encoded, page_number, take};
pub use table::{Crumb, Error, Found, Link, Table};
