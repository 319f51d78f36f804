//! People in the database.

use std::collections::HashMap;

use sea_query::{
    Asterisk, Cond, Expr, ExprTrait, Func, NullOrdering, Order as Direction, Query, SelectStatement,
};
use uuid::Uuid;

use super::model::{Filter, Order, User};
use super::name;
use crate::db::{self, Db, FromRow, Statement, Tx, dialect, sql};
use crate::time::Timestamp;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    name: String,
    mail: Option<String>,
    active: bool,
    is_admin: bool,
    created: Timestamp,
    changed: Timestamp,
    access: Option<Timestamp>,
    login: Option<Timestamp>,
    timezone: Option<String>,
    language: Option<String>,
}

impl Row {
    fn into_user(self, roles: Vec<Uuid>) -> User {
        User {
            id: self.id,
            name: self.name,
            mail: self.mail,
            active: self.active,
            is_admin: self.is_admin,
            created: self.created,
            changed: self.changed,
            access: self.access,
            login: self.login,
            timezone: self.timezone,
            language: self.language,
            roles,
        }
    }
}

const COLUMNS: [&str; 11] = [
    "id", "name", "mail", "active", "is_admin", "created", "changed", "access", "login", "timezone",
    "language",
];
const ROLES: &str = "SELECT role_id FROM users_roles WHERE user_id = $1 ORDER BY role_id";
const BY_ID: &str = "SELECT id, name, mail, active, is_admin, created, changed, access, login, timezone, language \
                     FROM users WHERE id = $1";
const BY_NAME: &str = "SELECT id, name, mail, active, is_admin, created, changed, access, login, timezone, language \
                       FROM users WHERE name_key = $1";
const BY_MAIL: &str = "SELECT id, name, mail, active, is_admin, created, changed, access, login, timezone, language \
                       FROM users WHERE mail_key = $1 ORDER BY id LIMIT $2";

async fn one(db: &Db, statement: Statement) -> db::Result<Option<User>> {
    let Some(row) = db.fetch_optional::<Row>(statement).await? else {
        return Ok(None);
    };
    let roles: Vec<(Uuid,)> = db.fetch_all(sql(ROLES, (row.id,)).named("user.roles")).await?;
    Ok(Some(
        row.into_user(roles.into_iter().map(|(role,)| role).collect()),
    ))
}

pub(super) async fn names(db: &Db, ids: &[Uuid]) -> db::Result<Vec<(Uuid, String)>> {
    let select = Query::select()
        .columns(["id", "name"])
        .from("users")
        .and_where(Expr::col("id").is_in(ids.iter().copied()))
        .order_by("id", Direction::Asc)
        .take();
    db.fetch_all(Statement::from(select).named("user.names")).await
}

pub(super) async fn load(db: &Db, id: Uuid) -> db::Result<Option<User>> {
    one(db, sql(BY_ID, (id,)).named("user.load")).await
}

/// Those of several people who are there, by name, and whether their accounts are active.
pub(super) async fn active_of(db: &Db, ids: &[Uuid]) -> db::Result<Vec<(Uuid, String, bool)>> {
    let mut select = Query::select();
    let ids = Expr::col("id").is_in(ids.iter().copied());
    select
        .columns(["id", "name", "active"])
        .from("users")
        .and_where(ids);
    db.fetch_all(db::Statement::from(select).named("user.active-of"))
        .await
}

pub(super) async fn named(db: &Db, wanted: &str) -> db::Result<Option<User>> {
    one(db, sql(BY_NAME, (name::key(wanted),)).named("user.by-name")).await
}

pub(super) async fn with_mail(db: &Db, mail: &str, limit: u32) -> db::Result<Vec<User>> {
    let statement = sql(BY_MAIL, (mail.to_lowercase(), i64::from(limit)));
    let rows: Vec<Row> = db.fetch_all(statement.named("user.by-mail")).await?;
    with_roles(db, rows).await
}

