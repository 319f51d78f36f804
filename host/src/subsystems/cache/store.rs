//! The count of what could not be told to all nodes by Redis. It is in the database: what invalidates was stored there
//! as well.

use crate::db::{self, Db, sql};

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
