//! Rows as they came from a backend, and how they become Rust values.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Database, Executor, FromRow, IntoArguments};

use super::cell::{Cell, ColumnKind};
use super::{Error, Result};
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

    pub(super) fn read_cells(&self, kinds: &[ColumnKind]) -> Result<Vec<Vec<Cell>>> {
        match self {
            Self::Sqlite(rows) => rows.iter().map(|row| Cell::of_sqlite(row, kinds)).collect(),
            Self::Postgres(rows) => rows.iter().map(|row| Cell::of_postgres(row, kinds)).collect(),
        }
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
