//! How much there is in the tables of a plugin.

use sea_query::{Expr, Query};

use super::schema::Schema;
use super::{Error, PluginTables};
use crate::db::Statement;
use crate::kernel::Manifest;

impl PluginTables {
    /// The tables of a plugin at `version` of its migrations, with their numbers of rows.
    ///
    /// # Errors
    /// [`Error::History`] and [`Error::Db`].
    pub async fn sizes(&self, manifest: &Manifest, version: u32) -> Result<Vec<(String, u64)>, Error> {
        let mut sizes = Vec::new();
        for table in Schema::at(manifest, version)?.names() {
            let count = Query::select()
                .expr(Expr::cust("COUNT(*)"))
                .from(table.to_owned())
                .take();
            let (rows,): (i64,) = self
                .db
                .fetch_one(Statement::from(count).named("plugin_table.count"))
                .await?;
            sizes.push((table.to_owned(), u64::try_from(rows).unwrap_or(0)));
        }
        Ok(sizes)
    }
}
