//! Sessions in the database.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::Listed;
use crate::db::{self, Db, FromRow, Tx, sql};
use crate::time::Timestamp;

/// Expired sessions that are removed when another is opened.
const PRUNE_AT_ONCE: i64 = 50;

/// A session with its user; one row for each role.
#[derive(FromRow, Serialize, Deserialize)]
pub(super) struct Row {
    pub id: Uuid,
    pub user_id: Uuid,
    pub secret: String,
    pub rotated: Timestamp,
    pub state: String,
    pub last_used: Timestamp,
    pub expires: Timestamp,
    pub remember: bool,
    pub active_stage: Option<Uuid>,
    pub confirmed: Timestamp,
    pub security: i64,
    pub privileges: i64,
    pub name: String,
    pub is_admin: bool,
    pub active: bool,
    pub user_security: i64,
    pub user_privileges: i64,
    pub timezone: Option<String>,
    pub language: Option<String>,
    pub role_id: Option<Uuid>,
}

pub(super) async fn find(db: &Db, digest: &str) -> db::Result<Vec<Row>> {
    let statement = sql(
        "SELECT s.id, s.user_id, s.secret, s.rotated, s.state, s.last_used, s.expires, s.remember, s.active_stage, s.confirmed, \
         s.security, s.privileges, u.name, u.is_admin, u.active, u.security AS user_security, \
         u.privileges AS user_privileges, u.timezone, u.language, r.role_id \
         FROM session s JOIN users u ON u.id = s.user_id LEFT JOIN users_roles r ON r.user_id = u.id \
         WHERE s.secret = $1 OR s.previous = $1 ORDER BY r.role_id",
        (digest,),
    );
    db.fetch_all(statement.named("session.find")).await
}

/// A session to be stored.
pub(super) struct New<'a> {
    pub id: Uuid,
    pub digest: &'a str,
    pub user: Uuid,
    pub state: &'static str,
    pub now: Timestamp,
    pub expires: Timestamp,
    pub remember: bool,
    pub address: &'a str,
    pub agent: &'a str,
}

/// Stores a session of an account that may sign in.
pub(super) async fn insert(db: &Db, new: &New<'_>) -> db::Result<bool> {
    let expired = sql(
        "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires < $1 ORDER BY expires LIMIT $2)",
        (new.now, PRUNE_AT_ONCE),
    );
    db.execute(expired.named("session.prune")).await?;
    let statement = sql(
        "INSERT INTO session (id, secret, rotated, user_id, security, privileges, state, created, last_used, \
         expires, remember, address, agent, confirmed) \
         SELECT $1, $2, $3, u.id, u.security, u.privileges, $4, $3, $3, $5, $6, $7, $8, $3 \
         FROM users u WHERE u.id = $9 AND u.active",
        (
            new.id,
            new.digest,
            new.now,
            new.state,
            new.expires,
            new.remember,
            new.address,
            new.agent,
            new.user,
        ),
    );
    Ok(db.execute(statement.named("session.insert")).await? > 0)
}

pub(super) async fn touch(
    db: &Db,
    id: Uuid,
    user: Uuid,
    now: Timestamp,
    expires: Timestamp,
) -> db::Result<()> {
    let session = sql(
        "UPDATE session SET last_used = $2, expires = $3 WHERE id = $1 AND last_used < $2",
        (id, now, expires),
    );
    db.execute(session.named("session.touch")).await?;
    let user = sql("UPDATE users SET access = $2 WHERE id = $1", (user, now));
    db.execute(user.named("session.seen")).await.map(drop)
}

/// Gives a session another secret, and notes what its user may do now. None changes where another request was faster.
pub(super) async fn rotate(
    tx: &mut Tx,
    id: Uuid,
    old: &str,
    new: &str,
    privileges: i64,
    now: Timestamp,
) -> db::Result<bool> {
    let statement = sql(
        "UPDATE session SET secret = $3, previous = $2, rotated = $5, privileges = $4 WHERE id = $1 AND secret = $2",
        (id, old, new, privileges, now),
    );
    Ok(tx.execute(statement.named("session.rotate")).await? > 0)
}

