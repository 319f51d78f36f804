//! What was invalidated, in the database: what makes an entry out of date is stored there as well, and each is written
//! down in the same transaction. And the count of what could not be told to all nodes by Redis.

use uuid::Uuid;

use crate::db::{self, Db, FromRow, Tx, sql};
use crate::time::Timestamp;

pub(super) async fn epoch(db: &Db) -> db::Result<i64> {
    let statement = sql("SELECT epoch FROM cache_epoch", ());
    let (epoch,): (i64,) = db.fetch_one(statement.named("cache.epoch")).await?;
    Ok(epoch)
}

pub(super) async fn next_epoch(db: &Db) -> db::Result<i64> {
    let statement = sql("UPDATE cache_epoch SET epoch = epoch + 1 RETURNING epoch", ());
    let (epoch,): (i64,) = db.fetch_one(statement.named("cache.next-epoch")).await?;
    Ok(epoch)
}

/// Tags that were invalidated together.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Change {
    /// Grows, but not always in the order of commits.
    pub id: i64,
    /// Whose work it was.
    pub node: Uuid,
    /// As JSON.
    pub tags: String,
}

/// Writes tags down and gives the record its number.
pub(super) async fn record(tx: &mut Tx, node: Uuid, tags: &str, now: Timestamp) -> db::Result<i64> {
    let statement = sql(
        "INSERT INTO cache_change (at, node, tags) VALUES ($1, $2, $3) RETURNING id",
        (now, node, tags),
    );
    let (id,): (i64,) = tx.fetch_one(statement.named("cache.record")).await?;
    Ok(id)
}

/// The records after one, the oldest first.
pub(super) async fn changes(db: &Db, after: i64, limit: u32) -> db::Result<Vec<Change>> {
    let statement = sql(
        "SELECT id, node, tags FROM cache_change WHERE id > $1 ORDER BY id LIMIT $2",
        (after, i64::from(limit)),
    );
    db.fetch_all(statement.named("cache.changes")).await
}

/// The oldest record that is left.
pub(super) async fn oldest(db: &Db) -> db::Result<Option<i64>> {
    let statement = sql("SELECT id FROM cache_change ORDER BY id LIMIT 1", ());
    let row: Option<(i64,)> = db.fetch_optional(statement.named("cache.oldest-change")).await?;
    Ok(row.map(|(id,)| id))
}

/// The newest record from before a time; 0 for none.
pub(super) async fn newest(db: &Db, before: Timestamp) -> db::Result<i64> {
    let statement = sql(
        "SELECT id FROM cache_change WHERE at < $1 ORDER BY id DESC LIMIT 1",
        (before,),
    );
    let row: Option<(i64,)> = db.fetch_optional(statement.named("cache.newest-change")).await?;
    Ok(row.map_or(0, |(id,)| id))
}

/// Drops records that every node has had time to take up.
pub(super) async fn prune(db: &Db, up_to: i64, before: Timestamp) -> db::Result<u64> {
    let statement = sql(
        "DELETE FROM cache_change WHERE id IN \
         (SELECT id FROM cache_change WHERE id < $1 AND at < $2 ORDER BY id LIMIT 1000)",
        (up_to, before),
    );
    db.execute(statement.named("cache.prune-changes")).await
}
