//! Roles and what they grant, in the database.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::model::Role;
use super::table::Table;
use crate::db::{self, Db, FromRow, Tx, sql};

#[derive(FromRow)]
struct RoleRow {
    id: Uuid,
    name: String,
    label: String,
    weight: i64,
}

const GENERATION: &str = "SELECT value FROM generation WHERE name = 'access'";

pub(super) async fn generation(db: &Db) -> db::Result<i64> {
    let (value,): (i64,) = db
        .fetch_one(sql(GENERATION, ()).named("access.generation"))
        .await?;
    Ok(value)
}

/// The generation is read first: what changes in between is taken up by the next look.
pub(super) async fn load(db: &Db) -> db::Result<Table> {
    let generation = generation(db).await?;
    let roles = sql(
        "SELECT id, name, label, weight FROM role ORDER BY weight, label, id",
        (),
    );
    let roles: Vec<RoleRow> = db.fetch_all(roles.named("access.roles")).await?;
    let granted = sql("SELECT role_id, permission FROM role_permission", ());
    let rows: Vec<(Uuid, String)> = db.fetch_all(granted.named("access.granted")).await?;
    let mut granted: HashMap<Uuid, HashSet<String>> = HashMap::new();
    for (role, permission) in rows {
        granted.entry(role).or_default().insert(permission);
    }
    let roles = roles.into_iter().map(
        |RoleRow {
             id,
             name,
             label,
             weight,
         }| Role {
            id,
            name,
            label,
            weight,
        },
    );
    Ok(Table::new(generation, roles.collect(), granted))
}

/// Tells every node that something has changed. It also makes changes that lean on each other wait for each other.
pub(crate) async fn advance(tx: &mut Tx) -> db::Result<()> {
    let statement = sql(
        "UPDATE generation SET value = value + 1 WHERE name = 'access'",
        (),
    );
    tx.execute(statement.named("access.advance")).await.map(drop)
}

pub(super) async fn grant(tx: &mut Tx, role: Uuid, permission: &str) -> db::Result<u64> {
    let statement = sql(
        "INSERT INTO role_permission (role_id, permission) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        (role, permission),
    );
    tx.execute(statement.named("access.grant")).await
}

pub(super) async fn revoke(tx: &mut Tx, role: Uuid, permission: &str) -> db::Result<u64> {
    let statement = sql(
        "DELETE FROM role_permission WHERE role_id = $1 AND permission = $2",
        (role, permission),
    );
    tx.execute(statement.named("access.revoke")).await
}

pub(super) async fn insert(tx: &mut Tx, role: &Role) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO role (id, name, label, weight) VALUES ($1, $2, $3, $4)",
        (role.id, role.name.as_str(), role.label.as_str(), role.weight),
    );
    tx.execute(statement.named("access.insert")).await.map(drop)
}

pub(super) async fn update(tx: &mut Tx, role: &Role) -> db::Result<u64> {
    let statement = sql(
        "UPDATE role SET label = $2, weight = $3 WHERE id = $1",
        (role.id, role.label.as_str(), role.weight),
    );
    tx.execute(statement.named("access.update")).await
}

/// Whoever had the role gets other ids for their sessions.
pub(super) async fn delete(tx: &mut Tx, role: Uuid) -> db::Result<u64> {
    let holders = sql(
        "UPDATE users SET privileges = privileges + 1 \
         WHERE id IN (SELECT user_id FROM users_roles WHERE role_id = $1)",
        (role,),
    );
    tx.execute(holders.named("access.holders")).await?;
    tx.execute(sql("DELETE FROM role WHERE id = $1", (role,)).named("access.delete"))
        .await
}

/// How many people have each role that anybody was given.
pub(super) async fn holders(db: &Db) -> db::Result<HashMap<Uuid, i64>> {
    let statement = sql("SELECT role_id, COUNT(*) FROM users_roles GROUP BY role_id", ());
    let rows: Vec<(Uuid, i64)> = db.fetch_all(statement.named("access.count-holders")).await?;
    Ok(rows.into_iter().collect())
}
