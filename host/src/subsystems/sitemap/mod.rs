//! What search engines are told: which pages there are (sitemaps.org, protocol 0.9), and where they need not look (RFC
//! 9309). It tells what a visitor may see, whoever asks.

mod routes;
mod store;
mod xml;

use std::sync::Arc;

use uuid::Uuid;

use super::Subsystem;
use super::item::list::{Column, Condition, Listing, Position};
use super::item::{Error, Item, Items};
use crate::db::{self, Db};
use crate::subsystems::Session;

/// Pages of one sitemap: the protocol allows 50,000, and the home page is one.
const PAGES: i64 = 49_999;
/// Items that are loaded at a time.
const AT_ONCE: u32 = 200;

/// What search engines are told.
pub struct Sitemap {
    db: Db,
    items: Arc<Items>,
}

impl Sitemap {
    /// The service.
    #[must_use]
    pub fn new(db: Db, items: Arc<Items>) -> Self {
        Self { db, items }
    }

    /// The first item of each sitemap.
    async fn parts(&self, stage: Uuid) -> db::Result<Vec<Uuid>> {
        store::every(&self.db, stage, PAGES).await
    }

    /// Some items of a sitemap behind one, and the last that was looked at; none at the end.
    async fn some(&self, visitor: &Session, after: Uuid) -> Result<(Vec<Item>, Option<Uuid>), Error> {
        let listing = Listing {
            conditions: vec![Condition::Flag(Column::Published, true)],
            sort: Vec::new(),
            after: Some(Position {
                keys: Vec::new(),
                id: after,
            }),
            limit: AT_ONCE,
        };
        let part = self.items.list(visitor, listing).await?;
        Ok((part.items, part.next.map(|position| position.id)))
    }
}

impl Subsystem for Sitemap {
    fn routes() -> axum::Router<super::Site> {
        routes::routes()
    }
}