pub(super) async fn load_in(tx: &mut Tx, id: Uuid) -> db::Result<Option<User>> {
    let Some(row) = tx
        .fetch_optional::<Row>(sql(BY_ID, (id,)).named("user.load"))
        .await?
    else {
        return Ok(None);
    };
    let roles: Vec<(Uuid,)> = tx.fetch_all(sql(ROLES, (row.id,)).named("user.roles")).await?;
    Ok(Some(
        row.into_user(roles.into_iter().map(|(role,)| role).collect()),
    ))
}

/// What signing in takes: identifier, hash, and whether the account may.
pub(super) async fn credentials(db: &Db, wanted: &str) -> db::Result<Option<(Uuid, Option<String>, bool)>> {
    let statement = sql(
        "SELECT id, password, active FROM users WHERE name_key = $1",
        (name::key(wanted),),
    );
    db.fetch_optional(statement.named("user.credentials")).await
}

pub(super) async fn password(db: &Db, id: Uuid) -> db::Result<Option<String>> {
    let statement = sql("SELECT password FROM users WHERE id = $1", (id,)).named("user.password");
    let row: Option<(Option<String>,)> = db.fetch_optional(statement).await?;
    Ok(row.and_then(|(hash,)| hash))
}

pub(super) async fn insert(tx: &mut Tx, user: &User, hash: Option<&str>) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO users (id, name, name_key, mail, mail_key, password, is_admin, active, created, changed, \
         timezone, language) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        (
            user.id,
            user.name.as_str(),
            name::key(&user.name),
            user.mail.clone(),
            user.mail.as_ref().map(|mail| mail.to_lowercase()),
            hash.map(str::to_owned),
            user.is_admin,
            user.active,
            user.created,
            user.changed,
            user.timezone.clone(),
            user.language.clone(),
        ),
    );
    tx.execute(statement.named("user.insert")).await?;
    give_roles(tx, user).await
}

pub(super) async fn update(tx: &mut Tx, user: &User) -> db::Result<()> {
    let statement = sql(
        "UPDATE users SET name = $2, name_key = $3, mail = $4, mail_key = $5, is_admin = $6, active = $7, \
         changed = $8, timezone = $9, language = $10 WHERE id = $1",
        (
            user.id,
            user.name.as_str(),
            name::key(&user.name),
            user.mail.clone(),
            user.mail.as_ref().map(|mail| mail.to_lowercase()),
            user.is_admin,
            user.active,
            user.changed,
            user.timezone.clone(),
            user.language.clone(),
        ),
    );
    tx.execute(statement.named("user.update")).await.map(drop)
}

pub(super) async fn set_password(tx: &mut Tx, id: Uuid, hash: &str) -> db::Result<()> {
    let statement = sql("UPDATE users SET password = $2 WHERE id = $1", (id, hash));
    tx.execute(statement.named("user.set-password")).await.map(drop)
}

/// Replaces a hash by another one of the same password, unless it was changed in the meantime.
pub(super) async fn rehash(db: &Db, id: Uuid, old: &str, new: &str) -> db::Result<()> {
    let statement = sql(
        "UPDATE users SET password = $3 WHERE id = $1 AND password = $2",
        (id, old, new),
    );
    db.execute(statement.named("user.rehash")).await.map(drop)
}

/// Ends all sessions of the account.
pub(super) async fn raise_security(tx: &mut Tx, id: Uuid) -> db::Result<()> {
    let statement = sql("UPDATE users SET security = security + 1 WHERE id = $1", (id,));
    tx.execute(statement.named("user.raise-security")).await.map(drop)
}

/// Gives the sessions of the account other ids.
pub(super) async fn raise_privileges(tx: &mut Tx, id: Uuid) -> db::Result<()> {
    let statement = sql(
        "UPDATE users SET privileges = privileges + 1 WHERE id = $1",
        (id,),
    );
    tx.execute(statement.named("user.raise-privileges"))
        .await
        .map(drop)
}

pub(super) async fn replace_roles(tx: &mut Tx, user: &User) -> db::Result<()> {
    let take = sql("DELETE FROM users_roles WHERE user_id = $1", (user.id,));
    tx.execute(take.named("user.take-roles")).await?;
    give_roles(tx, user).await
}

