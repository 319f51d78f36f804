//! Items that are published and unpublished by themselves, at the time that their editors have set.

use std::time::Duration;

use uuid::Uuid;

use super::{Error, Items};
use crate::db::{lease, sql};
use crate::request::{Account, LIVE, Request};
use crate::subsystems::audit::Entry;
use crate::subsystems::{Session, Site};

/// How long a node may take for a round before another begins one.
const TERM: Duration = Duration::from_secs(120);
/// Items of a round.
const ROUND: i64 = 50;

impl Items {
    /// Publishes and unpublishes what is due. One node at a time does it; an item that can't be saved loses its date, and
    /// the log and the audit say so.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn keep_schedule(&self, site: &Site) -> Result<(), Error> {
        let due = self.due().await?;
        if due.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let owner = self.ids.next();
        let Some(lease) = lease::acquire(&self.db, "item.schedule", owner, now, TERM).await? else {
            return Ok(());
        };
        let done = self.go_through(site).await;
        lease::release(&self.db, &lease).await?;
        done
    }

    async fn due(&self) -> Result<Vec<Uuid>, Error> {
        let statement = sql(
            "SELECT id FROM item WHERE stage_id = $1 AND (publish_on <= $2 OR unpublish_on <= $2) ORDER BY id LIMIT $3",
            (LIVE, self.clock.now(), ROUND),
        );
        let rows: Vec<(Uuid,)> = self.db.fetch_all(statement.named("item.due")).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    async fn go_through(&self, site: &Site) -> Result<(), Error> {
        let session = site.session(Request::new(self.ids.next(), "", Account::system()));
        // Asked again: another node may have been at it until now.
        for id in self.due().await? {
            match self.turn(&session, id).await {
                Ok(()) => {}
                // Somebody saved it at this moment: the next round looks again.
                Err(Error::Conflict | Error::NotFound) => {}
                Err(Error::Db(error)) => return Err(error.into()),
                Err(refused) => self.give_up(&session, id, &refused.to_string()).await?,
            }
        }
        Ok(())
    }

    async fn turn(&self, session: &Session, id: Uuid) -> Result<(), Error> {
        let Some(mut item) = self.load(session, id).await? else {
            // Its content type is deleted: it waits with it.
            return Ok(());
        };
        let now = self.clock.now();
        let is_due = |moment: Option<crate::time::Timestamp>| moment.is_some_and(|moment| moment <= now);
        let mut log = "";
        if is_due(item.publish_on) {
            item.publish_on = None;
            item.published = true;
            log = "Published by schedule";
        }
        if is_due(item.unpublish_on) {
            item.unpublish_on = None;
            item.published = false;
            log = "Unpublished by schedule";
        }
        if log.is_empty() {
            return Ok(());
        }
        self.save(session, Box::new(item), log).await.1.map(drop)
    }

    async fn give_up(&self, session: &Session, id: Uuid, reason: &str) -> Result<(), Error> {
        tracing::warn!(item.id = %id, "the item {id} can't be published or unpublished by schedule: {reason}");
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let clear = sql(
            "UPDATE item SET publish_on = CASE WHEN publish_on > $2 THEN publish_on END, \
             unpublish_on = CASE WHEN unpublish_on > $2 THEN unpublish_on END WHERE id = $1",
            (id, now),
        );
        tx.execute(clear.named("item.give-up-schedule")).await?;
        let entry = Entry::new("item.schedule-failed")
            .on("item", id, "")
            .with("reason", reason);
        self.audit.record_in(&mut tx, session.request(), entry).await?;
        tx.commit().await?;
        Ok(())
    }
}
