//! Opening a database, and saying in one line what is in the way.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection;
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};

use super::error::{CANNOT_OPEN, NOT_A_DATABASE, READ_ONLY, sqlite_code};
use super::observe::{Observe, Observer};
use super::readers::Readers;
use super::{Db, Error, Postgres, Result, Sqlite};

/// How long opening a database may take before it counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(3);
/// The oldest Postgres that has all that is used, as it reports itself.
const OLDEST_POSTGRES: i32 = 150_000;
/// A connection that was idle for longer is tried before it is used: the server may have gone and come back.
const FRESH: Duration = Duration::from_secs(1);

/// How a database is used.
#[derive(Clone)]
pub struct Options {
    /// Connections to Postgres; readers of a SQLite file, which has one writer besides. At least 1.
    pub max_connections: u32,
    /// How long to wait for a free connection, which on SQLite includes the turn to write.
    pub acquire_timeout: Duration,
    /// How long a statement may run. On SQLite this holds for writes, in transactions and for what plugins ask.
    pub statement_timeout: Duration,
    /// How long SQLite waits for a lock that another process holds.
    pub busy_timeout: Duration,
    /// When SQLite counts a commit as done.
    pub synchronous: Synchronous,
    /// Prepared statements that a connection keeps.
    pub statement_cache: usize,
    /// Is told of every statement.
    pub observe: Option<Arc<dyn Observe>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_connections: 16,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(15),
            busy_timeout: Duration::from_secs(5),
            synchronous: Synchronous::Full,
            statement_cache: 256,
            observe: None,
        }
    }
}

/// When SQLite counts a commit as done (<https://www.sqlite.org/pragma.html#pragma_synchronous>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// Once it is on the disk: it survives a power cut.
    #[default]
    Full,
    /// Once the system has it: it survives a crash of the process, a power cut may undo the last ones.
    Normal,
}

impl Db {
    /// Opens the database at `url`: `sqlite:path` (the file and its folder are made if they aren't there) or
    /// `postgres://user:password@host:port/name`.
    ///
    /// # Errors
    /// [`Error::Setup`], within three seconds, in one line that names what is in the way and never a password.
    pub async fn connect(url: &str, options: &Options) -> Result<Self> {
        let scheme = url.split_once(':').map(|(scheme, _)| scheme);
        match scheme {
            Some("sqlite") => open_file(&sqlite_path(url)?, options).await.map(Self::Sqlite),
            Some("postgres" | "postgresql") => open_server(url, options).await.map(Self::Postgres),
            _ => Err(Error::Setup(
                "a database URL begins with sqlite: or postgres://".to_owned(),
            )),
        }
    }
}

fn sqlite_path(url: &str) -> Result<PathBuf> {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path == ":memory:" {
        return Err(Error::Setup(
            "a SQLite URL names a file: sqlite:data/trovato.db".to_owned(),
        ));
    }
    Ok(PathBuf::from(path))
}

async fn open_file(path: &Path, options: &Options) -> Result<Sqlite> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)
            .map_err(|error| Error::Setup(format!("can't make the folder {}: {error}", folder.display())))?;
    }
    let common = of_file(path, options);
    let fault = |error| Error::Setup(file_fault(path, &error));
    // The writer comes first: it makes the file and turns the write-ahead log on.
    let writer = open_writer(common.clone(), options).await.map_err(fault)?;
    let readers = Readers::open(
        common.read_only(true),
        options.max_connections,
        options.acquire_timeout,
        options.statement_timeout,
    )
    .await
    .map_err(fault)?;
    Ok(Sqlite {
        writer,
        readers,
        observer: Observer::new(options.observe.clone()),
        statement_timeout: options.statement_timeout,
    })
}

/// What every connection to a file has.
fn of_file(path: &Path, options: &Options) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(options.busy_timeout)
        .statement_cache_capacity(options.statement_cache)
        .pragma("temp_store", "memory")
        // Each connection has its own, and the system keeps the file in memory for all of them. The file is not mapped:
        // every connection would map it whole, and a server with 16 readers would seem to hold it 16 times.
        .pragma("cache_size", "-1000")
}

