//! Running what was built.

use std::sync::Arc;

use super::PluginTables;
use super::build::path::At;
use super::build::{self, MOST_ROWS, MOST_STATEMENTS, Plan};
use crate::db::{Cell, Tx};
use crate::kernel::Manifest;
use crate::wit::{db, types};

/// What text for [`PluginTables::query_text`] may begin with.
const QUERIES: &[&str] = &["SELECT", "WITH", "VALUES", "EXPLAIN"];
/// What text for [`PluginTables::execute_text`] may begin with: not what begins or ends a transaction or changes the
/// connection, which others use next.
const STATEMENTS: &[&str] = &[
    "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "WITH", "CREATE", "ALTER", "DROP", "REFRESH",
    "ANALYZE", "REINDEX", "COMMENT",
];

impl PluginTables {
    /// Runs a query of a plugin.
    ///
    /// # Errors
    /// What the plugin is told: `invalid` with every problem of the statement, `denied` for tables that aren't its
    /// own, `limit`, or what the database said.
    pub async fn query(&self, plugin: &Arc<Manifest>, select: db::Select) -> Result<db::Rows, types::Error> {
        let schema = self.schema_for_call(plugin)?;
        let read = build::select(&schema, At::root("select"), select)?;
        let rows = self.db.fetch_dynamic(read.statement, &read.kinds).await?;
        Ok(rows_for_guest(rows))
    }

    /// Runs statements of a plugin in order: all of them take effect, or none.
    ///
    /// # Errors
    /// As [`Self::query`]; `conflict` where a row is there already. Nothing runs unless all statements are right.
    pub async fn run(
        &self,
        plugin: &Arc<Manifest>,
        statements: Vec<db::Statement>,
    ) -> Result<Vec<db::Outcome>, types::Error> {
        if statements.len() > MOST_STATEMENTS {
            let count = statements.len();
            return Err(types::Error::Limit(format!(
                "{count} statements; a run has at most {MOST_STATEMENTS}"
            )));
        }
        let schema = self.schema_for_call(plugin)?;
        let root = At::root("statements");
        let plans = statements
            .into_iter()
            .enumerate()
            .map(|(at, statement)| build::statement(&schema, root.index(at), statement));
        let plans = build::path::all(plans)?;
        if plans.iter().all(|plan| matches!(plan, Plan::Read(_))) {
            return self.read(plans).await;
        }
        let mut tx = self.db.begin().await?;
        let mut outcomes = Vec::with_capacity(plans.len());
        for plan in plans {
            outcomes.push(take(plan, &mut tx).await?);
        }
        tx.commit().await?;
        Ok(outcomes)
    }

    /// Queries only: they need no turn to write.
    async fn read(&self, plans: Vec<Plan>) -> Result<Vec<db::Outcome>, types::Error> {
        let mut outcomes = Vec::with_capacity(plans.len());
        for plan in plans {
            if let Plan::Read(read) = plan {
                let rows = self.db.fetch_dynamic(read.statement, &read.kinds).await?;
                outcomes.push(db::Outcome::Rows(rows_for_guest(rows)));
            }
        }
        Ok(outcomes)
    }

    /// Runs a query that a plugin wrote as text. It can't write.
    ///
    /// # Errors
    /// `invalid` where it is no query or a value is wrong, `limit`, or what the database said.
    pub async fn query_text(
        &self,
        sql: String,
        parameters: Vec<db::Value>,
    ) -> Result<db::Rows, types::Error> {
        begins_with(&sql, QUERIES)?;
        let parameters = build::value::parameters(parameters)?;
        Ok(rows_for_guest(
            self.db.raw_query(sql, parameters, MOST_ROWS).await?,
        ))
    }

    /// Runs a statement that a plugin wrote as text, and says how many rows it wrote.
    ///
    /// # Errors
    /// As [`Self::query_text`].
    pub async fn execute_text(&self, sql: String, parameters: Vec<db::Value>) -> Result<u64, types::Error> {
        begins_with(&sql, STATEMENTS)?;
        let parameters = build::value::parameters(parameters)?;
        Ok(self.db.raw_execute(sql, parameters).await?)
    }

    /// A plugin that was enabled has a schema that adds up.
    fn schema_for_call(&self, plugin: &Arc<Manifest>) -> Result<Arc<super::Schema>, types::Error> {
        self.schema(plugin)
            .map_err(|error| types::Error::Other(error.to_string()))
    }
}

async fn take(plan: Plan, tx: &mut Tx) -> Result<db::Outcome, types::Error> {
    Ok(match plan {
        Plan::Read(read) => db::Outcome::Rows(rows_for_guest(
            tx.fetch_dynamic(read.statement, &read.kinds).await?,
        )),
        Plan::Write(statement) => db::Outcome::Count(tx.execute(statement).await?),
        Plan::Nothing => db::Outcome::Count(0),
    })
}

fn begins_with(sql: &str, words: &[&str]) -> Result<(), types::Error> {
    let first = sql
        .split(|char: char| !char.is_ascii_alphabetic())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    if words.iter().any(|word| word.eq_ignore_ascii_case(first)) {
        return Ok(());
    }
    Err(At::root("sql").invalid(format!(
        "the text begins with '{first}'; it may begin with: {}",
        words.join(", ")
    )))
}

fn rows_for_guest(rows: Vec<Vec<Cell>>) -> db::Rows {
    rows.into_iter()
        .map(|row| row.into_iter().map(db::Value::from).collect())
        .collect()
}
