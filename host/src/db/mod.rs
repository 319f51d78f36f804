//! The database: one vocabulary for SQLite and Postgres.
//!
//! The only code that knows sqlx. It knows no table but its own two, `schema_migration` and `lease`, and nothing of
//! what is built on it.
//!
//! A caller writes a [`Statement`] once, as [`sql`] text with `$1` or as a sea-query tree, derives [`FromRow`] on
//! the row once, and gets the same on both backends. Where the backends need different words, [`dialect`] has
//! them. Values: ids are `UUID` (a 16-byte `BLOB` on SQLite), moments `BIGINT` milliseconds, JSON is `JSONB` (`TEXT`
//! on SQLite), whole numbers are `BIGINT` and `i64`.

mod cell;
mod connect;
pub mod dialect;
mod error;
pub mod lease;
mod limit;
pub mod migrate;
mod observe;
mod raw;
mod readers;
mod rows;
mod statement;
mod tx;
mod value;

#[cfg(test)]
mod tests;

pub use sqlx::FromRow;
pub use sqlx::types::Json;

pub use cell::{Cell, ColumnKind};
pub use connect::{Options, Synchronous};
pub use error::Error;
pub use observe::Observe;
pub use rows::Row;
pub use statement::{IntoParams, Statement, sql, trusted_sql};
pub use tx::Tx;

use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt};
use sqlx::sqlite::SqliteRow;
use sqlx::{PgPool, SqlitePool};

use tokio::sync::mpsc;

use limit::Limited;
use observe::Observer;
use readers::Readers;
use rows::{Rows, Want, fetch, fetch_cells};
use statement::Query;

/// Rows of a stream that are read before somebody asks for them.
const ROWS_AHEAD: usize = 64;

/// What every verb answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Which database is behind a [`Db`]. For [`dialect`] and the log, not for decisions in a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// SQLite: a file.
    Sqlite,
    /// Postgres: a server.
    Postgres,
}

/// A database. Clones share their connections.
#[derive(Clone)]
pub enum Db {
    /// One file, one writer, many readers.
    Sqlite(Sqlite),
    /// A pool of connections to a server.
    Postgres(Postgres),
}

/// The connections to a SQLite file.
#[derive(Clone)]
pub struct Sqlite {
    writer: SqlitePool,
    readers: Readers,
    observer: Observer,
    statement_timeout: Duration,
}

impl Sqlite {
    async fn execute(&self, query: Query) -> Result<u64> {
        let mut connection = Limited::acquire(&self.writer, self.statement_timeout).await?;
        let done = query.for_sqlite().execute(&mut *connection).await;
        connection.limit.finish();
        Ok(done?.rows_affected())
    }

    async fn fetch(&self, query: Query, want: Want) -> sqlx::Result<Vec<SqliteRow>> {
        if query.reads {
            let mut reader = self.readers.lend().await?;
            let rows = fetch(query.for_sqlite(), &mut *reader, want).await;
            reader.finish();
            return rows;
        }
        let mut connection = Limited::acquire(&self.writer, self.statement_timeout).await?;
        let rows = fetch(query.for_sqlite(), &mut *connection, want).await;
        connection.limit.finish();
        rows
    }

    async fn fetch_dynamic(&self, query: Query, kinds: &[ColumnKind]) -> Result<Vec<Vec<Cell>>> {
        let read = |row: &_| Cell::of_sqlite(row, kinds);
        if query.reads {
            let mut reader = self.readers.lend().await?.limited();
            let rows = fetch_cells(query.for_sqlite(), &mut *reader, usize::MAX, read).await;
            reader.finish();
            return rows;
        }
        let mut connection = Limited::acquire(&self.writer, self.statement_timeout).await?;
        let rows = fetch_cells(query.for_sqlite(), &mut *connection, usize::MAX, read).await;
        connection.limit.finish();
        rows
    }

    /// Rows one by one. Those that are read come through a task, which has the connection until it is left.
    fn stream(&self, query: Query) -> BoxStream<'static, sqlx::Result<SqliteRow>> {
        if !query.reads {
            return query.for_sqlite().fetch(&self.writer.clone()).boxed();
        }
        let readers = self.readers.clone();
        let (rows, received) = mpsc::channel(ROWS_AHEAD);
        tokio::spawn(async move {
            let mut reader = match readers.lend().await {
                Ok(reader) => reader,
                Err(error) => return drop(rows.send(Err(error)).await),
            };
            let mut read = query.for_sqlite().fetch(&mut *reader);
            while let Some(row) = read.next().await {
                if rows.send(row).await.is_err() {
                    // Whoever asked has left: the statement is ended with the connection.
                    return;
                }
            }
            drop(read);
            reader.finish();
        });
        let next = async |mut received: mpsc::Receiver<_>| received.recv().await.map(|row| (row, received));
        stream::unfold(received, next).boxed()
    }
}

/// The connections to a Postgres server.
#[derive(Clone)]
pub struct Postgres {
    pool: PgPool,
    observer: Observer,
}

