//! What became of imported things, in the database.

use uuid::Uuid;

use super::Record;
use crate::db::{self, Db, sql};
use crate::time::Timestamp;

pub(super) async fn claim(
    db: &Db,
    source: &str,
    keys: impl Iterator<Item = &str>,
    mut next_id: impl FnMut() -> Uuid,
    now: Timestamp,
) -> db::Result<()> {
    let mut tx = db.begin().await?;
    for key in keys {
        let statement = sql(
            "INSERT INTO import_record (source, key, target, digest, changed) VALUES ($1, $2, $3, '', $4) \
             ON CONFLICT (source, key) DO NOTHING",
            (source, key, next_id(), now),
        );
        tx.execute(statement.named("import.claim")).await?;
    }
    tx.commit().await
}

pub(super) async fn find(db: &Db, source: &str, key: &str) -> db::Result<Option<Record>> {
    let statement = sql(
        "SELECT target, digest FROM import_record WHERE source = $1 AND key = $2",
        (source, key),
    );
    let row: Option<(Uuid, String)> = db.fetch_optional(statement.named("import.find")).await?;
    Ok(row.map(|(target, digest)| Record { target, digest }))
}

pub(super) async fn put(db: &Db, source: &str, key: &str, record: &Record, now: Timestamp) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO import_record (source, key, target, digest, changed) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (source, key) DO UPDATE SET target = excluded.target, digest = excluded.digest, \
         changed = excluded.changed",
        (source, key, record.target, record.digest.as_str(), now),
    );
    db.execute(statement.named("import.put")).await.map(drop)
}