async fn open_writer(common: SqliteConnectOptions, options: &Options) -> sqlx::Result<SqlitePool> {
    let write = common
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("journal_size_limit", "67108864")
        .synchronous(match options.synchronous {
            Synchronous::Full => SqliteSynchronous::Full,
            Synchronous::Normal => SqliteSynchronous::Normal,
        });
    pool(1, options)
        .min_connections(1)
        // A full disk or an end before its time undoes a transaction without the driver's knowledge: then it takes the
        // connection to be in one for ever.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(write)
        .await
}

/// The connections of a file need neither trial nor renewal.
fn pool(max: u32, options: &Options) -> PoolOptions<sqlx::Sqlite> {
    PoolOptions::new()
        .max_connections(max.max(1))
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

fn file_fault(path: &Path, error: &sqlx::Error) -> String {
    let path = path.display();
    match error.as_database_error().and_then(sqlite_code) {
        Some(NOT_A_DATABASE) => format!("{path} is not a SQLite database"),
        Some(CANNOT_OPEN) => format!("can't open {path}: its folder can't be written, or it is no file"),
        Some(READ_ONLY) => format!("can't write {path}: the file or its folder is read-only"),
        _ => format!("can't open {path}: {}", one_line(error)),
    }
}

async fn open_server(url: &str, options: &Options) -> Result<Postgres> {
    let target = PgConnectOptions::from_str(url)
        .map_err(|error| Error::Setup(format!("the Postgres URL is wrong: {}", one_line(&error))))?
        .application_name("trovato")
        .statement_cache_capacity(options.statement_cache)
        .options([(
            "statement_timeout",
            options.statement_timeout.as_millis().to_string(),
        )]);
    // One connection by hand: the pool would wait for a server that refuses and hide why.
    tokio::time::timeout(PATIENCE, try_server(&target))
        .await
        .map_err(|_| {
            let seconds = PATIENCE.as_secs();
            Error::Setup(format!(
                "can't reach Postgres at {}: no answer in {seconds} s",
                place(&target)
            ))
        })??;
    let pool: PgPool = PoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(|connection: &mut PgConnection, meta| {
            Box::pin(async move {
                if meta.idle_for > FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(target);
    Ok(Postgres {
        pool,
        observer: Observer::new(options.observe.clone()),
    })
}

#[expect(clippy::disallowed_methods, reason = "this module knows sqlx")]
async fn try_server(target: &PgConnectOptions) -> Result<()> {
    let fault = |error: sqlx::Error| Error::Setup(server_fault(target, &error));
    let mut connection = PgConnection::connect_with(target).await.map_err(fault)?;
    let server: (i32, String) = sqlx::query_as(
        "SELECT CAST(current_setting('server_version_num') AS integer), current_setting('server_encoding')",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(fault)?;
    connection.close().await.map_err(fault)?;
    match server {
        (version, _) if version < OLDEST_POSTGRES => Err(Error::Setup(format!(
            "Postgres at {} is older than version 15",
            place(target)
        ))),
        (_, encoding) if encoding != "UTF8" => Err(Error::Setup(format!(
            "the database on {} is in {encoding}; it must be in UTF8",
            place(target)
        ))),
        _ => Ok(()),
    }
}

fn server_fault(target: &PgConnectOptions, error: &sqlx::Error) -> String {
    let place = place(target);
    let database = target.get_database().unwrap_or_else(|| target.get_username());
    match error
        .as_database_error()
        .and_then(|answer| answer.code())
        .as_deref()
    {
        Some("28P01" | "28000") => {
            format!(
                "Postgres at {place} refuses user {} or the password",
                target.get_username()
            )
        }
        Some("3D000") => {
            format!("there is no database {database} on Postgres at {place}: make it with createdb")
        }
        _ => format!("can't reach Postgres at {place}: {}", one_line(error)),
    }
}

fn place(target: &PgConnectOptions) -> String {
    match target.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", target.get_host(), target.get_port()),
    }
}

/// What an error says, without the layers of its driver and without line breaks.
fn one_line(error: &sqlx::Error) -> String {
    let text = match error {
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::Database(answer) => answer.message().to_owned(),
        sqlx::Error::Configuration(error) => error.to_string(),
        error => error.to_string(),
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