impl Postgres {
    /// What kept a statement from a connection. The pool retries a server that refuses until its time is over; that
    /// it could have made another connection tells an absent server from a busy one.
    fn fault(&self, error: sqlx::Error) -> Error {
        let may_grow = self.pool.size() < self.pool.options().get_max_connections();
        match error {
            sqlx::Error::PoolTimedOut if may_grow => {
                Error::Unavailable("the server doesn't answer".to_owned())
            }
            error => error.into(),
        }
    }
}

impl Db {
    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self {
            Self::Sqlite(_) => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }

    /// Runs a statement for its effect.
    ///
    /// # Returns
    /// How many rows it changed.
    pub async fn execute(&self, statement: impl Into<Statement>) -> Result<u64> {
        let query = statement.into().render(self.backend())?;
        let mut watch = self.observer().watch(query.name);
        watch.see(match self {
            Self::Sqlite(db) => db.execute(query).await,
            Self::Postgres(db) => match query.for_postgres().execute(&db.pool).await {
                Ok(done) => Ok(done.rows_affected()),
                Err(error) => Err(db.fault(error)),
            },
        })
    }

    /// The first row.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn fetch_one<T: Row>(&self, statement: impl Into<Statement>) -> Result<T> {
        self.fetch_optional(statement).await?.ok_or(Error::NotFound)
    }

    /// The first row, if there is one.
    pub async fn fetch_optional<T: Row>(&self, statement: impl Into<Statement>) -> Result<Option<T>> {
        self.rows(statement.into(), Want::First).await?.read_first()
    }

    /// All rows. For a statement that bounds their number; see [`Db::stream`].
    pub async fn fetch_all<T: Row>(&self, statement: impl Into<Statement>) -> Result<Vec<T>> {
        self.rows(statement.into(), Want::All).await?.read()
    }

    /// All rows of a statement whose columns are known only at run time, each with one cell for each of `kinds`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more than 32 MiB of values. The statement bounds the number of rows.
    pub async fn fetch_dynamic(
        &self,
        statement: impl Into<Statement>,
        kinds: &[ColumnKind],
    ) -> Result<Vec<Vec<Cell>>> {
        let query = statement.into().render(self.backend())?;
        let mut watch = self.observer().watch(query.name);
        watch.see(match self {
            Self::Sqlite(db) => db.fetch_dynamic(query, kinds).await,
            Self::Postgres(db) => {
                let read = |row: &_| Cell::of_postgres(row, kinds);
                fetch_cells(query.for_postgres(), &db.pool, usize::MAX, read).await
            }
        })
    }

    /// The rows one by one, for results of any size. It holds a connection until it is dropped.
    pub fn stream<T: Row>(&self, statement: impl Into<Statement>) -> BoxStream<'static, Result<T>> {
        let query = match statement.into().render(self.backend()) {
            Ok(query) => query,
            Err(error) => return stream::once(async { Err(error) }).boxed(),
        };
        let mut watch = self.observer().watch(query.name);
        match self {
            Self::Sqlite(db) => {
                let rows = db.stream(query);
                rows.map(move |row| watch.see(row.and_then(|row| T::from_row(&row)).map_err(Error::from)))
                    .boxed()
            }
            Self::Postgres(db) => {
                let rows = query.for_postgres().fetch(&db.pool);
                let db = db.clone();
                rows.map(move |row| {
                    watch.see(
                        row.and_then(|row| T::from_row(&row))
                            .map_err(|error| db.fault(error)),
                    )
                })
                .boxed()
            }
        }
    }

    /// Begins a transaction that writes. On SQLite it is the only one until it ends: never hold it across a call
    /// to a plugin or over the network. It is rolled back unless it is [committed](Tx::commit).
    ///
    /// # Errors
    /// [`Error::Busy`] if the turn to write doesn't come in time.
    pub async fn begin(&self) -> Result<Tx> {
        Tx::begin(self).await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.fetch_one::<(i64,)>(sql("SELECT CAST(1 AS bigint)", ()).named("db.ping"))
            .await
            .map(drop)
    }

    /// Closes all connections once their statements are done. What is asked of it from then on is
    /// [`Error::Unavailable`].
    pub async fn close(&self) {
        match self {
            Self::Sqlite(db) => {
                // The last to close moves the write-ahead log into the file: only the writer can.
                db.readers.close().await;
                db.writer.close().await;
            }
            Self::Postgres(db) => db.pool.close().await,
        }
    }

    async fn rows(&self, statement: Statement, want: Want) -> Result<Rows> {
        let query = statement.render(self.backend())?;
        let mut watch = self.observer().watch(query.name);
        let rows = match self {
            Self::Sqlite(db) => match db.fetch(query, want).await {
                Ok(rows) => Ok(Rows::Sqlite(rows)),
                Err(error) => Err(error.into()),
            },
            Self::Postgres(db) => match fetch(query.for_postgres(), &db.pool, want).await {
                Ok(rows) => Ok(Rows::Postgres(rows)),
                Err(error) => Err(db.fault(error)),
            },
        };
        watch.see(rows)
    }

    fn observer(&self) -> &Observer {
        match self {
            Self::Sqlite(db) => &db.observer,
            Self::Postgres(db) => &db.observer,
        }
    }
}