/// Gives a session another secret, after which the old one is worth nothing, and another state.
pub(super) async fn renew(
    tx: &mut Tx,
    id: Uuid,
    new: &str,
    state: &'static str,
    now: Timestamp,
    expires: Timestamp,
) -> db::Result<bool> {
    let statement = sql(
        "UPDATE session SET secret = $2, previous = NULL, state = $3, rotated = $4, last_used = $4, expires = $5 \
         WHERE id = $1",
        (id, new, state, now, expires),
    );
    Ok(tx.execute(statement.named("session.renew")).await? > 0)
}

/// Notes that whoever uses a session has shown once more who they are.
pub(super) async fn confirm(tx: &mut Tx, id: Uuid, now: Timestamp) -> db::Result<()> {
    let statement = sql("UPDATE session SET confirmed = $2 WHERE id = $1", (id, now));
    tx.execute(statement.named("session.confirm")).await.map(drop)
}

pub(super) async fn end(tx: &mut Tx, user: Uuid, id: Uuid) -> db::Result<bool> {
    let statement = sql("DELETE FROM session WHERE id = $1 AND user_id = $2", (id, user));
    Ok(tx.execute(statement.named("session.end")).await? > 0)
}

/// Ends the session with a secret and says whose it was.
pub(super) async fn end_secret(tx: &mut Tx, digest: &str) -> db::Result<Option<Uuid>> {
    let statement = sql(
        "DELETE FROM session WHERE secret = $1 OR previous = $1 RETURNING user_id",
        (digest,),
    );
    let rows: Vec<(Uuid,)> = tx.fetch_all(statement.named("session.end-secret")).await?;
    Ok(rows.first().map(|(user,)| *user))
}

/// Ends all sessions of an account but one, which learns that it is none of those that were to end.
pub(super) async fn end_others(tx: &mut Tx, user: Uuid, keep: Option<Uuid>) -> db::Result<()> {
    let keep = keep.unwrap_or_else(Uuid::nil);
    let others = sql(
        "DELETE FROM session WHERE user_id = $1 AND id <> $2",
        (user, keep),
    );
    tx.execute(others.named("session.end-others")).await?;
    let kept = sql(
        "UPDATE session SET security = (SELECT security FROM users WHERE id = $1) WHERE id = $2",
        (user, keep),
    );
    tx.execute(kept.named("session.keep")).await.map(drop)
}

#[derive(FromRow)]
struct ListedRow {
    id: Uuid,
    created: Timestamp,
    last_used: Timestamp,
    expires: Timestamp,
    remember: bool,
    address: String,
    agent: String,
}

pub(super) async fn list(db: &Db, user: Uuid, now: Timestamp, limit: u32) -> db::Result<Vec<Listed>> {
    let statement = sql(
        "SELECT id, created, last_used, expires, remember, address, agent FROM session \
         WHERE user_id = $1 AND expires > $2 AND state <> 'pending' ORDER BY last_used DESC, id LIMIT $3",
        (user, now, i64::from(limit)),
    );
    let rows: Vec<ListedRow> = db.fetch_all(statement.named("session.list")).await?;
    let listed = |row: ListedRow| Listed {
        id: row.id,
        created: row.created,
        last_used: row.last_used,
        expires: row.expires,
        remember: row.remember,
        address: row.address,
        agent: row.agent,
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// Switches a session to a stage and says whose it is.
pub(super) async fn set_stage(tx: &mut Tx, id: Uuid, stage: Option<Uuid>) -> db::Result<Option<Uuid>> {
    let statement = sql(
        "UPDATE session SET active_stage = $2 WHERE id = $1 RETURNING user_id",
        (id, stage),
    );
    let row: Option<(Uuid,)> = tx.fetch_optional(statement.named("session.set-stage")).await?;
    Ok(row.map(|(user,)| user))
}
