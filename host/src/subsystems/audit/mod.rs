//! The audit: who did what to whom, and when. It records without secrets and judges nothing.

mod admin;
mod model;
mod store;

use crate::db::{self, Db, Tx};
use crate::request::Request;
use crate::subsystems::access::{Group, Permission};
use crate::time::{Clock, Ids};

use super::{Session, Subsystem};

pub use model::{Entry, Filter, Page, Record};

/// The permission to read the audit.
pub const ACCESS: &str = "access audit log";
/// How many records are removed at a time.
const PRUNE_AT_ONCE: u32 = 500;
/// How far records are counted.
const COUNT_LIMIT: u32 = 10_000;
/// The most records of a page.
const PAGE_LIMIT: u32 = 200;

/// The records of what was done.
pub struct Audit {
    db: Db,
    clock: Clock,
    ids: Ids,
}

impl Audit {
    /// The audit of a site.
    #[must_use]
    pub fn new(db: Db, clock: Clock, ids: Ids) -> Self {
        Self { db, clock, ids }
    }

    /// Records what somebody did in a request, together with what the transaction does.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record_in(&self, tx: &mut Tx, by: &Request, entry: Entry) -> db::Result<()> {
        let record = self.record_of(by, entry);
        tx.execute(store::insert(&record)).await.map(drop)
    }

    /// Records what happened without a change of the database, such as a wrong password.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record(&self, by: &Request, entry: Entry) -> db::Result<()> {
        let record = self.record_of(by, entry);
        self.db.execute(store::insert(&record)).await.map(drop)
    }

    fn record_of(&self, by: &Request, entry: Entry) -> Record {
        let (actor_id, actor) = entry
            .actor
            .unwrap_or_else(|| (by.account.id, by.account.name.to_string()));
        Record {
            id: self.ids.next(),
            at: self.clock.now(),
            action: entry.action.to_owned(),
            actor_id,
            actor,
            subject_type: entry.subject_type.to_owned(),
            subject_id: entry.subject_id,
            subject: entry.subject,
            address: if by.address.is_unspecified() {
                String::new()
            } else {
                by.address.to_string()
            },
            details: entry.details,
        }
    }

    /// The records that fit, newest first, and where the next page begins.
    ///
    /// # Errors
    /// [`db::Error::NotFound`] for those who may not read the audit, or the database failed.
    #[tracing::instrument(name = "audit.query", level = "debug", skip_all)]
    pub async fn query(&self, session: &Session, filter: &Filter) -> db::Result<Page> {
        if !session.request().account.may(ACCESS) {
            return Err(db::Error::NotFound);
        }
        let limit = filter.limit.clamp(1, PAGE_LIMIT);
        let mut records = store::query(&self.db, filter, limit + 1).await?;
        let more = records.len() > limit as usize;
        records.truncate(limit as usize);
        let next = records.last().filter(|_| more).map(|last| (last.at, last.id));
        Ok(Page { records, next })
    }

    /// How many records fit, at most ten thousand: beyond that nobody counts.
    ///
    /// # Errors
    /// As [`Audit::query`].
    pub async fn count(&self, session: &Session, filter: &Filter) -> db::Result<u64> {
        if !session.request().account.may(ACCESS) {
            return Err(db::Error::NotFound);
        }
        store::count(&self.db, filter, COUNT_LIMIT).await
    }

    /// The actions that were ever recorded, for a filter.
    ///
    /// # Errors
    /// The database failed.
    pub async fn actions(&self) -> db::Result<Vec<String>> {
        store::actions(&self.db).await
    }

    /// Removes some of the records that are older than `days`.
    ///
    /// # Returns
    /// Whether more are left to remove.
    ///
    /// # Errors
    /// The database failed.
    pub async fn prune(&self, days: u32) -> db::Result<bool> {
        let age = std::time::Duration::from_secs(u64::from(days) * 24 * 60 * 60);
        let removed = store::prune(&self.db, self.clock.now().minus(age), PRUNE_AT_ONCE).await?;
        Ok(removed >= u64::from(PRUNE_AT_ONCE))
    }
}

impl Subsystem for Audit {
    fn admin_pages() -> Vec<super::admin::AdminPage> {
        admin::pages()
    }

    fn permissions(&self) -> Option<Group> {
        let read = Permission::new(ACCESS, "Read who did what on the site").restricted();
        Some(Group::new("Audit", vec![read]))
    }
}
