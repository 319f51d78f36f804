//! Passkeys and ceremonies in the database.

use uuid::Uuid;

use super::Listed;
use crate::db::{self, Db, FromRow, sql};
use crate::time::Timestamp;

#[derive(FromRow)]
struct ListedRow {
    id: Uuid,
    name: String,
    created: Timestamp,
    last_used: Option<Timestamp>,
}

pub(super) async fn list(db: &Db, user: Uuid) -> db::Result<Vec<Listed>> {
    let statement = sql(
        "SELECT id, name, created, last_used FROM passkey WHERE user_id = $1 ORDER BY created DESC, id DESC",
        (user,),
    );
    let rows: Vec<ListedRow> = db.fetch_all(statement.named("passkey.list")).await?;
    let listed = |row: ListedRow| Listed {
        id: row.id,
        name: row.name,
        created: row.created,
        last_used: row.last_used,
    };
    Ok(rows.into_iter().map(listed).collect())
}

pub(super) async fn keys(db: &Db, user: Uuid) -> db::Result<Vec<(Uuid, String)>> {
    let statement = sql(
        "SELECT id, public_key FROM passkey WHERE user_id = $1 ORDER BY id",
        (user,),
    );
    db.fetch_all(statement.named("passkey.keys")).await
}

pub(super) async fn insert(
    db: &Db,
    user: Uuid,
    listed: &Listed,
    credential: &str,
    key: &str,
) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO passkey (id, user_id, credential, name, public_key, created) VALUES ($1, $2, $3, $4, $5, $6)",
        (
            listed.id,
            user,
            credential,
            listed.name.as_str(),
            key,
            listed.created,
        ),
    );
    db.execute(statement.named("passkey.insert")).await.map(drop)
}

pub(super) async fn note_use(
    db: &Db,
    id: Uuid,
    before: &str,
    after: &str,
    now: Timestamp,
) -> db::Result<bool> {
    let statement = sql(
        "UPDATE passkey SET public_key = $3, last_used = $4 WHERE id = $1 AND public_key = $2",
        (id, before, after, now),
    );
    Ok(db.execute(statement.named("passkey.note-use")).await? > 0)
}

pub(super) async fn remove(db: &Db, user: Uuid, id: Uuid) -> db::Result<Option<String>> {
    let statement = sql(
        "DELETE FROM passkey WHERE id = $1 AND user_id = $2 RETURNING name",
        (id, user),
    );
    let removed: Option<(String,)> = db.fetch_optional(statement.named("passkey.remove")).await?;
    Ok(removed.map(|(name,)| name))
}

/// A ceremony to be kept.
pub(super) struct Ceremony<'a> {
    pub(super) id: &'a str,
    pub(super) kind: &'a str,
    pub(super) user: Option<Uuid>,
    pub(super) browser: &'a str,
    pub(super) state: &'a str,
    pub(super) expires: Timestamp,
}

#[derive(FromRow)]
pub(super) struct CeremonyRow {
    pub(super) kind: String,
    pub(super) user_id: Option<Uuid>,
    pub(super) browser: String,
    pub(super) state: String,
    pub(super) expires: Timestamp,
}

pub(super) async fn begin(db: &Db, new: &Ceremony<'_>) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO passkey_ceremony (id, kind, user_id, browser, state, expires) VALUES ($1, $2, $3, $4, $5, $6)",
        (new.id, new.kind, new.user, new.browser, new.state, new.expires),
    );
    db.execute(statement.named("passkey.begin")).await.map(drop)
}

/// Taken once: whoever asks again finds nothing.
pub(super) async fn take(db: &Db, id: &str) -> db::Result<Option<CeremonyRow>> {
    let statement = sql(
        "DELETE FROM passkey_ceremony WHERE id = $1 RETURNING kind, user_id, browser, state, expires",
        (id,),
    );
    db.fetch_optional(statement.named("passkey.take")).await
}

pub(super) async fn forget_expired(db: &Db, now: Timestamp) -> db::Result<()> {
    let statement = sql("DELETE FROM passkey_ceremony WHERE expires <= $1", (now,));
    db.execute(statement.named("passkey.forget")).await.map(drop)
}
