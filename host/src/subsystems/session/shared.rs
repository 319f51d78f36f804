//! Sessions in Redis, where there is one: what a request asks for, so that it costs the database nothing.
//!
//! The database has every session as well, as Redis is what nodes may lose: while it is away, and after it has lost
//! everything, nobody is signed out, and nobody who was signed out comes back. Whatever ends a session, or changes what
//! its user may do, is written down in the same transaction ([`Copies::record`]) and takes the copies away. No node
//! has copies of its own, so that holds on all of them at once.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::store::{self, Row};
use crate::db::{self, Db, Tx};
use crate::subsystems::access::SESSIONS;
use crate::subsystems::cache::{Cache, Entry, Key, Recorded, Second};
use crate::time::Clock;

/// How long a copy is used before the database is asked again.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// What takes the copies of some sessions away when the transaction is committed.
#[must_use = "the copies are taken away when this takes effect"]
#[derive(Debug)]
pub struct Ended(Option<Recorded>);

/// The sessions as requests find them.
pub(super) struct Copies {
    db: Db,
    clock: Clock,
    cache: Arc<Cache>,
}

impl Copies {
    pub fn new(db: Db, clock: Clock, cache: Arc<Cache>) -> Self {
        Self { db, clock, cache }
    }

    /// A session with its user, one row for each role.
    pub async fn find(&self, digest: &str) -> db::Result<Vec<Row>> {
        let key = key(digest);
        let noted = match self.cache.look_second(&key).await {
            Second::Value(copy) => match serde_json::from_slice(&copy) {
                Ok(rows) => return Ok(rows),
                // Another version of the program has written it.
                Err(_) => None,
            },
            Second::Missing(noted) => Some(noted),
            Second::Off => None,
        };
        let rows = store::find(&self.db, digest).await?;
        if let (Some(noted), Some(row)) = (noted, rows.first()) {
            let value = serde_json::to_vec(&rows).map_err(|error| db::Error::Other(error.into()))?;
            let entry = Entry {
                value: value.into(),
                tags: vec![SESSIONS.to_owned(), tag(row.user_id)],
                expires: Some(self.clock.now().plus(FRESH).min(row.expires)),
            };
            self.cache.keep_second(noted, &key, &entry).await;
        }
        Ok(rows)
    }

    /// Has the next request ask the database, to learn that the session was used.
    pub async fn refresh(&self, digest: &str) {
        if self.cache.has_second() {
            self.cache.drop_second(&key(digest)).await;
        }
    }

    /// Writes down that the sessions of a user are not what they were.
    pub async fn record(&self, tx: &mut Tx, user: Uuid) -> db::Result<Ended> {
        if !self.cache.has_second() {
            return Ok(Ended(None));
        }
        Ok(Ended(Some(self.cache.record(tx, &[tag(user)]).await?)))
    }

    /// Takes the copies away, now that the transaction is committed.
    pub async fn take_effect(&self, ended: Ended) {
        if let Some(recorded) = ended.0 {
            self.cache.take_effect(recorded).await;
        }
    }
}

fn tag(user: Uuid) -> String {
    format!("{SESSIONS}:{}", user.simple())
}

fn key(digest: &str) -> Key {
    Key {
        owner: String::new(),
        version: String::new(),
        bin: SESSIONS.to_owned(),
        key: digest.to_owned(),
        stage: Uuid::nil(),
    }
}
