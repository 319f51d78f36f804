//! The connections that read a SQLite file.
//!
//! The driver's own pool asks a connection for a sign of life whenever it gets it back, in a task of its own. For a file
//! that is another message to the connection's thread and back, as dear as most reads. Here a connection whose statement
//! has ended is put back at once, and one whose statement was given up is closed.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::time::timeout;

use super::limit::Limit;

/// Connections that read. Clones share them.
#[derive(Clone)]
pub(super) struct Readers {
    shared: Arc<Shared>,
}

struct Shared {
    target: SqliteConnectOptions,
    /// How long whoever comes waits for one.
    patience: Duration,
    statement_timeout: Duration,
    most: u32,
    room: Arc<Semaphore>,
    idle: Mutex<Vec<Reader>>,
    is_closed: AtomicBool,
}

struct Reader {
    connection: SqliteConnection,
    limit: Limit,
}

impl Readers {
    /// Opens the first of them; the others are opened when they are needed.
    pub(super) async fn open(
        target: SqliteConnectOptions,
        most: u32,
        patience: Duration,
        statement_timeout: Duration,
    ) -> sqlx::Result<Self> {
        let most = most.max(1);
        let shared = Shared {
            target,
            patience,
            statement_timeout,
            most,
            room: Arc::new(Semaphore::new(most as usize)),
            idle: Mutex::default(),
            is_closed: AtomicBool::new(false),
        };
        let first = shared.connect().await?;
        shared.idle().push(first);
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// A connection for one statement.
    ///
    /// # Errors
    /// [`sqlx::Error::PoolTimedOut`] if none becomes free in time, [`sqlx::Error::PoolClosed`] after [`Self::close`].
    pub(super) async fn lend(&self) -> sqlx::Result<Lent> {
        let shared = &self.shared;
        let room = match shared.room.clone().try_acquire_owned() {
            Err(TryAcquireError::NoPermits) => timeout(shared.patience, shared.room.clone().acquire_owned())
                .await
                .map_err(|_| sqlx::Error::PoolTimedOut)?
                .ok(),
            room => room.ok(),
        };
        let room = room
            .filter(|_| !shared.is_closed.load(Ordering::Acquire))
            .ok_or(sqlx::Error::PoolClosed)?;
        let idle = shared.idle().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => shared.connect().await?,
        };
        // Until somebody limits it: a statement that is given up is ended all the same.
        reader.limit.begin_unlimited();
        Ok(Lent {
            reader,
            readers: shared.clone(),
            room,
        })
    }

    /// Closes all once their statements are done.
    pub(super) async fn close(&self) {
        let shared = &self.shared;
        shared.is_closed.store(true, Ordering::Release);
        if let Ok(all) = shared.room.acquire_many(shared.most).await {
            all.forget();
            shared.room.close();
        }
        let idle = std::mem::take(&mut *shared.idle());
        for reader in idle {
            if let Err(error) = reader.connection.close().await {
                tracing::warn!("a connection to the database was not closed well: {error}");
            }
        }
    }
}

impl Shared {
    fn idle(&self) -> MutexGuard<'_, Vec<Reader>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connect(&self) -> sqlx::Result<Reader> {
        let mut connection = SqliteConnection::connect_with(&self.target).await?;
        let limit = Limit::on(&mut connection, self.statement_timeout).await?;
        Ok(Reader { connection, limit })
    }
}

/// A connection on loan. It is closed, and its statement is ended, unless the statement [has ended](Self::finish).
pub(super) struct Lent {
    reader: Reader,
    readers: Arc<Shared>,
    room: OwnedSemaphorePermit,
}

impl Lent {
    /// Limits the time of the statement that begins now.
    pub(super) fn limited(self) -> Self {
        self.reader.limit.begin();
        self
    }

    /// The statement has ended, well or not: the connection is good for another.
    pub(super) fn finish(self) {
        self.reader.limit.finish();
        self.readers.idle().push(self.reader);
        // Only now, so that whoever has waited finds it.
        drop(self.room);
    }
}

impl Deref for Lent {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.reader.connection
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.reader.connection
    }
}
