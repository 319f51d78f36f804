//! The states of plugins in the database.

use crate::db::{self, Db, FromRow, Json, Tx, sql};
use crate::time::Timestamp;

/// Whether a plugin is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// At work.
    Enabled,
    /// Installed, its tables and settings kept, and not at work.
    Disabled,
}

impl State {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }
}

/// A plugin that was installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether it is at work.
    pub state: State,
    /// What was agreed to, in words.
    pub capabilities: Vec<String>,
    /// The version of its tables.
    pub migration: u32,
    /// The digest of its component and manifest.
    pub digest: String,
}

/// A version of a plugin that is or was at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastVersion {
    /// The digest of its component and manifest.
    pub digest: String,
    /// What it calls itself.
    pub version: String,
    /// What was agreed to, in words.
    pub capabilities: Vec<String>,
    /// The version that its tables had when it was last put to work.
    pub migration: u32,
    /// When it was last put to work.
    pub since: Timestamp,
    /// When somebody went back from it to an earlier one.
    pub withdrawn: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    name: String,
    version: String,
    state: String,
    capabilities: Json<Vec<String>>,
    migration: i64,
    digest: String,
}

pub(super) async fn load(db: &Db) -> db::Result<Vec<Record>> {
    let statement = sql(
        "SELECT name, version, state, capabilities, migration, digest FROM plugin ORDER BY name",
        (),
    );
    let rows: Vec<Row> = db.fetch_all(statement.named("plugin.load")).await?;
    let record = |row: Row| Record {
        name: row.name,
        version: row.version,
        state: if row.state == State::Enabled.name() {
            State::Enabled
        } else {
            State::Disabled
        },
        capabilities: row.capabilities.0,
        migration: u32::try_from(row.migration).unwrap_or(0),
        digest: row.digest,
    };
    Ok(rows.into_iter().map(record).collect())
}

pub(super) async fn save(tx: &mut Tx, record: &Record, now: Timestamp) -> db::Result<()> {
    let capabilities =
        serde_json::to_value(&record.capabilities).map_err(|error| db::Error::Other(error.into()))?;
    let statement = sql(
        "INSERT INTO plugin (name, version, state, capabilities, migration, digest, changed) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (name) DO UPDATE SET version = excluded.version, state = excluded.state, \
         capabilities = excluded.capabilities, migration = excluded.migration, digest = excluded.digest, \
         changed = CASE WHEN excluded.changed > plugin.changed THEN excluded.changed ELSE plugin.changed + 1 END",
        (
            record.name.as_str(),
            record.version.as_str(),
            record.state.name(),
            capabilities,
            i64::from(record.migration),
            record.digest.as_str(),
            now,
        ),
    );
    tx.execute(statement.named("plugin.save")).await.map(drop)
}

#[derive(FromRow)]
struct VersionRow {
    digest: String,
    version: String,
    capabilities: Json<Vec<String>>,
    migration: i64,
    since: Timestamp,
    withdrawn: Option<Timestamp>,
}

/// The versions of a plugin, the one that was put to work last first.
pub(super) async fn versions(db: &Db, name: &str) -> db::Result<Vec<PastVersion>> {
    let statement = sql(
        "SELECT digest, version, capabilities, migration, since, withdrawn FROM plugin_version \
         WHERE plugin = $1 ORDER BY since DESC, digest",
        (name,),
    );
    let rows: Vec<VersionRow> = db.fetch_all(statement.named("plugin.versions")).await?;
    let version = |row: VersionRow| PastVersion {
        digest: row.digest,
        version: row.version,
        capabilities: row.capabilities.0,
        migration: u32::try_from(row.migration).unwrap_or(0),
        since: row.since,
        withdrawn: row.withdrawn,
    };
    Ok(rows.into_iter().map(version).collect())
}

/// Notes that a version was put to work. Two at the same moment still stand in their order.
pub(super) async fn note_version(tx: &mut Tx, record: &Record, now: Timestamp) -> db::Result<()> {
    let last = sql(
        "SELECT CAST(COALESCE(MAX(since), -1) AS bigint) FROM plugin_version WHERE plugin = $1",
        (record.name.as_str(),),
    );
    let (last,): (i64,) = tx.fetch_one(last.named("plugin.last_version")).await?;
    let capabilities =
        serde_json::to_value(&record.capabilities).map_err(|error| db::Error::Other(error.into()))?;
    let statement = sql(
        "INSERT INTO plugin_version (plugin, digest, version, capabilities, migration, since) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (plugin, digest) DO UPDATE SET capabilities = excluded.capabilities, \
         migration = excluded.migration, since = excluded.since, withdrawn = NULL",
        (
            record.name.as_str(),
            record.digest.as_str(),
            record.version.as_str(),
            capabilities,
            i64::from(record.migration),
            Timestamp(now.as_millis().max(last + 1)),
        ),
    );
    tx.execute(statement.named("plugin.note_version")).await.map(drop)
}

/// Notes that somebody went back from a version.
pub(super) async fn withdraw(tx: &mut Tx, name: &str, digest: &str, now: Timestamp) -> db::Result<()> {
    let statement = sql(
        "UPDATE plugin_version SET withdrawn = $3 WHERE plugin = $1 AND digest = $2",
        (name, digest, now),
    );
    tx.execute(statement.named("plugin.withdraw")).await.map(drop)
}

/// Forgets the versions that were at work longest ago, all but the newest and so many before it.
pub(super) async fn forget_versions(tx: &mut Tx, name: &str, earlier: u32) -> db::Result<()> {
    let statement = sql(
        "DELETE FROM plugin_version WHERE plugin = $1 AND digest IN (SELECT digest FROM plugin_version \
         WHERE plugin = $1 ORDER BY since DESC, digest LIMIT 1000 OFFSET $2)",
        (name, i64::from(earlier) + 1),
    );
    tx.execute(statement.named("plugin.forget_old_versions"))
        .await
        .map(drop)
}

pub(super) async fn remove(tx: &mut Tx, name: &str) -> db::Result<()> {
    tx.execute(sql("DELETE FROM plugin_version WHERE plugin = $1", (name,)).named("plugin.forget_versions"))
        .await?;
    tx.execute(sql("DELETE FROM plugin WHERE name = $1", (name,)).named("plugin.remove"))
        .await
        .map(drop)
}

/// Changes with every change of a plugin's state or of a setting.
pub(super) async fn generation(db: &Db) -> db::Result<(i64, i64)> {
    let statement = sql(
        "SELECT CAST(COALESCE((SELECT SUM(changed % 1000000007) + COUNT(*) FROM plugin), 0) AS bigint), \
         CAST(COALESCE((SELECT SUM(changed % 1000000007) + COUNT(*) FROM variable), 0) AS bigint)",
        (),
    );
    db.fetch_one(statement.named("plugin.generation")).await
}
