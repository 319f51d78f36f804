//! Invalidating: written down where the reason for it is stored, then told to the nodes.
//!
//! [`Cache::record`] writes into the transaction that makes entries out of date, and [`Cache::take_effect`] drops them
//! when it is committed. A node that is killed in between has still written it down: the others, or the next start,
//! take it up from the database, where each node looks twice a second. So do nodes without Redis, and so does a server
//! what the command line has changed.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::model::Key;
use super::{Cache, GONE, TAGS, note, store};
use crate::db::{self, Tx};

/// How long a record is kept for nodes that were asleep.
const KEPT: Duration = Duration::from_secs(15 * 60);
/// Records that are read at once.
const BATCH: u32 = 500;

/// Tags that were written down as invalid. They are dropped by [`Cache::take_effect`], when the transaction is
/// committed; if that never comes, by every node that reads the record.
#[must_use = "what is out of date is dropped when this takes effect"]
#[derive(Debug)]
pub struct Recorded {
    id: Option<i64>,
    tags: Vec<String>,
}

impl Cache {
    /// Writes down what becomes invalid when this transaction is committed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record(&self, tx: &mut Tx, tags: &[String]) -> db::Result<Recorded> {
        let text = serde_json::to_string(tags).map_err(|error| db::Error::Other(error.into()))?;
        let id = store::record(tx, self.node, &text, self.clock.now()).await?;
        Ok(Recorded {
            id: Some(id),
            tags: tags.to_vec(),
        })
    }

    /// Drops on every node what was written down, now that it is committed.
    pub async fn take_effect(&self, recorded: Recorded) {
        self.drop_tags(&recorded.tags, recorded.id).await;
    }

    /// Drops whatever carries one of the tags, whoever owns it, on every node.
    pub async fn invalidate(&self, tags: &[String]) {
        if tags.is_empty() {
            return;
        }
        let recorded = async {
            let mut tx = self.db.begin().await?;
            let recorded = self.record(&mut tx, tags).await?;
            tx.commit().await?;
            Ok::<_, db::Error>(recorded)
        };
        let recorded = recorded.await.unwrap_or_else(|error| {
            tracing::warn!("what is out of date in the cache could not be written down: {error}");
            Recorded {
                id: None,
                tags: tags.to_vec(),
            }
        });
        self.take_effect(recorded).await;
    }

    async fn drop_tags(&self, tags: &[String], change: Option<i64>) {
        self.local.invalidate(tags);
        if self.redis.is_none() || tags.is_empty() {
            return;
        }
        let Some((ground, term)) = self.ground() else {
            return self.owe().await;
        };
        let Some(shared) = self.shared(ground, term.as_ref()) else {
            return;
        };
        let message = serde_json::to_vec(tags).unwrap_or_default();
        if let Err(error) = shared.invalidate(tags, change, TAGS, &message).await {
            note(&error);
            self.owe().await;
        }
    }

    /// Drops an entry.
    pub async fn remove(&self, key: &Key) {
        self.local.remove(key);
        if self.redis.is_none() {
            return;
        }
        let Some((ground, term)) = self.ground() else {
            return self.owe().await;
        };
        let Some(shared) = self.shared(ground, term.as_ref()) else {
            return;
        };
        let text = key.text();
        let message = serde_json::to_vec(&(&key.owner, &key.version, &key.bin, &key.key, key.stage));
        let removed = shared.remove(&text, GONE, &message.unwrap_or_default()).await;
        if let Err(error) = removed {
            note(&error);
            self.owe().await;
        }
    }

    /// Has every node begin anew, since not every node could be told what to drop.
    async fn owe(&self) {
        self.owes.store(true, Ordering::SeqCst);
        self.settle().await;
    }

    async fn settle(&self) {
        match store::next_epoch(&self.db).await {
            Ok(epoch) => {
                self.epoch.fetch_max(epoch, Ordering::SeqCst);
                self.owes.store(false, Ordering::SeqCst);
            }
            // Tried again by `follow`; until then this node reads nothing.
            Err(error) => tracing::warn!("what is out of date in the cache can't be told yet: {error}"),
        }
    }

    /// Takes up what other nodes and the command line have invalidated, and what was written down by a node that was
    /// killed before it could tell.
    ///
    /// # Errors
    /// The database failed.
    pub async fn follow(&self) -> db::Result<()> {
        if self.redis.is_some() {
            if self.owes.load(Ordering::SeqCst) {
                self.settle().await;
            }
            let epoch = store::epoch(&self.db).await?;
            self.epoch.fetch_max(epoch, Ordering::SeqCst);
        }
        let mut journal = self.journal.lock().await;
        if let Some(oldest) = store::oldest(&self.db).await?
            && journal.has_missed(oldest)
        {
            self.miss();
        }
        let mut from = journal.position();
        loop {
            let changes = store::changes(&self.db, from, BATCH).await?;
            let more = changes.len() >= BATCH as usize;
            for change in changes {
                from = change.id;
                let is_own = change.node == self.node;
                if !journal.take(change.id, self.clock.now()) || is_own {
                    continue;
                }
                match serde_json::from_str::<Vec<String>>(&change.tags) {
                    Ok(tags) => self.drop_tags(&tags, Some(change.id)).await,
                    Err(_) => self.miss(),
                }
            }
            if !more {
                break;
            }
        }
        journal.settle(self.clock.now());
        Ok(())
    }

    /// Drops records that every node has taken up, now and then.
    ///
    /// # Errors
    /// The database failed.
    pub async fn tidy(&self) -> db::Result<()> {
        let read = self.journal.lock().await.position();
        let before = self.clock.now().minus(KEPT);
        store::prune(&self.db, read, before).await.map(drop)
    }
}
