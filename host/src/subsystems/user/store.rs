//! People in the database.

use std::collections::HashSet;

use uuid::Uuid;

use super::{User, name_key};
use crate::db::{self, Db, FromRow, Tx, sql};
use crate::time::Timestamp;

#[derive(FromRow)]
struct UserRow {
    id: Uuid,
    name: String,
    active: bool,
    is_admin: bool,
    created: Timestamp,
}

pub(super) async fn load(db: &Db, id: Uuid) -> db::Result<Option<User>> {
    let statement = sql(
        "SELECT id, name, active, is_admin, created FROM users WHERE id = $1",
        (id,),
    );
    let row: Option<UserRow> = db.fetch_optional(statement.named("user.load")).await?;
    Ok(row.map(
        |UserRow {
             id,
             name,
             active,
             is_admin,
             created,
         }| User {
            id,
            name,
            active,
            is_admin,
            created,
        },
    ))
}

pub(super) async fn insert(tx: &mut Tx, user: &User, mail: Option<&str>, hash: &str) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO users (id, name, name_key, mail, password, is_admin, active, created, changed) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        (
            user.id,
            user.name.as_str(),
            name_key(&user.name),
            mail.map(str::to_owned),
            hash,
            user.is_admin,
            user.active,
            user.created,
        ),
    );
    tx.execute(statement.named("user.insert")).await.map(drop)
}

const ADMINISTRATORS: &str = "SELECT COUNT(*) FROM users WHERE is_admin AND active";

pub(super) async fn has_administrator(db: &Db) -> db::Result<bool> {
    let (count,): (i64,) = db
        .fetch_one(sql(ADMINISTRATORS, ()).named("user.administrators"))
        .await?;
    Ok(count > 0)
}

pub(super) async fn has_administrator_in(tx: &mut Tx) -> db::Result<bool> {
    let (count,): (i64,) = tx
        .fetch_one(sql(ADMINISTRATORS, ()).named("user.administrators"))
        .await?;
    Ok(count > 0)
}

pub(super) async fn anonymous_permissions(db: &Db) -> db::Result<HashSet<String>> {
    let statement = sql(
        "SELECT p.permission FROM role_permission p JOIN role r ON r.id = p.role_id WHERE r.name = 'anonymous'",
        (),
    );
    let rows: Vec<(String,)> = db
        .fetch_all(statement.named("user.anonymous-permissions"))
        .await?;
    Ok(rows.into_iter().map(|(permission,)| permission).collect())
}
