//! Links in the database.

use uuid::Uuid;

use crate::db::{self, Db, FromRow, sql};
use crate::time::Timestamp;

#[derive(FromRow)]
pub(super) struct ResetRow {
    pub(super) token: String,
    pub(super) user_id: Uuid,
    pub(super) state: String,
    pub(super) created: Timestamp,
    pub(super) expires: Timestamp,
}

pub(super) async fn insert(db: &Db, row: &ResetRow) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO password_reset (token, user_id, state, created, expires) VALUES ($1, $2, $3, $4, $5)",
        (
            row.token.as_str(),
            row.user_id,
            row.state.as_str(),
            row.created,
            row.expires,
        ),
    );
    db.execute(statement.named("reset.insert")).await.map(drop)
}

pub(super) async fn find(db: &Db, token: &str) -> db::Result<Option<ResetRow>> {
    let statement = sql(
        "SELECT token, user_id, state, created, expires FROM password_reset WHERE token = $1",
        (token,),
    );
    db.fetch_optional(statement.named("reset.find")).await
}

pub(super) async fn take(db: &Db, token: &str) -> db::Result<Option<ResetRow>> {
    let statement = sql(
        "DELETE FROM password_reset WHERE token = $1 RETURNING token, user_id, state, created, expires",
        (token,),
    );
    db.fetch_optional(statement.named("reset.take")).await
}

pub(super) async fn forget(db: &Db, user: Uuid) -> db::Result<()> {
    let statement = sql("DELETE FROM password_reset WHERE user_id = $1", (user,));
    db.execute(statement.named("reset.forget")).await.map(drop)
}

pub(super) async fn forget_expired(db: &Db, now: Timestamp) -> db::Result<()> {
    let statement = sql("DELETE FROM password_reset WHERE expires <= $1", (now,));
    db.execute(statement.named("reset.forget-expired"))
        .await
        .map(drop)
}

/// The hash of the password and the address of an account.
pub(super) async fn state(db: &Db, user: Uuid) -> db::Result<Option<(Option<String>, Option<String>)>> {
    let statement = sql("SELECT password, mail FROM users WHERE id = $1", (user,));
    db.fetch_optional(statement.named("reset.state")).await
}
