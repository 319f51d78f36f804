//! Listings by offset in the database.

use sea_query::{Alias, Condition, Expr, ExprTrait, Order as Direction, Query as Sql, SelectStatement};
use uuid::Uuid;

use super::super::model::{Item, Order, Query};
use super::super::rows::Row;
use super::super::store::{self, Sees};
use crate::db::{self, Backend, Db, dialect};
use crate::subsystems::item_type::ItemTypes;

/// What a part of a listing has.
pub(super) struct Part {
    /// How many were found.
    pub found: u32,
    /// Those of them whose content types there are.
    pub items: Vec<Item>,
}

/// A part of a listing, by one statement.
pub(super) async fn part(
    db: &Db,
    types: &ItemTypes,
    query: &Query,
    sees: Sees,
    stage: Uuid,
) -> db::Result<Part> {
    let mut select = store::wanted(ids(db.backend(), query, sees, stage));
    order(&mut select, store::ITEM, query.order, db.backend());
    let rows: Vec<Row> = db
        .fetch_all(db::Statement::from(select).named("item.query"))
        .await?;
    Ok(Part {
        found: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        items: rows.into_iter().filter_map(|row| row.into_item(types)).collect(),
    })
}

/// The identifiers of a part of a listing.
pub(super) async fn part_ids(db: &Db, query: &Query, sees: Sees, stage: Uuid) -> db::Result<Vec<Uuid>> {
    let select = ids(db.backend(), query, sees, stage);
    let rows: Vec<(Uuid,)> = db
        .fetch_all(db::Statement::from(select).named("item.query-ids"))
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many items a listing has in all.
pub(super) async fn count(db: &Db, query: &Query, sees: Sees, stage: Uuid) -> db::Result<u64> {
    let mut count = Sql::select();
    count
        .expr(Expr::cust("COUNT(*)"))
        .from("item")
        .cond_where(holds(db.backend(), query, sees, stage));
    let (total,): (i64,) = db
        .fetch_one(db::Statement::from(count).named("item.count"))
        .await?;
    Ok(u64::try_from(total).unwrap_or(0))
}

fn ids(backend: Backend, query: &Query, sees: Sees, stage: Uuid) -> SelectStatement {
    let mut select = Sql::select();
    select
        .column("id")
        .from("item")
        .cond_where(holds(backend, query, sees, stage));
    order(&mut select, "item", query.order, backend);
    select.limit(query.limit.into()).offset(query.offset.into());
    select
}

fn holds(backend: Backend, query: &Query, sees: Sees, stage: Uuid) -> Condition {
    let mut all = sees.of(stage);
    if let Some(item_type) = &query.item_type {
        all = all.add(Expr::col("type").eq(item_type.as_str()));
    }
    if let Some(author) = query.author {
        all = all.add(Expr::col("author_id").eq(author));
    }
    if let Some(title) = &query.title {
        all = all.add(dialect::contains(backend, Expr::col("title"), title));
    }
    if let Some(published) = query.published {
        all = all.add(Expr::col("published").eq(published));
    }
    if let Some(promoted) = query.promoted {
        all = all.add(Expr::col("promoted").eq(promoted));
    }
    if let Some((field, text)) = &query.field {
        // A field that can't be one holds nothing.
        all = match dialect::Path::parse(field) {
            Some(path) => all.add(dialect::json_list_contains(
                backend,
                Expr::col("fields"),
                &path,
                text,
            )),
            None => all.add(Expr::val(false)),
        };
    }
    all
}

fn order(select: &mut SelectStatement, table: &'static str, order: Order, backend: Backend) {
    let column = |name: &'static str| Expr::col((Alias::new(table), Alias::new(name)));
    let (by, direction) = match order {
        Order::Newest | Order::Front => (column("created"), Direction::Desc),
        Order::Oldest => (column("created"), Direction::Asc),
        Order::Changed => (column("changed"), Direction::Desc),
        Order::Unchanged => (column("changed"), Direction::Asc),
        Order::Title => (dialect::by_code_points(backend, column("title")), Direction::Asc),
        Order::TitleDown => (dialect::by_code_points(backend, column("title")), Direction::Desc),
    };
    if order == Order::Front {
        select.order_by_expr(column("sticky"), Direction::Desc);
    }
    select
        .order_by_expr(by, direction.clone())
        .order_by_expr(column("id"), direction);
}
