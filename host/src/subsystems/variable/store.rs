//! Settings in the database.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::Values;
use crate::db::{self, Db, Tx, sql};
use crate::time::Timestamp;

pub(super) async fn load(db: &Db) -> db::Result<Values> {
    let statement = sql("SELECT plugin, name, value FROM variable", ()).named("variable.load");
    let rows: Vec<(String, String, db::Json<Json>)> = db.fetch_all(statement).await?;
    let mut values: Values = HashMap::new();
    for (owner, name, value) in rows {
        values.entry(owner).or_default().insert(name, value.0);
    }
    Ok(values)
}

pub(super) async fn set(
    tx: &mut Tx,
    owner: &str,
    name: &str,
    value: &Json,
    now: Timestamp,
) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO variable (plugin, name, value, changed) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (plugin, name) DO UPDATE SET value = excluded.value, changed = \
         CASE WHEN excluded.changed > variable.changed THEN excluded.changed ELSE variable.changed + 1 END",
        (owner, name, value.clone(), now),
    );
    tx.execute(statement.named("variable.set")).await.map(drop)
}

pub(super) async fn get(db: &Db, owner: &str, name: &str) -> db::Result<Option<Json>> {
    let statement = sql(
        "SELECT value FROM variable WHERE plugin = $1 AND name = $2",
        (owner, name),
    );
    let row: Option<(db::Json<Json>,)> = db.fetch_optional(statement.named("variable.get")).await?;
    Ok(row.map(|(value,)| value.0))
}

/// Sets what is not set yet.
pub(super) async fn add(db: &Db, owner: &str, name: &str, value: &Json, now: Timestamp) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO variable (plugin, name, value, changed) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (plugin, name) DO NOTHING",
        (owner, name, value.clone(), now),
    );
    db.execute(statement.named("variable.add")).await.map(drop)
}

pub(super) async fn remove(tx: &mut Tx, owner: &str, name: &str) -> db::Result<()> {
    let statement = sql(
        "DELETE FROM variable WHERE plugin = $1 AND name = $2",
        (owner, name),
    );
    tx.execute(statement.named("variable.remove")).await.map(drop)
}

pub(super) async fn remove_all(db: &Db, owner: &str) -> db::Result<()> {
    let statement = sql("DELETE FROM variable WHERE plugin = $1", (owner,));
    db.execute(statement.named("variable.remove-all")).await.map(drop)
}
