//! Counting what fails, on all nodes together: five failures within fifteen minutes lock for fifteen minutes.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::store;
use crate::db::{self, Db};
use crate::time::{Clock, Timestamp};

/// Failures that lock.
pub const LIMIT: i64 = 5;
/// How long a failure counts, and how long a lock lasts.
pub const WINDOW: Duration = Duration::from_secs(15 * 60);

/// The counts of failures.
pub struct Attempts {
    db: Db,
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
}

impl Attempts {
    pub(super) fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Until when further attempts are refused, if they are. It changes nothing and is cheap.
    ///
    /// # Errors
    /// The database failed.
    pub async fn locked(&self, key: &Key) -> db::Result<Option<Timestamp>> {
        let until = store::locked_until(&self.db, &key.0).await?;
        Ok(until.filter(|until| *until > self.clock.now()))
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
        let now = self.clock.now();
        let begun = store::begin(&self.db, &key.0, now, now.minus(WINDOW), now.plus(WINDOW), LIMIT).await?;
        Ok(match begun {
            Some(failures) => Ok(failures >= LIMIT),
            None => Err(now.plus(WINDOW)),
        })
    }

    /// Forgets the failures after a success.
    ///
    /// # Errors
    /// The database failed.
    pub async fn clear(&self, key: &Key) -> db::Result<()> {
        store::clear(&self.db, &key.0).await
    }
}
