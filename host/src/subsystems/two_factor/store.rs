//! Second factors in the database.

use uuid::Uuid;

use crate::db::{self, Db, FromRow, Tx, sql};
use crate::time::Timestamp;

#[derive(FromRow)]
pub(super) struct TotpRow {
    pub(super) secret: String,
    pub(super) confirmed: bool,
    pub(super) created: Timestamp,
}

pub(super) async fn find(db: &Db, user: Uuid) -> db::Result<Option<TotpRow>> {
    let statement = sql(
        "SELECT secret, confirmed, created FROM totp WHERE user_id = $1",
        (user,),
    );
    db.fetch_optional(statement.named("two-factor.find")).await
}

/// Keeps a secret that is not confirmed yet, in the place of another such one.
pub(super) async fn begin(db: &Db, user: Uuid, secret: &str, now: Timestamp) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO totp (user_id, secret, confirmed, last_step, created) VALUES ($1, $2, FALSE, 0, $3) \
         ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created = excluded.created \
         WHERE NOT totp.confirmed",
        (user, secret, now),
    );
    db.execute(statement.named("two-factor.begin")).await.map(drop)
}

pub(super) async fn confirm(
    tx: &mut Tx,
    user: Uuid,
    secret: &str,
    step: i64,
    now: Timestamp,
) -> db::Result<bool> {
    let statement = sql(
        "UPDATE totp SET confirmed = TRUE, last_step = $3, created = $4 \
         WHERE user_id = $1 AND secret = $2 AND NOT confirmed",
        (user, secret, step, now),
    );
    Ok(tx.execute(statement.named("two-factor.confirm")).await? > 0)
}

/// Whether the step is later than every one that was used.
pub(super) async fn use_step(db: &Db, user: Uuid, step: i64) -> db::Result<bool> {
    let statement = sql(
        "UPDATE totp SET last_step = $2 WHERE user_id = $1 AND last_step < $2 AND confirmed",
        (user, step),
    );
    Ok(db.execute(statement.named("two-factor.use-step")).await? > 0)
}

pub(super) async fn replace_recovery(tx: &mut Tx, user: Uuid, codes: &[String]) -> db::Result<()> {
    let old = sql("DELETE FROM recovery_code WHERE user_id = $1", (user,));
    tx.execute(old.named("two-factor.remove-recovery")).await?;
    for code in codes {
        let new = sql(
            "INSERT INTO recovery_code (user_id, code) VALUES ($1, $2)",
            (user, code.as_str()),
        );
        tx.execute(new.named("two-factor.add-recovery")).await?;
    }
    Ok(())
}

pub(super) async fn recovery_left(db: &Db, user: Uuid) -> db::Result<u32> {
    let statement = sql(
        "SELECT COUNT(*) FROM recovery_code WHERE user_id = $1 AND used IS NULL",
        (user,),
    );
    let (count,): (i64,) = db.fetch_one(statement.named("two-factor.recovery-left")).await?;
    Ok(u32::try_from(count).unwrap_or(0))
}

pub(super) async fn use_recovery(db: &Db, user: Uuid, code: &str, now: Timestamp) -> db::Result<bool> {
    let statement = sql(
        "UPDATE recovery_code SET used = $3 WHERE user_id = $1 AND code = $2 AND used IS NULL",
        (user, code, now),
    );
    Ok(db.execute(statement.named("two-factor.use-recovery")).await? > 0)
}

pub(super) async fn remove(tx: &mut Tx, user: Uuid) -> db::Result<bool> {
    let codes = sql("DELETE FROM recovery_code WHERE user_id = $1", (user,));
    tx.execute(codes.named("two-factor.remove-recovery")).await?;
    let totp = sql("DELETE FROM totp WHERE user_id = $1", (user,));
    Ok(tx.execute(totp.named("two-factor.remove")).await? > 0)
}

pub(super) async fn requiring(db: &Db) -> db::Result<Vec<Uuid>> {
    let statement = sql("SELECT id FROM role WHERE requires_two_factor", ());
    let rows: Vec<(Uuid,)> = db.fetch_all(statement.named("two-factor.requiring")).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Sets whether a role requires it.
///
/// # Returns
/// What people call the role, if that is a change.
pub(super) async fn require(tx: &mut Tx, role: Uuid, required: bool) -> db::Result<Option<String>> {
    let statement = sql(
        "UPDATE role SET requires_two_factor = $2 WHERE id = $1 AND requires_two_factor <> $2 RETURNING label",
        (role, required),
    );
    let row: Option<(String,)> = tx.fetch_optional(statement.named("two-factor.require")).await?;
    Ok(row.map(|(label,)| label))
}
