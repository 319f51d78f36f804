//! A transaction that writes: the verbs of [`Db`], all or nothing.

use sqlx::{AssertSqlSafe, Transaction};

use super::limit::Limit;
use super::observe::Observer;
use super::rows::{Rows, Want, fetch, fetch_cells};
use super::{Backend, Cell, ColumnKind, Db, Error, Result, Row, Statement, dialect};

/// A transaction. It is rolled back when it is dropped without [`Tx::commit`]. After a failed statement it can only
/// be dropped: Postgres refuses every further one.
pub struct Tx {
    link: Link,
    observer: Observer,
}

enum Link {
    Sqlite(Transaction<'static, sqlx::Sqlite>, Limit),
    Postgres(Transaction<'static, sqlx::Postgres>),
}

impl Tx {
    pub(super) async fn begin(db: &Db) -> Result<Self> {
        let begin = dialect::begin_write(db.backend());
        let link = match db {
            Db::Sqlite(db) => {
                let mut tx = db.writer.begin_with(begin).await?;
                let limit = Limit::on(&mut tx, db.statement_timeout).await?;
                Link::Sqlite(tx, limit)
            }
            Db::Postgres(db) => {
                Link::Postgres(db.pool.begin_with(begin).await.map_err(|error| db.fault(error))?)
            }
        };
        Ok(Self {
            link,
            observer: db.observer().clone(),
        })
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self.link {
            Link::Sqlite(..) => Backend::Sqlite,
            Link::Postgres(_) => Backend::Postgres,
        }
    }

    /// Makes it last: once this returns, what was written survives a crash.
    pub async fn commit(self) -> Result<()> {
        let mut watch = self.observer.watch("tx.commit");
        let done = match self.link {
            Link::Sqlite(tx, _) => tx.commit().await,
            Link::Postgres(tx) => tx.commit().await,
        };
        Ok(watch.see(done)?)
    }

    /// Undoes it and waits until that is done; dropping it undoes it as well, soon.
    pub async fn rollback(self) -> Result<()> {
        Ok(match self.link {
            Link::Sqlite(tx, _) => tx.rollback().await,
            Link::Postgres(tx) => tx.rollback().await,
        }?)
    }

    /// As [`Db::execute`].
    pub async fn execute(&mut self, statement: impl Into<Statement>) -> Result<u64> {
        let query = statement.into().render(self.backend())?;
        let mut watch = self.observer.watch(query.name);
        let done = match &mut self.link {
            Link::Sqlite(tx, limit) => {
                limit.begin();
                let done = query.for_sqlite().execute(&mut **tx).await;
                limit.finish();
                done.map(|done| done.rows_affected())
            }
            Link::Postgres(tx) => query
                .for_postgres()
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
        };
        Ok(watch.see(done)?)
    }

    /// As [`Db::fetch_one`].
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no row.
    pub async fn fetch_one<T: Row>(&mut self, statement: impl Into<Statement>) -> Result<T> {
        self.fetch_optional(statement).await?.ok_or(Error::NotFound)
    }

    /// As [`Db::fetch_optional`].
    pub async fn fetch_optional<T: Row>(&mut self, statement: impl Into<Statement>) -> Result<Option<T>> {
        self.rows(statement.into(), Want::First).await?.read_first()
    }

    /// As [`Db::fetch_all`].
    pub async fn fetch_all<T: Row>(&mut self, statement: impl Into<Statement>) -> Result<Vec<T>> {
        self.rows(statement.into(), Want::All).await?.read()
    }

    /// As [`Db::fetch_dynamic`].
    pub async fn fetch_dynamic(
        &mut self,
        statement: impl Into<Statement>,
        kinds: &[ColumnKind],
    ) -> Result<Vec<Vec<Cell>>> {
        let query = statement.into().render(self.backend())?;
        let mut watch = self.observer.watch(query.name);
        watch.see(match &mut self.link {
            Link::Sqlite(tx, limit) => {
                let read = |row: &_| Cell::of_sqlite(row, kinds);
                limit.begin();
                let rows = fetch_cells(query.for_sqlite(), &mut **tx, usize::MAX, read).await;
                limit.finish();
                rows
            }
            Link::Postgres(tx) => {
                let read = |row: &_| Cell::of_postgres(row, kinds);
                fetch_cells(query.for_postgres(), &mut **tx, usize::MAX, read).await
            }
        })
    }

    /// Runs the statements of a migration, separated by semicolons. Never text that anyone else has a part in.
    #[expect(clippy::disallowed_methods, reason = "this module knows sqlx")]
    pub(super) async fn run_script(&mut self, script: &str) -> Result<()> {
        let script = sqlx::raw_sql(AssertSqlSafe(script.to_owned()));
        match &mut self.link {
            Link::Sqlite(tx, _) => script.execute(&mut **tx).await.map(drop)?,
            Link::Postgres(tx) => script.execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }

    async fn rows(&mut self, statement: Statement, want: Want) -> Result<Rows> {
        let query = statement.render(self.backend())?;
        let mut watch = self.observer.watch(query.name);
        let rows = match &mut self.link {
            Link::Sqlite(tx, limit) => {
                limit.begin();
                let rows = fetch(query.for_sqlite(), &mut **tx, want).await;
                limit.finish();
                rows.map(Rows::Sqlite)
            }
            Link::Postgres(tx) => fetch(query.for_postgres(), &mut **tx, want)
                .await
                .map(Rows::Postgres),
        };
        Ok(watch.see(rows)?)
    }
}
