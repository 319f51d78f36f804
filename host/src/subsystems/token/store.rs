//! Tokens, clients and keys in the database.

use uuid::Uuid;

use super::{Client, Personal};
use crate::db::{self, Db, FromRow, Json, Tx, sql};
use crate::time::Timestamp;

#[derive(FromRow)]
struct PersonalRow {
    id: Uuid,
    user_id: Uuid,
    name: String,
    scopes: Json<Vec<String>>,
    created: Timestamp,
    expires: Option<Timestamp>,
    last_used: Option<Timestamp>,
}

pub(super) async fn personal(db: &Db, user: Uuid) -> db::Result<Vec<Personal>> {
    let statement = sql(
        "SELECT id, user_id, name, scopes, created, expires, last_used FROM access_token \
         WHERE user_id = $1 ORDER BY created DESC, id DESC",
        (user,),
    );
    let rows: Vec<PersonalRow> = db.fetch_all(statement.named("token.list")).await?;
    let listed = |row: PersonalRow| Personal {
        id: row.id,
        user: row.user_id,
        name: row.name,
        scopes: row.scopes.0,
        created: row.created,
        expires: row.expires,
        last_used: row.last_used,
    };
    Ok(rows.into_iter().map(listed).collect())
}

fn json(scopes: &[String]) -> serde_json::Value {
    serde_json::Value::from(scopes.to_vec())
}

pub(super) async fn insert_personal(tx: &mut Tx, token: &Personal, digest: &str) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO access_token (id, user_id, name, digest, scopes, created, expires) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (
            token.id,
            token.user,
            token.name.as_str(),
            digest,
            json(&token.scopes),
            token.created,
            token.expires,
        ),
    );
    tx.execute(statement.named("token.insert")).await.map(drop)
}

pub(super) async fn remove_personal(tx: &mut Tx, user: Uuid, id: Uuid) -> db::Result<Option<String>> {
    let statement = sql(
        "DELETE FROM access_token WHERE id = $1 AND user_id = $2 RETURNING name",
        (id, user),
    );
    let removed: Option<(String,)> = tx.fetch_optional(statement.named("token.remove")).await?;
    Ok(removed.map(|(name,)| name))
}

/// A token or client that is shown, with its account; a row for each role of the account.
#[derive(FromRow)]
pub(super) struct ShownRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) scopes: Json<Vec<String>>,
    pub(super) last_used: Option<Timestamp>,
    pub(super) user_id: Uuid,
    pub(super) user_name: String,
    pub(super) is_admin: bool,
    pub(super) role_id: Option<Uuid>,
}

pub(super) async fn shown(db: &Db, digest: &str, now: Timestamp) -> db::Result<Vec<ShownRow>> {
    let statement = sql(
        "SELECT t.id, t.name, t.scopes, t.last_used, u.id AS user_id, u.name AS user_name, u.is_admin, r.role_id \
         FROM access_token t JOIN users u ON u.id = t.user_id LEFT JOIN users_roles r ON r.user_id = u.id \
         WHERE t.digest = $1 AND u.active AND (t.expires IS NULL OR t.expires > $2)",
        (digest, now),
    );
    db.fetch_all(statement.named("token.shown")).await
}

pub(super) async fn client_shown(db: &Db, id: Uuid, token: Uuid) -> db::Result<Vec<ShownRow>> {
    let statement = sql(
        "SELECT c.id, c.name, c.scopes, c.last_used, u.id AS user_id, u.name AS user_name, u.is_admin, r.role_id \
         FROM oauth_client c JOIN users u ON u.id = c.user_id LEFT JOIN users_roles r ON r.user_id = u.id \
         WHERE c.id = $1 AND c.active AND u.active AND NOT EXISTS (SELECT 1 FROM revoked_token WHERE id = $2)",
        (id, token),
    );
    db.fetch_all(statement.named("token.client-shown")).await
}

pub(super) async fn touch(db: &Db, id: Uuid, now: Timestamp) -> db::Result<()> {
    let statement = sql("UPDATE access_token SET last_used = $2 WHERE id = $1", (id, now));
    db.execute(statement.named("token.touch")).await.map(drop)
}

#[derive(FromRow)]
struct ClientRow {
    id: Uuid,
    user_id: Uuid,
    user_name: String,
    name: String,
    secret: String,
    scopes: Json<Vec<String>>,
    active: bool,
    created: Timestamp,
    last_used: Option<Timestamp>,
}

fn client_of(row: ClientRow) -> (Client, String) {
    let client = Client {
        id: row.id,
        user: row.user_id,
        user_name: row.user_name,
        name: row.name,
        scopes: row.scopes.0,
        active: row.active,
        created: row.created,
        last_used: row.last_used,
    };
    (client, row.secret)
}

