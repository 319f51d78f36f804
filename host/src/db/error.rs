//! What can go wrong with the database, as the decisions that a caller can take.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use super::migrate::MigrationError;

/// A failed statement, connection or migration.
///
/// # Names of constraints
/// [`Error::Unique`] names a constraint the same way on both backends: `table.column` for one column,
/// `table.column,column` for several, in the order of the index; the name of the index if it is on an expression,
/// such as `lower(name)`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// One row was asked for and there is none.
    #[error("there is no such row")]
    NotFound,
    /// A row with these values is there already.
    #[error("{constraint} must be unique")]
    Unique {
        /// Which, named as said above.
        constraint: String,
    },
    /// A row refers to one that isn't there, or is referred to by one that is.
    #[error("a reference to another row would be broken{}", named(constraint.as_deref()))]
    ForeignKey {
        /// Which, for the log: SQLite doesn't tell.
        constraint: Option<String>,
    },
    /// Others were faster: no connection or lock was free in time, or the transaction has to be done again.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// A plugin's query gave more than one answer may hold.
    #[error("the result is larger than {0}")]
    TooLarge(String),
    /// The statement ran longer than it may.
    #[error("the statement ran longer than the statement timeout")]
    Timeout,
    /// There is no room left for what is to be written.
    #[error("the database's disk is full: {0}")]
    Full(String),
    /// The database can't be reached or can't work: it may come back by itself.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database can't be used as it is set up; one line for the person who starts the server.
    #[error("{0}")]
    Setup(String),
    /// The schema can't be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// A mistake in a statement, or a value that isn't what its column should hold.
    #[error("the statement failed: {0}")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn named(constraint: Option<&str>) -> String {
    constraint.map(|name| format!(": {name}")).unwrap_or_default()
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as Sqlx;
        match error {
            Sqlx::RowNotFound => Self::NotFound,
            Sqlx::PoolTimedOut => Self::Busy("no connection was free in time".to_owned()),
            Sqlx::PoolClosed | Sqlx::WorkerCrashed | Sqlx::BeginFailed => {
                Self::Unavailable(error.to_string())
            }
            Sqlx::Io(error) => Self::Unavailable(error.to_string()),
            Sqlx::Tls(error) => Self::Unavailable(error.to_string()),
            Sqlx::Protocol(error) => Self::Unavailable(error),
            Sqlx::Database(answer) => match answer.try_downcast::<PgDatabaseError>() {
                Ok(answer) => from_postgres(*answer),
                Err(answer) => from_sqlite(answer),
            },
            error => Self::Other(error.into()),
        }
    }
}

/// By the code (<https://www.sqlite.org/rescode.html>); the low byte of it is the primary one.
fn from_sqlite(answer: Box<dyn DatabaseError>) -> Error {
    let message = answer.message().to_owned();
    if answer.is_unique_violation() {
        return Error::Unique {
            constraint: sqlite_constraint(&message),
        };
    }
    if answer.is_foreign_key_violation() {
        return Error::ForeignKey { constraint: None };
    }
    match sqlite_code(&*answer) {
        Some(BUSY | LOCKED) => Error::Busy(message),
        Some(INTERRUPT) => Error::Timeout,
        Some(FULL) => Error::Full(message),
        Some(IO_ERROR | CORRUPT | CANNOT_OPEN | READ_ONLY | NOT_A_DATABASE) => Error::Unavailable(message),
        _ => Error::Other(answer.into()),
    }
}

const BUSY: i32 = 5;
const LOCKED: i32 = 6;
pub(super) const READ_ONLY: i32 = 8;
const INTERRUPT: i32 = 9;
const IO_ERROR: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
pub(super) const CANNOT_OPEN: i32 = 14;
pub(super) const NOT_A_DATABASE: i32 = 26;

/// The primary result code of SQLite.
pub(super) fn sqlite_code(answer: &dyn DatabaseError) -> Option<i32> {
    answer.code()?.parse::<i32>().ok().map(|code| code & 0xff)
}

/// "UNIQUE constraint failed: account.name, account.mail" or "… failed: index 'account_name'".
fn sqlite_constraint(message: &str) -> String {
    let list = message.split_once(": ").map_or(message, |(_, list)| list);
    if let Some(index) = list.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let mut columns = list.split(", ");
    let first = columns.next().unwrap_or(list).to_owned();
    columns.fold(first, |names, column| {
        let column = column.rsplit_once('.').map_or(column, |(_, column)| column);
        names + "," + column
    })
}

/// By the SQLSTATE (<https://www.postgresql.org/docs/15/errcodes-appendix.html>).
fn from_postgres(answer: PgDatabaseError) -> Error {
    let message = answer.message().to_owned();
    match answer.code() {
        "23505" => Error::Unique {
            constraint: postgres_constraint(&answer),
        },
        "23503" => Error::ForeignKey {
            constraint: answer.constraint().map(str::to_owned),
        },
        "57014" => Error::Timeout,
        "53100" => Error::Full(message),
        "40001" | "40P01" | "55P03" => Error::Busy(message),
        code if ["08", "53", "58", "57P"]
            .iter()
            .any(|class| code.starts_with(class)) =>
        {
            Error::Unavailable(message)
        }
        _ => Error::Other(answer.into()),
    }
}

fn postgres_constraint(answer: &PgDatabaseError) -> String {
    let index = answer.constraint().unwrap_or_default();
    let columns = answer.detail().and_then(key_columns);
    match (answer.table(), columns) {
        (Some(table), Some(columns)) => format!("{table}.{columns}"),
        _ => index.to_owned(),
    }
}

/// "Key (stage, path)=(live, /about) already exists.", in whatever language; none if an expression is among them.
fn key_columns(detail: &str) -> Option<String> {
    let (_, rest) = detail.split_once('(')?;
    let (columns, _) = rest.split_once(")=(")?;
    let plain = !columns.contains(['(', ' ', '"']) || columns.split(", ").all(is_plain);
    plain.then(|| columns.replace(", ", ",").replace('"', ""))
}

fn is_plain(column: &str) -> bool {
    column
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == '"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_of_both_backends_get_the_same_names() {
        assert_eq!(
            sqlite_constraint("UNIQUE constraint failed: account.name"),
            "account.name"
        );
        assert_eq!(
            sqlite_constraint("UNIQUE constraint failed: alias.stage, alias.path"),
            "alias.stage,path"
        );
        assert_eq!(
            sqlite_constraint("UNIQUE constraint failed: index 'account_name'"),
            "account_name"
        );
        assert_eq!(
            key_columns("Key (name)=(ada) already exists.").as_deref(),
            Some("name")
        );
        assert_eq!(
            key_columns("Schlüssel »(stage, path)=(x, y)« existiert.").as_deref(),
            Some("stage,path")
        );
        assert_eq!(key_columns("Key (lower(name))=(ada) already exists."), None);
    }
}
