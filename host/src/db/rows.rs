//! Rows as they came from a backend, and how they become Rust values.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Database, Executor, FromRow, IntoArguments};

use super::cell::Cell;
use super::{Error, Result};
use futures_util::TryStreamExt;
use sea_query_sqlx::SqlxValues;

/// A type that a row of either backend can be read into. It is there for whatever derives [`FromRow`] and for
/// tuples of values.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{}

/// How many of a statement's rows are wanted.
#[derive(Clone, Copy)]
pub(super) enum Want {
    First,
    All,
}

/// What a statement answered.
pub(super) enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

impl Rows {
    pub(super) fn read<T: Row>(&self) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(rows) => rows
                .iter()
                .map(|row| T::from_row(row).map_err(Error::from))
                .collect(),
            Self::Postgres(rows) => rows
                .iter()
                .map(|row| T::from_row(row).map_err(Error::from))
                .collect(),
        }
    }

    pub(super) fn read_first<T: Row>(&self) -> Result<Option<T>> {
        Ok(match self {
            Self::Sqlite(rows) => rows.first().map(T::from_row).transpose()?,
            Self::Postgres(rows) => rows.first().map(T::from_row).transpose()?,
        })
    }
}

/// Runs a query and brings the rows.
pub(super) async fn fetch<'c, DB, E>(
    query: sqlx::query::Query<'static, DB, SqlxValues>,
    executor: E,
    want: Want,
) -> sqlx::Result<Vec<DB::Row>>
where
    DB: Database,
    SqlxValues: IntoArguments<DB>,
    E: Executor<'c, Database = DB>,
{
    match want {
        Want::All => query.fetch_all(executor).await,
        Want::First => Ok(query.fetch_optional(executor).await?.into_iter().collect()),
    }
}

/// The most bytes of values that a result of dynamic rows may hold.
const MOST_BYTES: usize = 32 << 20;

/// Runs a query and reads its rows as they come, so that never more is held than an answer may hold.
///
/// # Errors
/// [`Error::TooLarge`] for more than `most_rows` rows or 32 MiB of values.
pub(super) async fn fetch_cells<'c, DB, E>(
    query: sqlx::query::Query<'static, DB, SqlxValues>,
    executor: E,
    most_rows: usize,
    read: impl Fn(&DB::Row) -> Result<Vec<Cell>>,
) -> Result<Vec<Vec<Cell>>>
where
    DB: Database,
    SqlxValues: IntoArguments<DB>,
    E: Executor<'c, Database = DB>,
{
    let mut rows = query.fetch(executor);
    let mut read_rows = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.try_next().await? {
        if read_rows.len() == most_rows {
            return Err(Error::TooLarge(format!("{most_rows} rows")));
        }
        let cells = read(&row)?;
        bytes += cells.iter().map(Cell::bytes).sum::<usize>();
        if bytes > MOST_BYTES {
            return Err(Error::TooLarge(format!("{} MiB", MOST_BYTES >> 20)));
        }
        read_rows.push(cells);
    }
    Ok(read_rows)
}
