//! Paths in the database.

use sea_query::{Cond, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use uuid::Uuid;

use super::{Listed, Target, Wanted};
use crate::db::{self, Db, FromRow, Statement, Tx, dialect, sql};
use crate::time::Timestamp;

#[derive(FromRow)]
struct AliasRow {
    item_id: Option<Uuid>,
    target: Option<String>,
    canonical: bool,
}

pub(super) async fn find(db: &Db, path: &str) -> db::Result<Option<Target>> {
    let statement = sql(
        "SELECT item_id, target, canonical FROM alias WHERE path = $1",
        (path,),
    );
    let row: Option<AliasRow> = db.fetch_optional(statement.named("alias.find")).await?;
    Ok(row.and_then(|row| match (row.item_id, row.canonical) {
        (Some(item), true) => Some(Target::Item(item)),
        (Some(item), false) => Some(Target::Moved(item)),
        (None, _) => row.target.map(Target::Redirect),
    }))
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

/// The path that a path leads on to; none where it leads to an item or nowhere.
pub(super) async fn leads_to(tx: &mut Tx, path: &str) -> db::Result<Option<String>> {
    let statement = sql(
        "SELECT target FROM alias WHERE path = $1 AND target IS NOT NULL",
        (path,),
    );
    let row: Option<(String,)> = tx.fetch_optional(statement.named("alias.leads-to")).await?;
    Ok(row.map(|(target,)| target))
}

/// Lets a path lead on to another; false where it leads somewhere already.
pub(super) async fn insert_lead(tx: &mut Tx, from: &str, to: &str, now: Timestamp) -> db::Result<bool> {
    let statement = sql(
        "INSERT INTO alias (path, target, canonical, created) VALUES ($1, $2, FALSE, $3) ON CONFLICT (path) DO NOTHING",
        (from, to, now),
    );
    Ok(tx.execute(statement.named("alias.lead")).await? == 1)
}

/// What a path led to that was removed.
#[derive(FromRow)]
pub(super) struct Removed {
    #[sqlx(rename = "item_id")]
    pub item: Option<Uuid>,
}

pub(super) async fn remove(db: &Db, path: &str) -> db::Result<Option<Removed>> {
    let statement = sql("DELETE FROM alias WHERE path = $1 RETURNING item_id", (path,));
    db.fetch_optional(statement.named("alias.remove")).await
}

#[derive(FromRow)]
struct ListedRow {
    path: String,
    item_id: Option<Uuid>,
    target: Option<String>,
    created: Timestamp,
    title: Option<String>,
}

/// A page of paths, and how many there are in all.
pub(super) async fn list(db: &Db, wanted: &Wanted) -> db::Result<(Vec<Listed>, u64)> {
    let column = |table: &'static str, name: &'static str| Expr::col((table, name));
    let from = |select: &mut SelectStatement| {
        let mut all = Cond::all().add(column("a", "canonical").eq(!wanted.redirects));
        if let Some(text) = &wanted.text {
            let texts = [column("a", "path"), column("a", "target"), column("i", "title")];
            let any = texts.into_iter().fold(Cond::any(), |any, column| {
                any.add(dialect::contains(db.backend(), column, text))
            });
            all = all.add(any);
        }
        select
            .from_as("alias", "a")
            .join_as(
                JoinType::LeftJoin,
                "item",
                "i",
                column("i", "id").equals(("a", "item_id")),
            )
            .cond_where(all);
    };
    let direction = if wanted.descending {
        Order::Desc
    } else {
        Order::Asc
    };
    let mut select = Query::select();
    select
        .exprs(["path", "item_id", "target", "created"].map(|name| column("a", name)))
        .expr(column("i", "title"));
    from(&mut select);
    if wanted.by_time {
        select.order_by_expr(column("a", "created"), direction.clone());
    }
    select
        .order_by_expr(
            dialect::by_code_points(db.backend(), column("a", "path")),
            direction,
        )
        .limit(wanted.limit.into())
        .offset(wanted.offset.into());
    let rows: Vec<ListedRow> = db.fetch_all(Statement::from(select).named("alias.list")).await?;
    let mut count = Query::select();
    count.expr(Expr::cust("COUNT(*)"));
    from(&mut count);
    let (total,): (i64,) = db.fetch_one(Statement::from(count).named("alias.count")).await?;
    let listed = |row: ListedRow| Listed {
        path: row.path,
        item: row.item_id.map(|id| (id, row.title.unwrap_or_default())),
        target: row.target,
        created: row.created,
    };
    Ok((
        rows.into_iter().map(listed).collect(),
        u64::try_from(total).unwrap_or(0),
    ))
}
