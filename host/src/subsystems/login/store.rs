//! Failed sign-ins and known browsers in the database.

use uuid::Uuid;

use crate::db::{self, Db, sql};
use crate::time::Timestamp;

/// Counts that are over and are removed when another begins.
const PRUNE_AT_ONCE: i64 = 50;
/// Browsers that are known of one account.
const DEVICES: i64 = 20;

pub(super) async fn locked_until(db: &Db, key: &str) -> db::Result<Option<Timestamp>> {
    let statement = sql("SELECT locked_until FROM login_failure WHERE key = $1", (key,));
    let row: Option<(Timestamp,)> = db.fetch_optional(statement.named("login.locked-until")).await?;
    Ok(row.map(|(until,)| until))
}

/// Counts an attempt; none while attempts are refused. A count begins anew when its window or its lock is over.
pub(super) async fn begin(
    db: &Db,
    key: &str,
    now: Timestamp,
    window_begins: Timestamp,
    lock_ends: Timestamp,
    limit: i64,
) -> db::Result<Option<i64>> {
    let statement = sql(
        "INSERT INTO login_failure (key, failures, since, locked_until) VALUES ($1, 1, $2, 0) \
         ON CONFLICT (key) DO UPDATE SET \
         failures = CASE WHEN login_failure.since <= $3 OR login_failure.locked_until > 0 THEN 1 \
         ELSE login_failure.failures + 1 END, \
         since = CASE WHEN login_failure.since <= $3 OR login_failure.locked_until > 0 THEN excluded.since \
         ELSE login_failure.since END, \
         locked_until = CASE WHEN login_failure.since > $3 AND login_failure.locked_until = 0 \
         AND login_failure.failures + 1 >= $5 THEN CAST($4 AS bigint) ELSE 0 END \
         WHERE login_failure.locked_until <= $2 RETURNING failures",
        (key, now, window_begins, lock_ends, limit),
    );
    let row: Option<(i64,)> = db.fetch_optional(statement.named("login.begin")).await?;
    if row == Some((1,)) {
        let over = sql(
            "DELETE FROM login_failure WHERE key IN (SELECT key FROM login_failure \
             WHERE since <= $1 AND locked_until <= $2 ORDER BY since LIMIT $3)",
            (window_begins, now, PRUNE_AT_ONCE),
        );
        db.execute(over.named("login.prune")).await?;
    }
    Ok(row.map(|(failures,)| failures))
}

pub(super) async fn clear(db: &Db, key: &str) -> db::Result<()> {
    let statement = sql("DELETE FROM login_failure WHERE key = $1", (key,));
    db.execute(statement.named("login.clear")).await.map(drop)
}

pub(super) async fn knows(db: &Db, digest: &str, user: Uuid, since: Timestamp) -> db::Result<bool> {
    let statement = sql(
        "SELECT last_used FROM known_device WHERE secret = $1 AND user_id = $2 AND last_used >= $3",
        (digest, user, since),
    );
    let row: Option<(Timestamp,)> = db.fetch_optional(statement.named("login.knows-device")).await?;
    Ok(row.is_some())
}

/// Remembers a browser, and forgets those that were not used for the longest time.
pub(super) async fn remember(db: &Db, digest: &str, user: Uuid, now: Timestamp) -> db::Result<()> {
    let mut tx = db.begin().await?;
    let statement = sql(
        "INSERT INTO known_device (secret, user_id, last_used) VALUES ($1, $2, $3) \
         ON CONFLICT (secret, user_id) DO UPDATE SET last_used = excluded.last_used",
        (digest, user, now),
    );
    tx.execute(statement.named("login.remember-device")).await?;
    let forget = sql(
        "DELETE FROM known_device WHERE user_id = $1 AND secret NOT IN (SELECT secret FROM known_device \
         WHERE user_id = $1 ORDER BY last_used DESC, secret LIMIT $2)",
        (user, DEVICES),
    );
    tx.execute(forget.named("login.forget-devices")).await?;
    tx.commit().await
}
