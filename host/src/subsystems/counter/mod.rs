//! How often something was done of late: at most so many times in any window that slides along.
//!
//! Two flavours. [`Counters::hit`] is for limits of rates: in Redis where there is one, in the process's memory while
//! there is none, never an error. [`Counters::hit_shared`] is for what all nodes must agree on and a restart must not
//! forget: in Redis, else in the database. What is refused is not counted: whoever waits gets through.

mod host;
mod memory;
mod model;
mod shared;
mod store;

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Interface, Linked, Subsystem};
use crate::db::{self, Db};
use crate::redis::Redis;
use crate::time::Clock;
use crate::wit;
use memory::Memory;

pub use model::{Decision, Limit};

/// Longer keys are counted under their digest.
const KEY_LIMIT: usize = 120;
/// Between two looks for keys of the database whose window is over.
const PRUNE: Duration = Duration::from_secs(600);

/// The counters.
pub struct Counters {
    db: Db,
    redis: Option<Redis>,
    clock: Clock,
    memory: Memory,
    pruned: AtomicI64,
}

impl Counters {
    /// Counters that have counted nothing.
    #[must_use]
    pub fn new(db: Db, redis: Option<Redis>, clock: Clock) -> Self {
        let pruned = AtomicI64::new(clock.now().as_millis());
        Self {
            db,
            redis,
            clock,
            memory: Memory::new(),
            pruned,
        }
    }

    /// Counts `key`, if it was counted less than `limit` times in the last `window`.
    ///
    /// What this node has counted by itself is enough to refuse: a flood costs Redis nothing, and goes on being
    /// refused while Redis is away.
    pub async fn hit(&self, key: &str, window: Duration, limit: u32) -> Decision {
        let (limit, now) = (Limit::new(limit, window), self.clock.now().as_millis());
        let key = short(key);
        let Some(redis) = &self.redis else {
            return self.memory.hit(&key, limit, now);
        };
        if let Some(refused) = self.memory.is_used_up(&key, limit, now) {
            return refused;
        }
        match shared::hit(redis, &key, limit, now, true).await {
            Ok(decision) => {
                if decision.allowed {
                    self.memory.hit(&key, limit, now);
                }
                decision
            }
            Err(error) => {
                note(&error);
                self.memory.hit(&key, limit, now)
            }
        }
    }

    /// As [`Counters::hit`], for all nodes: in Redis, or without it in the database.
    ///
    /// # Errors
    /// The database failed.
    pub async fn hit_shared(&self, key: &str, window: Duration, limit: u32) -> db::Result<Decision> {
        let (limit, now) = (Limit::new(limit, window), self.clock.now().as_millis());
        let key = short(key);
        if let Some(redis) = &self.redis {
            match shared::hit(redis, &key, limit, now, true).await {
                Ok(decision) => return Ok(decision),
                Err(error) => note(&error),
            }
        }
        let decision = store::hit(&self.db, &key, limit, now).await?;
        self.prune().await;
        Ok(decision)
    }

    /// Whether [`Counters::hit_shared`] would be allowed. Nothing is counted. What was counted in the database while
    /// Redis was away counts as well.
    ///
    /// # Errors
    /// The database failed.
    pub async fn look_shared(&self, key: &str, window: Duration, limit: u32) -> db::Result<Decision> {
        let (limit, now) = (Limit::new(limit, window), self.clock.now().as_millis());
        let key = short(key);
        if let Some(redis) = &self.redis {
            match shared::hit(redis, &key, limit, now, false).await {
                Ok(decision) if !decision.allowed => return Ok(decision),
                Ok(_) => {}
                Err(error) => note(&error),
            }
        }
        store::look(&self.db, &key, limit, now).await
    }

    /// Forgets what [`Counters::hit_shared`] has counted.
    ///
    /// # Errors
    /// The database failed.
    pub async fn clear_shared(&self, key: &str) -> db::Result<()> {
        let key = short(key);
        if let Some(redis) = &self.redis
            && let Err(error) = shared::clear(redis, &key).await
        {
            note(&error);
        }
        store::clear(&self.db, &key).await
    }

    /// Now and then, whoever counts tidies up.
    async fn prune(&self) {
        let now = self.clock.now();
        let last = self.pruned.load(Ordering::Relaxed);
        if now.since(last.into()) < PRUNE {
            return;
        }
        let turn = self
            .pruned
            .compare_exchange(last, now.as_millis(), Ordering::Relaxed, Ordering::Relaxed);
        if turn.is_ok()
            && let Err(error) = store::prune(&self.db, now).await
        {
            tracing::debug!("old counters could not be dropped: {error}");
        }
    }
}

/// That Redis is away is said where it is noticed; another error is a fault of the site.
fn note(error: &crate::redis::Error) {
    if !error.is_away() {
        tracing::error!("a counter in Redis failed: {error}");
    }
}

fn short(key: &str) -> std::borrow::Cow<'_, str> {
    if key.len() <= KEY_LIMIT {
        return key.into();
    }
    let digest = Sha256::digest(key.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}").into()
}

impl Subsystem for Counters {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::open("counters", |linker| {
            wit::counters::add_to_linker::<_, Linked<Self>>(linker, |call| call.waiting_view())
        })]
    }
}
