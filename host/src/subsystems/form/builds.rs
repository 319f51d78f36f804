//! What is remembered of forms that were shown: in Redis where there is one, else in the database.
//!
//! While Redis is away the database takes its place. What was written there meanwhile is found afterwards as well: what
//! came of a form counts wherever it is, and of two states the one that was written last.

use serde_json::Value as Json;
use uuid::Uuid;

use super::shared;
use super::store::{self, Build, Known};
use crate::db::{self, Db};
use crate::redis::{Error, Redis};
use crate::time::{Clock, Timestamp};

/// What is remembered of forms.
pub(super) struct Builds {
    db: Db,
    redis: Option<Redis>,
    clock: Clock,
}

impl Builds {
    pub fn new(db: Db, redis: Option<Redis>, clock: Clock) -> Self {
        Self { db, redis, clock }
    }

    /// What is known of a build.
    pub async fn load(&self, build: Build<'_>) -> db::Result<Known> {
        let now = self.clock.now();
        let stored = store::load(&self.db, build, now).await?;
        let Some(redis) = &self.redis else {
            return Ok(stored);
        };
        match shared::load(redis, build, now).await {
            Ok(known) => Ok(known.or(stored)),
            Err(error) => {
                note(&error);
                Ok(stored)
            }
        }
    }

    /// Makes the submission this caller's alone; false where another has it, or has ended it.
    pub async fn claim(&self, build: Build<'_>) -> db::Result<bool> {
        let now = self.clock.now();
        if let Some(redis) = &self.redis {
            match shared::claim(redis, build, now).await {
                Ok(claimed) => return Ok(claimed),
                Err(error) => note(&error),
            }
        }
        store::claim(&self.db, build, now).await
    }

    /// Keeps the state for the next page, and gives the claim back.
    pub async fn keep(&self, build: Build<'_>, state: &Json) -> db::Result<()> {
        if let Some(redis) = &self.redis {
            match shared::keep(redis, build, state, self.clock.now()).await {
                Ok(()) => return Ok(()),
                Err(error) => note(&error),
            }
        }
        store::keep(&self.db, build, state).await
    }

    /// Gives the claim back, wherever it is.
    pub async fn release(&self, build: Uuid) -> db::Result<()> {
        if let Some(redis) = &self.redis
            && let Err(error) = shared::release(redis, build).await
        {
            note(&error);
        }
        store::release(&self.db, build).await
    }

    /// Writes down what came of it. The state is not needed any more.
    pub async fn finish(&self, build: Build<'_>, ended: &Json) -> db::Result<()> {
        if let Some(redis) = &self.redis {
            match shared::finish(redis, build.id, ended).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => note(&error),
            }
        }
        store::finish(&self.db, build, ended).await
    }

    /// Removes some of what has expired from the database; Redis does so by itself.
    pub async fn prune(&self, now: Timestamp) -> db::Result<u64> {
        store::prune(&self.db, now).await
    }
}

/// That Redis is away is said where it is noticed; another error is a fault of the site.
fn note(error: &Error) {
    if !error.is_away() {
        tracing::error!("a form in Redis failed: {error}");
    }
}