async fn give_roles(tx: &mut Tx, user: &User) -> db::Result<()> {
    for role in &user.roles {
        let give = sql(
            "INSERT INTO users_roles (user_id, role_id) VALUES ($1, $2)",
            (user.id, *role),
        );
        tx.execute(give.named("user.give-role")).await?;
    }
    Ok(())
}

pub(super) async fn signed_in(db: &Db, id: Uuid, now: Timestamp) -> db::Result<()> {
    let statement = sql(
        "UPDATE users SET login = $2, access = $2 WHERE id = $1",
        (id, now),
    );
    db.execute(statement.named("user.signed-in")).await.map(drop)
}

pub(super) async fn delete(tx: &mut Tx, id: Uuid) -> db::Result<()> {
    tx.execute(sql("DELETE FROM users WHERE id = $1", (id,)).named("user.delete"))
        .await
        .map(drop)
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

/// A page of people and how many fit; the nil user is nobody.
pub(super) async fn list(db: &Db, filter: &Filter) -> db::Result<(Vec<User>, u64)> {
    let mut count = filtered(db, filter);
    count.expr(Func::count(Expr::col(Asterisk)));
    let (total,): (i64,) = db.fetch_one(Statement::from(count).named("user.count")).await?;
    let mut select = filtered(db, filter);
    select.columns(COLUMNS);
    let direction = if filter.descending {
        Direction::Desc
    } else {
        Direction::Asc
    };
    match filter.order {
        Order::Name => select.order_by("name_key", direction.clone()),
        Order::Created => select.order_by("created", direction.clone()),
        Order::Access => {
            let nulls = if filter.descending {
                NullOrdering::Last
            } else {
                NullOrdering::First
            };
            select.order_by_with_nulls("access", direction.clone(), nulls)
        }
    };
    select.order_by("id", direction);
    select.limit(filter.limit.into()).offset(filter.offset.into());
    let rows: Vec<Row> = db.fetch_all(Statement::from(select).named("user.list")).await?;
    Ok((with_roles(db, rows).await?, u64::try_from(total).unwrap_or(0)))
}

async fn with_roles(db: &Db, rows: Vec<Row>) -> db::Result<Vec<User>> {
    let mut roles = roles_of(db, rows.iter().map(|row| row.id).collect()).await?;
    let users = rows.into_iter().map(|row| {
        let roles = roles.remove(&row.id).unwrap_or_default();
        row.into_user(roles)
    });
    Ok(users.collect())
}

fn filtered(db: &Db, filter: &Filter) -> SelectStatement {
    let mut select = Query::select();
    select.from("users").and_where(Expr::col("id").ne(Uuid::nil()));
    if let Some(text) = &filter.text {
        let backend = db.backend();
        let anywhere = Cond::any()
            .add(dialect::contains(
                backend,
                Expr::col("name_key"),
                &name::key(text),
            ))
            .add(dialect::contains(backend, Expr::col("mail_key"), text));
        select.cond_where(anywhere);
    }
    if let Some(active) = filter.active {
        select.and_where(Expr::col("active").eq(active));
    }
    if let Some(is_admin) = filter.is_admin {
        select.and_where(Expr::col("is_admin").eq(is_admin));
    }
    if let Some(role) = filter.role {
        let mut holders = Query::select();
        holders
            .column("user_id")
            .from("users_roles")
            .and_where(Expr::col("role_id").eq(role));
        select.and_where(Expr::col("id").in_subquery(holders));
    }
    select
}

async fn roles_of(db: &Db, users: Vec<Uuid>) -> db::Result<HashMap<Uuid, Vec<Uuid>>> {
    if users.is_empty() {
        return Ok(HashMap::new());
    }
    let mut select = Query::select();
    select
        .columns(["user_id", "role_id"])
        .from("users_roles")
        .and_where(Expr::col("user_id").is_in(users))
        .order_by("role_id", Direction::Asc);
    let rows: Vec<(Uuid, Uuid)> = db
        .fetch_all(Statement::from(select).named("user.roles-of"))
        .await?;
    let mut roles: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (user, role) in rows {
        roles.entry(user).or_default().push(role);
    }
    Ok(roles)
}
