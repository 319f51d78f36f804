//! The JSON API: content for programs, and a description of all that programs can ask (OpenAPI).
//!
//! Each subsystem lists its resources ([`Subsystem::api`](super::Subsystem)); the routes, the description and the
//! page for people are made of that list. What is allowed and what is right, the services decide.

mod asked;
mod body;
mod csrf;
mod cursor;
mod draft;
mod etag;
mod filter;
mod include;
mod items;
mod openapi;
mod page;
mod params;
mod plugins;
mod refusal;
mod represent;
mod resource;
mod revisions;
mod routes;
mod schema;
mod types;

use std::sync::Arc;

use super::Subsystem;
use super::secret::Secrets;

pub use represent::{answer, moment};
pub use resource::{Operation, Resource, reference};
pub use routes::routes;

/// The JSON API.
pub struct Api {
    secrets: Arc<Secrets>,
}

impl Api {
    /// The service. Cursors and tokens are made with keys of the site's secret.
    #[must_use]
    pub fn new(secrets: Arc<Secrets>) -> Self {
        Self { secrets }
    }
}

impl Subsystem for Api {
    fn routes() -> axum::Router<super::Site> {
        page::routes()
    }

    fn api() -> Vec<Resource> {
        [
            items::resources(),
            revisions::resources(),
            types::resources(),
            csrf::resources(),
            plugins::resources(),
            openapi::resources(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
