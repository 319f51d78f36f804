//! Paths in the database.

use std::collections::HashMap;

use sea_query::{Expr, ExprTrait, Query};
use uuid::Uuid;

use super::Target;
use crate::db::{self, Db, FromRow, Tx, sql};
use crate::time::Timestamp;

#[derive(FromRow)]
struct AliasRow {
    item_id: Option<Uuid>,
    target: Option<String>,
    canonical: bool,
    canonical_path: Option<String>,
}

pub(super) async fn find(db: &Db, path: &str) -> db::Result<Option<Target>> {
    let statement = sql(
        "SELECT a.item_id, a.target, a.canonical, c.path AS canonical_path FROM alias a \
         LEFT JOIN alias c ON c.item_id = a.item_id AND c.canonical WHERE a.path = $1",
        (path,),
    );
    let row: Option<AliasRow> = db.fetch_optional(statement.named("alias.find")).await?;
    Ok(row.and_then(|row| match (row.item_id, row.canonical) {
        (Some(item), true) => Some(Target::Item(item)),
        (Some(item), false) => {
            let path = row.canonical_path.unwrap_or_else(|| format!("item/{item}"));
            Some(Target::Redirect(format!("/{path}")))
        }
        (None, _) => row.target.map(Target::Redirect),
    }))
}

/// The canonical paths of items.
pub(super) async fn paths_of(db: &Db, items: &[Uuid]) -> db::Result<HashMap<Uuid, String>> {
    let mut select = Query::select();
    select
        .columns(["item_id", "path"])
        .from("alias")
        .and_where(Expr::col("canonical"))
        .and_where(Expr::col("item_id").is_in(items.iter().copied()));
    let rows: Vec<(Uuid, String)> = db
        .fetch_all(db::Statement::from(select).named("alias.paths-of"))
        .await?;
    Ok(rows.into_iter().collect())
}

/// Makes a path the canonical one of an item; false where it is taken.
pub(super) async fn insert_canonical(
    tx: &mut Tx,
    path: &str,
    item: Uuid,
    now: Timestamp,
) -> db::Result<bool> {
    let statement = sql(
        "INSERT INTO alias (path, item_id, canonical, created) VALUES ($1, $2, TRUE, $3) \
         ON CONFLICT (path) DO UPDATE SET canonical = TRUE WHERE alias.item_id = excluded.item_id",
        (path, item, now),
    );
    Ok(tx.execute(statement.named("alias.insert")).await? == 1)
}

/// Makes the canonical path of an item one that leads on.
pub(super) async fn retire_canonical(tx: &mut Tx, item: Uuid) -> db::Result<()> {
    let statement = sql(
        "UPDATE alias SET canonical = FALSE WHERE item_id = $1 AND canonical",
        (item,),
    );
    tx.execute(statement.named("alias.retire")).await.map(drop)
}

/// Lets a path lead on to an item; false where it leads elsewhere.
pub(super) async fn insert_redirect(db: &Db, path: &str, item: Uuid, now: Timestamp) -> db::Result<bool> {
    let statement = sql(
        "INSERT INTO alias (path, item_id, canonical, created) VALUES ($1, $2, FALSE, $3) \
         ON CONFLICT (path) DO UPDATE SET created = alias.created WHERE alias.item_id = excluded.item_id",
        (path, item, now),
    );
    Ok(db.execute(statement.named("alias.redirect")).await? == 1)
}
