//! SQL that a plugin wrote, for plugins that were granted it by name. For the raw-sql interface only: everything else
//! has [`Statement`](super::Statement), whose text is never data.

use sea_query::{Value, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Column, Connection as _, Row, SqlSafeStr, TypeInfo, ValueRef};

use super::limit::Limited;
use super::rows::fetch_cells;
use super::statement::Query;
use super::{Cell, Db, Error, Result, dialect};

impl Db {
    /// Runs a plugin's query, which can't write, and reads at most `most_rows` rows by the types that the database
    /// tells. For the raw-sql interface only.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if there are more rows, or more than 32 MiB of values.
    pub async fn raw_query(
        &self,
        text: String,
        params: Vec<Value>,
        most_rows: usize,
    ) -> Result<Vec<Vec<Cell>>> {
        let query = raw(text, params, true);
        let mut watch = self.observer().watch(query.name);
        let begin = dialect::begin_read(self.backend());
        // The transaction is never committed: what the text sets on the connection is undone with it.
        watch.see(match self {
            Self::Sqlite(db) => {
                let mut reader = db.readers.lend().await?.limited();
                let mut tx = reader.begin_with(begin).await?;
                let rows = fetch_cells(query.for_sqlite(), &mut *tx, most_rows, sqlite_cells).await;
                let undone = tx.rollback().await;
                if undone.is_ok() {
                    reader.finish();
                }
                rows
            }
            Self::Postgres(db) => {
                let mut tx = db.pool.begin_with(begin).await?;
                fetch_cells(query.for_postgres(), &mut *tx, most_rows, postgres_cells).await
            }
        })
    }

    /// Runs a plugin's statement in a transaction of its own. For the raw-sql interface only.
    ///
    /// # Returns
    /// How many rows it changed.
    pub async fn raw_execute(&self, text: String, params: Vec<Value>) -> Result<u64> {
        let query = raw(text, params, false);
        let mut watch = self.observer().watch(query.name);
        let begin = dialect::begin_write(self.backend());
        let run = async {
            match self {
                Self::Sqlite(db) => {
                    let mut connection = Limited::acquire(&db.writer, db.statement_timeout).await?;
                    let run = async {
                        let mut tx = connection.begin_with(begin).await?;
                        let done = query.for_sqlite().execute(&mut *tx).await?;
                        tx.commit().await?;
                        Ok(done.rows_affected())
                    };
                    let done = run.await;
                    connection.limit.finish();
                    done
                }
                Self::Postgres(db) => {
                    let mut tx = db.pool.begin_with(begin).await?;
                    let done = query.for_postgres().execute(&mut *tx).await?;
                    tx.commit().await?;
                    Ok(done.rows_affected())
                }
            }
        };
        watch.see(run.await)
    }
}

/// The one place where text that isn't the crate's own becomes a statement: its author was granted that by name.
fn raw(text: String, params: Vec<Value>, reads: bool) -> Query {
    let values = SqlxValues(Values(params));
    Query {
        name: "raw-sql",
        text: AssertSqlSafe(text).into_sql_str(),
        values,
        reads,
    }
}

/// SQLite knows the types of values; a column's says only more where it was declared as `BOOLEAN`.
fn sqlite_cells(row: &SqliteRow) -> Result<Vec<Cell>> {
    let cell = |column: &sqlx::sqlite::SqliteColumn| {
        let at = column.ordinal();
        let value = row.try_get_raw(at)?;
        if value.is_null() {
            return Ok(Cell::Null);
        }
        let stored = value.type_info();
        Ok(match (stored.name(), column.type_info().name()) {
            ("INTEGER", "BOOLEAN") | ("BOOLEAN", _) => Cell::Boolean(row.try_get(at)?),
            ("INTEGER", _) => Cell::Integer(row.try_get(at)?),
            ("REAL", _) => Cell::Floating(row.try_get(at)?),
            ("TEXT", _) => Cell::Text(row.try_get(at)?),
            _ => Cell::Bytes(row.try_get(at)?),
        })
    };
    row.columns().iter().map(cell).collect()
}

/// Postgres knows the types of columns.
fn postgres_cells(row: &PgRow) -> Result<Vec<Cell>> {
    let cell = |column: &sqlx::postgres::PgColumn| {
        let at = column.ordinal();
        if row.try_get_raw(at)?.is_null() {
            return Ok(Cell::Null);
        }
        Ok(match column.type_info().name() {
            "BOOL" => Cell::Boolean(row.try_get(at)?),
            "INT2" => Cell::Integer(row.try_get::<i16, _>(at)?.into()),
            "INT4" => Cell::Integer(row.try_get::<i32, _>(at)?.into()),
            "INT8" => Cell::Integer(row.try_get(at)?),
            "FLOAT4" => Cell::Floating(row.try_get::<f32, _>(at)?.into()),
            "FLOAT8" => Cell::Floating(row.try_get(at)?),
            "TEXT" | "VARCHAR" | "CHAR" | "NAME" => Cell::Text(row.try_get(at)?),
            "BYTEA" => Cell::Bytes(row.try_get(at)?),
            "UUID" => Cell::Id(row.try_get(at)?),
            "JSON" | "JSONB" => Cell::Json(row.try_get(at)?),
            other => return Err(unreadable(column.name(), other)),
        })
    };
    row.columns().iter().map(cell).collect()
}

fn unreadable(column: &str, kind: &str) -> Error {
    let problem =
        format!("column '{column}' has the type {kind}; cast it to text, bigint or double precision");
    Error::Other(problem.into())
}
