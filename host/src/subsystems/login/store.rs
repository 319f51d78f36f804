//! Known browsers in the database.

use uuid::Uuid;

use crate::db::{self, Db, sql};
use crate::time::Timestamp;

/// Browsers that are known of one account.
const DEVICES: i64 = 20;

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
