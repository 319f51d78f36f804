//! How long a statement may run on SQLite, which has no limit of its own: the engine is asked over and over whether to
//! go on.
//!
//! Setting it up costs a message to the connection's thread: those that read have it from their beginning, the one that
//! writes gets it for each transaction. It holds for writes and for whatever plugins ask. Reads that the program's own
//! text describes take as long as they take, and end when nobody waits for them.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{SqliteConnection, SqlitePool};

/// How many steps of the engine lie between two questions: about a millisecond.
const STEPS: i32 = 50_000;
/// No statement is running that has a limit.
const NONE: u64 = u64::MAX;

static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Milliseconds since something asked first.
fn now() -> u64 {
    u64::try_from(BEGIN.elapsed().as_millis()).unwrap_or(NONE - 1)
}

/// The limit of the statements of a connection, for as long as somebody holds the connection.
pub(super) struct Limit {
    /// When the statement that runs has to be done.
    end: Arc<AtomicU64>,
    time: u64,
}

impl Limit {
    /// Puts the limit on a connection, in place of the one before. It takes hold with [`Self::begin`].
    pub(super) async fn on(connection: &mut SqliteConnection, time: Duration) -> sqlx::Result<Self> {
        let end = Arc::new(AtomicU64::new(NONE));
        let seen = end.clone();
        connection
            .lock_handle()
            .await?
            .set_progress_handler(STEPS, move || now() < seen.load(Ordering::Relaxed));
        Ok(Self {
            end,
            time: u64::try_from(time.as_millis()).unwrap_or(NONE),
        })
    }

    /// A statement begins now.
    pub(super) fn begin(&self) {
        self.end.store(now().saturating_add(self.time), Ordering::Relaxed);
    }

    /// A statement begins that may take as long as it takes.
    pub(super) fn begin_unlimited(&self) {
        self.end.store(NONE - 1, Ordering::Relaxed);
    }

    /// The statement is done.
    pub(super) fn finish(&self) {
        self.end.store(NONE, Ordering::Relaxed);
    }

    fn is_running(&self) -> bool {
        self.end.load(Ordering::Relaxed) != NONE
    }
}

impl Drop for Limit {
    /// Ends a statement that its caller has given up: nobody reads its answer.
    fn drop(&mut self) {
        if self.is_running() {
            self.end.store(0, Ordering::Relaxed);
        }
    }
}

/// A connection with a statement whose time runs.
pub(super) struct Limited {
    connection: PoolConnection<sqlx::Sqlite>,
    pub(super) limit: Limit,
}

impl Limited {
    pub(super) async fn acquire(pool: &SqlitePool, time: Duration) -> sqlx::Result<Self> {
        let mut connection = pool.acquire().await?;
        let limit = Limit::on(&mut connection, time).await?;
        limit.begin();
        Ok(Self { connection, limit })
    }
}

impl Deref for Limited {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Limited {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Drop for Limited {
    /// One that was given up in the midst of a statement is no good to those who set no limit.
    fn drop(&mut self) {
        if self.limit.is_running() {
            self.connection.close_on_drop();
        }
    }
}
