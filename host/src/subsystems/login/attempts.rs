//! Counting what fails, on all nodes together: five failures within fifteen minutes lock for fifteen minutes. In Redis
//! where there is one, else in the database.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::db;
use crate::subsystems::counter::Counters;
use crate::time::{Clock, Timestamp};

/// Failures that lock.
pub const LIMIT: u32 = 5;
/// How long a failure counts, and how long a lock lasts.
pub const WINDOW: Duration = Duration::from_secs(15 * 60);

/// The counts of failures.
pub struct Attempts {
    counters: Arc<Counters>,
    clock: Clock,
}

/// Whose failures are counted together. What it is made of is not stored: people type passwords where names belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The failures of one kind, such as `name`, with one thing.
    #[must_use]
    pub fn new(kind: &str, of: &str) -> Self {
        let digest = Sha256::digest(format!("{kind}\0{of}").as_bytes());
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn failures(&self) -> String {
        format!("failed:{}", self.0)
    }

    fn lock(&self) -> String {
        format!("locked:{}", self.0)
    }
}

impl Attempts {
    pub(in crate::subsystems) fn new(counters: Arc<Counters>, clock: Clock) -> Self {
        Self { counters, clock }
    }

    /// Until when further attempts are refused, if they are. It changes nothing and is cheap.
    ///
    /// # Errors
    /// The database failed.
    pub async fn locked(&self, key: &Key) -> db::Result<Option<Timestamp>> {
        let lock = self.counters.look_shared(&key.lock(), WINDOW, 1).await?;
        Ok((!lock.allowed).then(|| self.clock.now().plus(lock.retry_after)))
    }

    /// Counts an attempt before it is judged, so that a hundred at once are no more than five: it is taken for a
    /// failure until [`Attempts::clear`] is called.
    ///
    /// # Returns
    /// Whether this attempt, if it fails, locks; or until when attempts are refused.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin(&self, key: &Key) -> db::Result<Result<bool, Timestamp>> {
        if let Some(until) = self.locked(key).await? {
            return Ok(Err(until));
        }
        let counted = self.counters.hit_shared(&key.failures(), WINDOW, LIMIT).await?;
        if !counted.allowed {
            // Others were faster by a moment; the lock is theirs.
            return Ok(Err(self.clock.now().plus(WINDOW)));
        }
        let locks = counted.remaining == 0;
        if locks {
            // When it is over, the failures that led to it are as old, and count no more.
            self.counters.hit_shared(&key.lock(), WINDOW, 1).await?;
        }
        Ok(Ok(locks))
    }

    /// Forgets the failures after a success.
    ///
    /// # Errors
    /// The database failed.
    pub async fn clear(&self, key: &Key) -> db::Result<()> {
        self.counters.clear_shared(&key.failures()).await?;
        self.counters.clear_shared(&key.lock()).await
    }
}
