//! Addresses that wait to be confirmed, in the database.

use uuid::Uuid;

use crate::db::{self, Db, FromRow, Statement, Tx, sql};
use crate::time::Timestamp;

/// What has expired and is removed at once.
const AT_ONCE: i64 = 50;

#[derive(FromRow)]
pub(super) struct Row {
    pub token: String,
    pub user_id: Uuid,
    pub mail: String,
    pub is_new: bool,
    pub activates: bool,
    pub created: Timestamp,
    pub expires: Timestamp,
}

fn insertion(row: &Row) -> Statement {
    sql(
        "INSERT INTO address_confirmation (token, user_id, mail, is_new, activates, created, expires) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (
            row.token.as_str(),
            row.user_id,
            row.mail.as_str(),
            row.is_new,
            row.activates,
            row.created,
            row.expires,
        ),
    )
    .named("user.note-address")
}

pub(super) async fn insert(db: &Db, row: &Row) -> db::Result<()> {
    db.execute(insertion(row)).await.map(drop)
}

pub(super) async fn replace(tx: &mut Tx, row: &Row) -> db::Result<()> {
    let before = sql(
        "DELETE FROM address_confirmation WHERE user_id = $1",
        (row.user_id,),
    );
    tx.execute(before.named("user.forget-address")).await?;
    tx.execute(insertion(row)).await.map(drop)
}

pub(super) async fn find(db: &Db, token: &str) -> db::Result<Option<Row>> {
    let statement = sql(
        "SELECT token, user_id, mail, is_new, activates, created, expires FROM address_confirmation WHERE token = $1",
        (token,),
    );
    db.fetch_optional(statement.named("user.find-address")).await
}

pub(super) async fn take(db: &Db, token: &str) -> db::Result<Option<Row>> {
    let statement = sql(
        "DELETE FROM address_confirmation WHERE token = $1 \
         RETURNING token, user_id, mail, is_new, activates, created, expires",
        (token,),
    );
    db.fetch_optional(statement.named("user.take-address")).await
}

pub(super) async fn take_expired(db: &Db, now: Timestamp) -> db::Result<Vec<Row>> {
    let statement = sql(
        "DELETE FROM address_confirmation WHERE token IN \
         (SELECT token FROM address_confirmation WHERE expires <= $1 ORDER BY expires LIMIT $2) \
         RETURNING token, user_id, mail, is_new, activates, created, expires",
        (now, AT_ONCE),
    );
    db.fetch_all(statement.named("user.expired-addresses")).await
}
