//! Content types in the database.

use std::sync::Arc;

use super::{ItemType, Known};
use crate::db::{self, Db, Json, sql};
use crate::time::Timestamp;

pub(super) async fn load(db: &Db) -> db::Result<Known> {
    let statement = sql("SELECT type, plugin, settings FROM item_type", ()).named("item-type.load");
    let rows: Vec<(String, Option<String>, Json<ItemType>)> = db.fetch_all(statement).await?;
    Ok(rows
        .into_iter()
        .map(|(name, plugin, of)| (name, (Arc::new(of.0), plugin.map(Arc::from))))
        .collect())
}

pub(super) async fn save(db: &Db, of: &ItemType, plugin: &str, now: Timestamp) -> db::Result<()> {
    let settings = serde_json::to_value(of).map_err(|error| db::Error::Other(error.into()))?;
    let statement = sql(
        "INSERT INTO item_type (type, label, description, plugin, settings, changed) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (type) DO UPDATE SET label = excluded.label, description = excluded.description, \
         plugin = excluded.plugin, settings = excluded.settings, changed = excluded.changed",
        (
            of.name.as_str(),
            of.label.as_str(),
            of.description.as_str(),
            plugin,
            settings,
            now,
        ),
    );
    db.execute(statement.named("item-type.save")).await.map(drop)
}
