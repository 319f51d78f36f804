//! Bringing the schema up to date.
//!
//! A migration is a numbered script in two words, one for each backend; the kernel's are compiled in from
//! `migrations-sqlite/` and `migrations-pg/`, those of others are handed in. Each runs once, in one transaction, on
//! one node, and is noted in `schema_migration` with a checksum. It knows no table but that one.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::{Backend, Db, Error, FromRow, Result, Tx, dialect, sql};
use crate::time::Timestamp;

/// Whose migrations the embedded ones are.
const KERNEL: &str = "kernel";

/// A step of a schema.
#[derive(Clone, Debug)]
pub struct Migration {
    /// Its number: 1, 2, 3, ….
    pub version: i64,
    /// What it is about, such as `kernel`.
    pub name: Cow<'static, str>,
    /// Its statements for SQLite.
    pub sqlite: Cow<'static, str>,
    /// Its statements for Postgres.
    pub postgres: Cow<'static, str>,
}

const fn embedded(
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
) -> Migration {
    Migration {
        version,
        name: Cow::Borrowed(name),
        sqlite: Cow::Borrowed(sqlite),
        postgres: Cow::Borrowed(postgres),
    }
}

// `EMBEDDED`: every pair of files in order, written by build.rs.
include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

impl Migration {
    fn script(&self, backend: Backend) -> &str {
        match backend {
            Backend::Sqlite => &self.sqlite,
            Backend::Postgres => &self.postgres,
        }
    }

    /// SHA-256 of the script, in lower-case hexadecimal.
    fn checksum(&self, backend: Backend) -> String {
        Sha256::digest(self.script(backend))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// All steps of one owner's schema.
#[derive(Clone, Debug)]
pub struct Migrations {
    owner: String,
    steps: Vec<Migration>,
}

/// A migration that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its number.
    pub version: i64,
    /// What it is about.
    pub name: String,
    /// How long it took.
    pub took: Duration,
}

/// Why the schema can't be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database was last used by a newer program.
    #[error(
        "the database is from a newer version: its schema ({owner}) is at {found}, this version knows {known}; \
         install the newer version again or restore a backup from before the upgrade"
    )]
    Newer {
        /// Whose schema.
        owner: String,
        /// The version of the database.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// A migration that was run isn't the one that is here.
    #[error(
        "migration {version:04}_{name} ({owner}) was changed after it was run on this database; restore its file \
         and put the change into a new migration"
    )]
    Changed {
        /// Whose schema.
        owner: String,
        /// Its number.
        version: i64,
        /// What it is about.
        name: String,
    },
    /// A migration doesn't work on this database; nothing of it was kept.
    #[error("migration {version:04}_{name} ({owner}) failed and was undone: {source}")]
    Failed {
        /// Whose schema.
        owner: String,
        /// Its number.
        version: i64,
        /// What it is about.
        name: String,
        /// What the database said.
        source: Box<Error>,
    },
}

#[derive(FromRow)]
struct Done {
    version: i64,
    checksum: String,
}

impl Migrations {
    /// The kernel's own, compiled in.
    pub fn kernel() -> Self {
        Self::of(KERNEL, EMBEDDED.to_vec())
    }

    /// Those of `owner`, a plugin's name, in whatever order; its versions are apart from everyone else's.
    pub fn of(owner: impl Into<String>, mut steps: Vec<Migration>) -> Self {
        steps.sort_by_key(|step| step.version);
        Self {
            owner: owner.into(),
            steps,
        }
    }

    /// The steps in the order they run.
    pub fn steps(&self) -> &[Migration] {
        &self.steps
    }

    /// The steps that are still to be run. Changes nothing.
    ///
    /// # Errors
    /// [`MigrationError::Newer`] and [`MigrationError::Changed`].
    pub async fn pending(&self, db: &Db) -> Result<Vec<&Migration>> {
        let table = dialect::table_exists(db.backend());
        let done = match db
            .fetch_optional::<(i64,)>(sql(table, ("schema_migration",)))
            .await?
        {
            Some(_) => db.fetch_all(self.select_done()).await?,
            None => Vec::new(),
        };
        self.check(db.backend(), &done)
    }

