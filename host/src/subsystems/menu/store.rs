//! Menus in the database.

use std::collections::BTreeSet;

use sea_query::{Expr, ExprTrait, JoinType, Query};
use uuid::Uuid;

use super::links::Menu;
use crate::db::{self, Db, FromRow, Statement, Tx, dialect, sql};

/// The name of the number that grows with every change.
const GENERATION: &str = "menu";

/// A link that is stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(super) struct Stored {
    pub key: String,
    pub menu: String,
    pub title: String,
    pub path: String,
    pub parent: Option<String>,
    pub weight: i64,
    pub shown: bool,
    pub declared: bool,
}

/// Everything that is stored.
#[derive(Clone, Debug, Default)]
pub(super) struct Loaded {
    pub generation: i64,
    pub menus: Vec<Menu>,
    pub links: Vec<Stored>,
}

pub(super) async fn load(db: &Db) -> db::Result<Loaded> {
    // Read first: what is changed meanwhile is read again.
    let generation = generation(db).await?;
    let menus: Vec<(String, String)> = db
        .fetch_all(sql("SELECT name, label FROM menu ORDER BY name", ()).named("menu.load"))
        .await?;
    Ok(Loaded {
        generation,
        menus: menus
            .into_iter()
            .map(|(name, label)| Menu { name, label })
            .collect(),
        links: db.fetch_all(all_links()).await?,
    })
}

fn all_links() -> Statement {
    sql(
        "SELECT key, menu, title, path, parent, weight, shown, declared FROM menu_link ORDER BY menu, weight, key",
        (),
    )
    .named("menu.load-links")
}

/// All links, as the transaction sees them.
pub(super) async fn links(tx: &mut Tx) -> db::Result<Vec<Stored>> {
    tx.fetch_all(all_links()).await
}

pub(super) async fn generation(db: &Db) -> db::Result<i64> {
    let statement = sql("SELECT value FROM generation WHERE name = $1", (GENERATION,));
    let row: Option<(i64,)> = db.fetch_optional(statement.named("menu.generation")).await?;
    Ok(row.map_or(0, |(value,)| value))
}

pub(super) async fn raise(tx: &mut Tx) -> db::Result<()> {
    let statement = sql(
        "UPDATE generation SET value = value + 1 WHERE name = $1",
        (GENERATION,),
    );
    tx.execute(statement.named("menu.raise")).await.map(drop)
}

/// Puts other links in the place of those of a menu.
pub(super) async fn replace(tx: &mut Tx, menu: &str, links: &[Stored]) -> db::Result<()> {
    let statement = sql("DELETE FROM menu_link WHERE menu = $1", (menu,));
    tx.execute(statement.named("menu.clear")).await?;
    for link in links {
        let statement = sql(
            "INSERT INTO menu_link (key, menu, title, path, parent, weight, shown, declared) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key) DO UPDATE SET menu = excluded.menu, \
             title = excluded.title, path = excluded.path, parent = excluded.parent, weight = excluded.weight, \
             shown = excluded.shown, declared = excluded.declared",
            (
                link.key.as_str(),
                link.menu.as_str(),
                link.title.as_str(),
                link.path.as_str(),
                link.parent.as_deref(),
                link.weight,
                link.shown,
                link.declared,
            ),
        );
        tx.execute(statement.named("menu.put-link")).await?;
    }
    Ok(())
}

/// The menu of this name.
pub(super) async fn find(tx: &mut Tx, name: &str) -> db::Result<Option<Menu>> {
    let statement = sql("SELECT name, label FROM menu WHERE name = $1", (name,));
    let row: Option<(String, String)> = tx.fetch_optional(statement.named("menu.find")).await?;
    Ok(row.map(|(name, label)| Menu { name, label }))
}

/// How many menus there are.
pub(super) async fn count(tx: &mut Tx) -> db::Result<usize> {
    let statement = sql("SELECT COUNT(*) FROM menu", ());
    let (count,): (i64,) = tx.fetch_one(statement.named("menu.count")).await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Stores a menu; true where it is new.
pub(super) async fn put(tx: &mut Tx, menu: &Menu) -> db::Result<bool> {
    let is_new = find(tx, &menu.name).await?.is_none();
    let statement = sql(
        "INSERT INTO menu (name, label) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET label = excluded.label",
        (menu.name.as_str(), menu.label.as_str()),
    );
    tx.execute(statement.named("menu.put")).await?;
    Ok(is_new)
}

/// Removes a menu with its links; false where there is none.
pub(super) async fn delete(tx: &mut Tx, name: &str) -> db::Result<bool> {
    let statement = sql("DELETE FROM menu WHERE name = $1", (name,));
    Ok(tx.execute(statement.named("menu.delete")).await? == 1)
}

/// What a path leads to: an item, or another path.
#[derive(FromRow)]
pub(super) struct LeadRow {
    pub path: String,
    pub item_id: Option<Uuid>,
    pub target: Option<String>,
}

/// Which of these paths lead to an item, and which on to another path.
pub(super) async fn leads(db: &Db, paths: &BTreeSet<String>) -> db::Result<Vec<LeadRow>> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let select = Query::select()
        .columns(["path", "item_id", "target"])
        .from("alias")
        .and_where(Expr::col("path").is_in(paths.iter().map(String::as_str)))
        .take();
    db.fetch_all(Statement::from(select).named("menu.leads")).await
}

/// An item that a link leads to.
#[derive(FromRow)]
pub(super) struct ItemRow {
    pub id: Uuid,
    #[sqlx(rename = "type")]
    pub item_type: String,
    pub published: bool,
    #[sqlx(rename = "author_id")]
    pub author: Uuid,
    pub alias: Option<String>,
}

/// Those of these items that a stage shows.
pub(super) async fn items(db: &Db, ids: &BTreeSet<Uuid>, stage: Uuid) -> db::Result<Vec<ItemRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let column = |table: &'static str, name: &'static str| Expr::col((table, name));
    let canonical = column("a", "item_id")
        .equals(("i", "id"))
        .and(column("a", "canonical").eq(true));
    let select = Query::select()
        .exprs(["id", "type", "published", "author_id"].map(|name| column("i", name)))
        .expr_as(column("a", "path"), "alias")
        .from_as("item", "i")
        .join_as(JoinType::LeftJoin, "alias", "a", canonical)
        .and_where(dialect::unindexed(db.backend(), "stage_id").eq(stage))
        .and_where(column("i", "id").is_in(ids.iter().copied()))
        .take();
    db.fetch_all(Statement::from(select).named("menu.items")).await
}
