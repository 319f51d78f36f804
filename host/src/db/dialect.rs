//! sk
use super::Backend;
/// How a transaction that writes begins.
pub(super) fn begin_write(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "BEGIN IMMEDIATE",
        Backend::Postgres => "BEGIN",
    }
}

/// A query that finds a row if the table `$1` is there.
pub(super) fn table_exists(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "SELECT CAST(1 AS bigint) FROM sqlite_master WHERE type = 'table' AND name = $1",
        Backend::Postgres => "SELECT CAST(1 AS bigint) WHERE to_regclass($1) IS NOT NULL",
    }
}

/// What keeps other nodes from migrating until the transaction ends. SQLite has one writer anyway; on Postgres a
/// migration may also take longer than a statement may elsewhere.
pub(super) fn lock_for_migration(backend: Backend) -> &'static [&'static str] {
    match backend {
        Backend::Sqlite => &[],
        Backend::Postgres => {
            &["SET LOCAL statement_timeout = 0", "LOCK TABLE schema_migration IN SHARE ROW EXCLUSIVE MODE"]
        }
    }
}