    /// Runs the steps that are still to be run, each in a transaction. Several nodes may do so at once: each step is
    /// run by one of them, the others wait for it.
    ///
    /// # Errors
    /// [`Error::Migration`]; the steps before the one that failed are kept.
    pub async fn run(&self, db: &Db, now: Timestamp) -> Result<Vec<Applied>> {
        prepare(db).await?;
        let mut applied = Vec::new();
        while let Some(step) = self.run_next(db, now).await? {
            applied.push(step);
        }
        Ok(applied)
    }

    async fn run_next(&self, db: &Db, now: Timestamp) -> Result<Option<Applied>> {
        let mut tx = db.begin().await?;
        for statement in dialect::lock_for_migration(tx.backend()) {
            tx.execute(*statement).await?;
        }
        let done = tx.fetch_all(self.select_done()).await?;
        let Some(step) = self.check(tx.backend(), &done)?.first().copied() else {
            return Ok(None);
        };
        let began = Instant::now();
        self.run_step(&mut tx, step, now)
            .await
            .map_err(|error| self.failed(step, error))?;
        tx.commit().await.map_err(|error| self.failed(step, error))?;
        Ok(Some(Applied {
            version: step.version,
            name: step.name.to_string(),
            took: began.elapsed(),
        }))
    }

    async fn run_step(&self, tx: &mut Tx, step: &Migration, now: Timestamp) -> Result<()> {
        tx.run_script(step.script(tx.backend())).await?;
        let note = sql(
            "INSERT INTO schema_migration (owner, version, name, checksum, applied_at) VALUES ($1, $2, $3, $4, $5)",
            (
                self.owner.as_str(),
                step.version,
                &*step.name,
                step.checksum(tx.backend()),
                now,
            ),
        );
        tx.execute(note).await.map(drop)
    }

    fn failed(&self, step: &Migration, source: Error) -> Error {
        let source = Box::new(source);
        let (owner, name) = (self.owner.clone(), step.name.to_string());
        MigrationError::Failed {
            owner,
            version: step.version,
            name,
            source,
        }
        .into()
    }

    fn select_done(&self) -> super::Statement {
        let text = "SELECT version, checksum FROM schema_migration WHERE owner = $1 ORDER BY version";
        sql(text, (self.owner.as_str(),)).named("migration.done")
    }

    /// What isn't done of the steps, after a look at what is.
    fn check(&self, backend: Backend, done: &[Done]) -> Result<Vec<&Migration>> {
        let known = self.steps.last().map_or(0, |step| step.version);
        if let Some(newest) = done.last().filter(|newest| newest.version > known) {
            let owner = self.owner.clone();
            return Err(MigrationError::Newer {
                owner,
                found: newest.version,
                known,
            }
            .into());
        }
        let mut pending = Vec::new();
        for step in &self.steps {
            match done.iter().find(|done| done.version == step.version) {
                None => pending.push(step),
                Some(done) if done.checksum == step.checksum(backend) => {}
                Some(_) => {
                    let (owner, name) = (self.owner.clone(), step.name.to_string());
                    return Err(MigrationError::Changed {
                        owner,
                        version: step.version,
                        name,
                    }
                    .into());
                }
            }
        }
        Ok(pending)
    }
}

/// Makes the table of migrations. Two nodes that do so at once may get in each other's way on Postgres, where
/// `IF NOT EXISTS` is no lock: the second attempt then finds the table.
async fn prepare(db: &Db) -> Result<()> {
    const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (\
        owner TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, \
        applied_at BIGINT NOT NULL, PRIMARY KEY (owner, version))";
    match db.execute(TABLE).await {
        Err(Error::Unique { .. } | Error::Other(_)) => db.execute(TABLE).await.map(drop),
        result => result.map(drop),
    }
}
