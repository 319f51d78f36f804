//! Text formats in the database: those that a site has changed or added.

use super::Definition;
use crate::db::{self, Db, Json, Tx, sql};
use crate::time::Timestamp;

pub(super) async fn generation(db: &Db) -> db::Result<i64> {
    let statement = sql("SELECT value FROM generation WHERE name = 'text_format'", ());
    let (value,): (i64,) = db.fetch_one(statement.named("format.generation")).await?;
    Ok(value)
}

/// The stored formats, and the number that grows with each change of them.
pub(super) async fn load(db: &Db) -> db::Result<(i64, Vec<Definition>)> {
    let generation = generation(db).await?;
    let statement = sql("SELECT definition FROM text_format ORDER BY weight, name", ());
    let rows: Vec<(Json<Definition>,)> = db.fetch_all(statement.named("format.load")).await?;
    Ok((
        generation,
        rows.into_iter().map(|(definition,)| definition.0).collect(),
    ))
}

pub(super) async fn advance(tx: &mut Tx) -> db::Result<()> {
    let statement = sql(
        "UPDATE generation SET value = value + 1 WHERE name = 'text_format'",
        (),
    );
    tx.execute(statement.named("format.advance")).await.map(drop)
}

pub(super) async fn save(tx: &mut Tx, format: &Definition, now: Timestamp) -> db::Result<()> {
    let definition = serde_json::to_value(format).map_err(|error| db::Error::Other(error.into()))?;
    let statement = sql(
        "INSERT INTO text_format (name, weight, definition, changed) VALUES ($1, 0, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, changed = excluded.changed",
        (format.name.as_str(), definition, now),
    );
    tx.execute(statement.named("format.save")).await.map(drop)
}

pub(super) async fn delete(tx: &mut Tx, name: &str) -> db::Result<bool> {
    let statement = sql("DELETE FROM text_format WHERE name = $1", (name,));
    Ok(tx.execute(statement.named("format.delete")).await? == 1)
}
