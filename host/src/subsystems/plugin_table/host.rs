//! Tables as plugins see them.

use super::PluginTables;
use crate::subsystems::{Service, View};
use crate::wit::{db, raw_sql, types};

impl db::Host for View<'_, PluginTables> {
    async fn query(&mut self, select: db::Select) -> Result<db::Rows, types::Error> {
        self.service().query(&self.call.plugin, select).await
    }

    async fn run(&mut self, statements: Vec<db::Statement>) -> Result<Vec<db::Outcome>, types::Error> {
        self.service().run(&self.call.plugin, statements).await
    }
}

impl raw_sql::Host for View<'_, PluginTables> {
    async fn query(&mut self, sql: String, parameters: Vec<db::Value>) -> Result<db::Rows, types::Error> {
        self.service().query_text(sql, parameters).await
    }

    async fn execute(&mut self, sql: String, parameters: Vec<db::Value>) -> Result<u64, types::Error> {
        self.service().execute_text(sql, parameters).await
    }
}