pub(super) async fn clients(db: &Db) -> db::Result<Vec<Client>> {
    let statement = sql(
        "SELECT c.id, c.user_id, u.name AS user_name, c.name, c.secret, c.scopes, c.active, c.created, c.last_used \
         FROM oauth_client c JOIN users u ON u.id = c.user_id ORDER BY lower(c.name), c.id",
        (),
    );
    let rows: Vec<ClientRow> = db.fetch_all(statement.named("token.clients")).await?;
    Ok(rows.into_iter().map(|row| client_of(row).0).collect())
}

/// A client of an account that is not blocked, and the digest of its secret.
pub(super) async fn client(db: &Db, id: Uuid) -> db::Result<Option<(Client, String)>> {
    let statement = sql(
        "SELECT c.id, c.user_id, u.name AS user_name, c.name, c.secret, c.scopes, c.active, c.created, c.last_used \
         FROM oauth_client c JOIN users u ON u.id = c.user_id WHERE c.id = $1 AND u.active",
        (id,),
    );
    let row: Option<ClientRow> = db.fetch_optional(statement.named("token.client")).await?;
    Ok(row.map(client_of))
}

pub(super) async fn insert_client(tx: &mut Tx, client: &Client, secret: &str) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO oauth_client (id, user_id, name, secret, scopes, active, created) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (
            client.id,
            client.user,
            client.name.as_str(),
            secret,
            json(&client.scopes),
            client.active,
            client.created,
        ),
    );
    tx.execute(statement.named("token.insert-client")).await.map(drop)
}

pub(super) async fn set_client_secret(tx: &mut Tx, id: Uuid, secret: &str) -> db::Result<()> {
    let statement = sql("UPDATE oauth_client SET secret = $2 WHERE id = $1", (id, secret));
    tx.execute(statement.named("token.set-client-secret"))
        .await
        .map(drop)
}

pub(super) async fn set_client_active(tx: &mut Tx, id: Uuid, active: bool) -> db::Result<()> {
    let statement = sql("UPDATE oauth_client SET active = $2 WHERE id = $1", (id, active));
    tx.execute(statement.named("token.set-client-active"))
        .await
        .map(drop)
}

pub(super) async fn remove_client(tx: &mut Tx, id: Uuid) -> db::Result<()> {
    let statement = sql("DELETE FROM oauth_client WHERE id = $1", (id,));
    tx.execute(statement.named("token.remove-client")).await.map(drop)
}

pub(super) async fn touch_client(db: &Db, id: Uuid, now: Timestamp) -> db::Result<()> {
    let statement = sql("UPDATE oauth_client SET last_used = $2 WHERE id = $1", (id, now));
    db.execute(statement.named("token.touch-client")).await.map(drop)
}

#[derive(FromRow)]
pub(super) struct KeyRow {
    pub(super) id: String,
    pub(super) public_key: String,
    pub(super) private_key: String,
    pub(super) signs_from: Timestamp,
    pub(super) signs_until: Timestamp,
    pub(super) expires: Timestamp,
}

pub(super) async fn keys(db: &Db, now: Timestamp) -> db::Result<Vec<KeyRow>> {
    let statement = sql(
        "SELECT id, public_key, private_key, signs_from, signs_until, expires FROM signing_key \
         WHERE expires > $1 ORDER BY signs_from, id",
        (now,),
    );
    db.fetch_all(statement.named("token.keys")).await
}

pub(super) async fn insert_key(db: &Db, key: &KeyRow, now: Timestamp) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO signing_key (id, public_key, private_key, created, signs_from, signs_until, expires) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (
            key.id.as_str(),
            key.public_key.as_str(),
            key.private_key.as_str(),
            now,
            key.signs_from,
            key.signs_until,
            key.expires,
        ),
    );
    db.execute(statement.named("token.insert-key")).await.map(drop)
}

/// Ends the signing of every key that signs or would: a fresh one is to.
pub(super) async fn stop_signing(db: &Db, now: Timestamp, expires: Timestamp) -> db::Result<()> {
    let statement = sql(
        "UPDATE signing_key SET signs_until = $1, \
         expires = CASE WHEN signs_from > $1 THEN $1 ELSE $2 END WHERE signs_until > $1",
        (now, expires),
    );
    db.execute(statement.named("token.stop-signing")).await.map(drop)
}

pub(super) async fn drop_keys(db: &Db) -> db::Result<()> {
    db.execute(sql("DELETE FROM signing_key", ()).named("token.drop-keys"))
        .await
        .map(drop)
}

pub(super) async fn forget_expired(db: &Db, now: Timestamp) -> db::Result<()> {
    let keys = sql("DELETE FROM signing_key WHERE expires <= $1", (now,));
    db.execute(keys.named("token.forget-keys")).await?;
    let tokens = sql("DELETE FROM revoked_token WHERE expires <= $1", (now,));
    db.execute(tokens.named("token.forget-revoked")).await.map(drop)
}

pub(super) async fn revoke(db: &Db, id: Uuid, expires: Timestamp, now: Timestamp) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO revoked_token (id, expires) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
        (id, expires),
    );
    db.execute(statement.named("token.revoke")).await?;
    forget_expired(db, now).await
}
