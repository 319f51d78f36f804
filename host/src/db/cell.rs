//! Rows whose columns are known only at run time: those of plugins' statements.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Database, Decode, Type};
use uuid::Uuid;

use super::Result;
use crate::time::Timestamp;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// `BOOLEAN`; 0 and 1 on SQLite.
    Boolean,
    /// `BIGINT`.
    Integer,
    /// `DOUBLE PRECISION`.
    Floating,
    /// `TEXT`.
    Text,
    /// `BYTEA`, `BLOB` on SQLite.
    Bytes,
    /// `UUID`; a `BLOB` of 16 bytes on SQLite.
    Id,
    /// `BIGINT` of milliseconds.
    Moment,
    /// `JSONB`; `TEXT` on SQLite.
    Json,
}

/// A value of one column of one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// An IEEE 754 double.
    Floating(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An identifier.
    Id(Uuid),
    /// A moment.
    Moment(Timestamp),
    /// JSON.
    Json(serde_json::Value),
}

impl Cell {
    /// How many bytes it holds, about.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Json(json) => json_bytes(json),
            _ => size_of::<Self>(),
        }
    }

    pub(super) fn of_sqlite(row: &SqliteRow, kinds: &[ColumnKind]) -> Result<Vec<Self>> {
        read_all(row, kinds)
    }

    pub(super) fn of_postgres(row: &PgRow, kinds: &[ColumnKind]) -> Result<Vec<Self>> {
        read_all(row, kinds)
    }
}

/// A value that a row of backend `DB` can hold.
trait Stored<'r, DB: Database>: Decode<'r, DB> + Type<DB> {}

impl<'r, DB: Database, T: Decode<'r, DB> + Type<DB>> Stored<'r, DB> for T {}

fn read_all<'r, R>(row: &'r R, kinds: &[ColumnKind]) -> Result<Vec<Cell>>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    bool: Stored<'r, R::Database>,
    i64: Stored<'r, R::Database>,
    f64: Stored<'r, R::Database>,
    String: Stored<'r, R::Database>,
    Vec<u8>: Stored<'r, R::Database>,
    Uuid: Stored<'r, R::Database>,
    serde_json::Value: Stored<'r, R::Database>,
{
    let cell = |(at, kind): (usize, &ColumnKind)| {
        Ok(match kind {
            ColumnKind::Boolean => read(row, at)?.map(Cell::Boolean),
            ColumnKind::Integer => read(row, at)?.map(Cell::Integer),
            ColumnKind::Floating => read(row, at)?.map(Cell::Floating),
            ColumnKind::Text => read(row, at)?.map(Cell::Text),
            ColumnKind::Bytes => read(row, at)?.map(Cell::Bytes),
            ColumnKind::Id => read(row, at)?.map(Cell::Id),
            ColumnKind::Moment => read(row, at)?.map(|millis| Cell::Moment(Timestamp(millis))),
            ColumnKind::Json => read(row, at)?.map(Cell::Json),
        }
        .unwrap_or(Cell::Null))
    };
    kinds.iter().enumerate().map(cell).collect()
}

fn read<'r, R, T>(row: &'r R, at: usize) -> Result<Option<T>>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    T: Stored<'r, R::Database>,
{
    Ok(row.try_get::<Option<T>, _>(at)?)
}

/// What JSON takes in memory, about: each value has a place of its own.
fn json_bytes(json: &serde_json::Value) -> usize {
    let within: usize = match json {
        serde_json::Value::String(text) => text.len(),
        serde_json::Value::Array(values) => values.iter().map(json_bytes).sum(),
        serde_json::Value::Object(members) => members
            .iter()
            .map(|(name, value)| name.len() + json_bytes(value))
            .sum(),
        _ => 0,
    };
    size_of::<serde_json::Value>() + within
}
