//! Making, changing and dropping the tables of a plugin.

use sea_query::{ColumnDef, ColumnType, Index, IndexCreateStatement, Table};
use sha2::{Digest, Sha256};

use super::schema::{Schema, kind_of};
use super::{Error, PluginTables};
use crate::db::{self, Backend, Tx, dialect};
use crate::kernel::{self, CreateTable, Manifest, Migration};

/// The longest name of an index, in bytes: Postgres cuts longer ones off
/// (<https://www.postgresql.org/docs/15/limits.html>).
const LONGEST_NAME: usize = 63;

impl PluginTables {
    /// Whether the tables that a manifest describes can be made and the views that it asks for are there. Runs
    /// nothing.
    ///
    /// # Errors
    /// [`Error::History`] and [`Error::UnknownView`].
    pub fn check(&self, manifest: &Manifest) -> Result<(), Error> {
        Schema::of(manifest).map(drop)
    }

    /// Takes the tables of a plugin from version `from_version`, 0 for none, to the newest of its manifest. Tables that
    /// are dropped for good stay until [`Self::drop_outgrown`], so that what is in them can be taken over. Once it has
    /// failed, `tx` can only be dropped.
    ///
    /// # Returns
    /// The version that the tables are at now.
    ///
    /// # Errors
    /// As [`Self::check`], [`Error::Newer`] and [`Error::Failed`].
    pub async fn apply(&self, manifest: &Manifest, from_version: u32, tx: &mut Tx) -> Result<u32, Error> {
        self.check(manifest)?;
        let known = newest(manifest);
        if from_version > known {
            return Err(Error::Newer {
                plugin: manifest.name.clone(),
                found: from_version,
                known,
            });
        }
        for step in manifest
            .migrations
            .iter()
            .filter(|step| step.version > from_version)
        {
            take_step(manifest, step, tx)
                .await
                .map_err(|source| Error::Failed {
                    plugin: manifest.name.clone(),
                    version: step.version,
                    source,
                })?;
        }
        Ok(known)
    }

    /// Drops the tables that the newest version of a manifest has no use for any more.
    ///
    /// # Errors
    /// [`Error::History`] and [`Error::Db`].
    pub async fn drop_outgrown(&self, manifest: &Manifest, tx: &mut Tx) -> Result<(), Error> {
        for table in Schema::outgrown(manifest)?.names() {
            drop_table(table, tx).await?;
        }
        Ok(())
    }

    /// Whether tables at `version`, made by the migrations of one manifest, can serve a plugin with another.
    ///
    /// # Errors
    /// [`Error::Outgrown`] and [`Error::Rewritten`] where they can't, [`Error::History`].
    pub fn can_serve(&self, made_by: &Manifest, version: u32, wanted: &Manifest) -> Result<(), Error> {
        let needed = Schema::at(wanted, version)?;
        let Some(now) = Schema::at(made_by, version)?.falls_short_of(&needed) else {
            return Ok(());
        };
        let known = newest(wanted);
        for step in made_by.migrations.iter().map(|step| step.version) {
            if let Some(problem) = Schema::at(made_by, step)?
                .falls_short_of(&needed)
                .filter(|_| step > known && step <= version)
            {
                return Err(Error::Outgrown {
                    plugin: wanted.name.clone(),
                    wanted: wanted.version.to_string(),
                    made_by: made_by.version.to_string(),
                    version: step,
                    problem,
                });
            }
        }
        Err(Error::Rewritten {
            plugin: wanted.name.clone(),
            wanted: wanted.version.to_string(),
            problem: now,
        })
    }

    /// Drops the tables that a plugin's migrations up to `version` have made: the version that [`Self::apply`] gave
    /// last.
    ///
    /// # Errors
    /// [`Error::History`] and [`Error::Db`].
    pub async fn drop_all(&self, manifest: &Manifest, version: u32, tx: &mut Tx) -> Result<(), Error> {
        for table in Schema::at(manifest, version)?.names() {
            drop_table(table, tx).await?;
        }
        self.drop_outgrown(manifest, tx).await
    }
}

async fn drop_table(table: &str, tx: &mut Tx) -> db::Result<()> {
    tx.execute(Table::drop().table(table.to_owned()).if_exists().take())
        .await
        .map(drop)
}

/// The newest version that a manifest knows of its tables.
pub fn newest(manifest: &Manifest) -> u32 {
    manifest
        .migrations
        .last()
        .map_or(0, |migration| migration.version)
}

async fn take_step(manifest: &Manifest, step: &Migration, tx: &mut Tx) -> db::Result<()> {
    for table in &step.create_table {
        create(table, tx).await?;
    }
    for add in &step.add_column {
        let column = column(tx.backend(), &add.column);
        tx.execute(Table::alter().table(add.table.clone()).add_column(column).take())
            .await?;
    }
    // One that makes room for another of its name can't wait.
    let comes_again = |table: &&String| {
        let mut later = manifest
            .migrations
            .iter()
            .filter(|later| later.version > step.version);
        later.any(|later| later.create_table.iter().any(|create| create.name == **table))
    };
    for table in step.drop_table.iter().filter(comes_again) {
        drop_table(table, tx).await?;
    }
    Ok(())
}

async fn create(create: &CreateTable, tx: &mut Tx) -> db::Result<()> {
    let mut table = Table::create().table(create.name.clone()).take();
    for described in &create.columns {
        let mut column = column(tx.backend(), described);
        if create.primary_key.contains(&described.name) {
            // SQLite lets keys be null unless it is told not to.
            column.not_null();
        }
        table.col(column);
    }
    table.primary_key(&mut over(&create.primary_key));
    tx.execute(table).await?;
    for described in &create.indexes {
        let mut index = over(&described.columns);
        index
            .name(index_name(&create.name, &described.columns))
            .table(create.name.clone());
        if described.unique {
            index.unique();
        }
        tx.execute(index).await?;
    }
    Ok(())
}

fn over(columns: &[String]) -> IndexCreateStatement {
    let mut index = Index::create();
    for column in columns {
        index.col(column.clone());
    }
    index
}

fn column(backend: Backend, described: &kernel::Column) -> ColumnDef {
    let kind = ColumnType::custom(dialect::column_type(backend, kind_of(described.kind)));
    let mut column = ColumnDef::new_with_type(described.name.clone(), kind);
    if !described.null {
        column.not_null();
    }
    column
}

/// `{table}_{columns}_idx`; where that is too long, its end gives way to a digest of it.
fn index_name(table: &str, columns: &[String]) -> String {
    let name = format!("{table}_{}_idx", columns.join("_"));
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let digest: String = Sha256::digest(&name)
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let kept: String = name.chars().take(LONGEST_NAME - digest.len() - 1).collect();
    format!("{kept}_{digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_of_an_index_is_cut_to_what_postgres_keeps_and_stays_its_own() {
        let columns = |last: &str| vec!["a".repeat(40), last.to_owned()];
        assert_eq!(
            index_name("blog_a", &["b".to_owned(), "c".to_owned()]),
            "blog_a_b_c_idx"
        );
        let (one, other) = (
            index_name("blog_posts_of_authors", &columns("b")),
            index_name("blog_posts_of_authors", &columns("c")),
        );
        assert_eq!((one.len(), other.len()), (LONGEST_NAME, LONGEST_NAME));
        assert_ne!(one, other);
    }
}
