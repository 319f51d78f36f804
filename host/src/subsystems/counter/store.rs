//! Counting in the database.

use crate::db::{self, Db, sql};
use crate::time::Timestamp;

use super::model::{Decision, Limit};

/// The times of a key, the oldest first, which are kept together: whoever counts has the row to himself.
pub(super) async fn hit(db: &Db, key: &str, limit: Limit, now: i64) -> db::Result<Decision> {
    let mut tx = db.begin().await?;
    let lock = sql(
        "INSERT INTO counter (key, times, expires) VALUES ($1, $2, $3) \
         ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING times",
        (key, String::new(), Timestamp(now)),
    );
    let (stored,): (String,) = tx.fetch_one(lock.named("counter.lock")).await?;
    let mut times = recent(&stored, limit, now);
    let decision = limit.judge(&times, now, true);
    if decision.allowed {
        times.push(now);
        let text: Vec<String> = times.iter().map(ToString::to_string).collect();
        let keep = sql(
            "UPDATE counter SET times = $2, expires = $3 WHERE key = $1",
            (key, text.join(" "), Timestamp(now).plus(limit.window)),
        );
        tx.execute(keep.named("counter.keep")).await?;
    }
    tx.commit().await?;
    Ok(decision)
}

/// Judges without counting.
pub(super) async fn look(db: &Db, key: &str, limit: Limit, now: i64) -> db::Result<Decision> {
    let statement = sql("SELECT times FROM counter WHERE key = $1", (key,));
    let row: Option<(String,)> = db.fetch_optional(statement.named("counter.look")).await?;
    let times = row
        .map(|(stored,)| recent(&stored, limit, now))
        .unwrap_or_default();
    Ok(limit.judge(&times, now, false))
}

pub(super) async fn clear(db: &Db, key: &str) -> db::Result<()> {
    let statement = sql("DELETE FROM counter WHERE key = $1", (key,));
    db.execute(statement.named("counter.clear")).await.map(drop)
}

/// Forgets keys whose window is over.
pub(super) async fn prune(db: &Db, now: Timestamp) -> db::Result<()> {
    let statement = sql("DELETE FROM counter WHERE expires < $1", (now,));
    db.execute(statement.named("counter.prune")).await.map(drop)
}

fn recent(stored: &str, limit: Limit, now: i64) -> Vec<i64> {
    let begin = now.saturating_sub(limit.millis());
    stored
        .split(' ')
        .filter_map(|time| time.parse().ok())
        .filter(|time| *time > begin)
        .collect()
}
