//! Items in the database.

use std::sync::Arc;

use sea_query::{Alias, Cond, Condition, Expr, ExprTrait, Order as Direction, Query as Sql, SelectStatement};
use uuid::Uuid;

use super::model::{Item, Order, Page, Query, Revision};
use super::stored;
use crate::db::{self, Backend, Db, FromRow, Json, Tx, dialect, sql};
use crate::subsystems::item_type::{ItemType, ItemTypes};
use crate::time::Timestamp;

/// The columns of an [`ItemRow`]. Author and path come along: a listing needs them for every item.
macro_rules! select_item {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.current_revision_id, i.type AS item_type, i.title, i.author_id, i.published, i.promoted, ",
            "i.sticky, i.created, i.changed, i.publish_on, i.unpublish_on, i.fields, u.name AS author_name, a.path AS alias ",
            "FROM item i LEFT JOIN users u ON u.id = i.author_id ",
            "LEFT JOIN alias a ON a.item_id = i.id AND a.canonical ",
            $rest
        )
    };
}

#[derive(FromRow)]
struct ItemRow {
    id: Uuid,
    current_revision_id: Uuid,
    item_type: String,
    title: String,
    author_id: Uuid,
    published: bool,
    promoted: bool,
    sticky: bool,
    created: Timestamp,
    changed: Timestamp,
    publish_on: Option<Timestamp>,
    unpublish_on: Option<Timestamp>,
    fields: Json<serde_json::Value>,
    author_name: Option<String>,
    alias: Option<String>,
}

impl ItemRow {
    fn into_item(self, types: &ItemTypes) -> Option<Item> {
        let of = types.get(&self.item_type)?;
        let (fields, kept) = stored::decode(self.fields.0, &of);
        Some(Item {
            id: self.id,
            item_type: Arc::from(self.item_type),
            title: self.title,
            author: self.author_id,
            published: self.published,
            promoted: self.promoted,
            sticky: self.sticky,
            created: self.created,
            changed: self.changed,
            revision: self.current_revision_id,
            publish_on: self.publish_on,
            unpublish_on: self.unpublish_on,
            fields,
            kept,
            // Nobody is named where nobody is known.
            author_name: self
                .author_name
                .filter(|_| !self.author_id.is_nil())
                .unwrap_or_default(),
            alias: self.alias,
        })
    }
}

/// Loads an item as a stage shows it.
pub(super) async fn load(db: &Db, types: &ItemTypes, id: Uuid, stage: Uuid) -> db::Result<Option<Item>> {
    let statement = sql(select_item!("WHERE i.id = $1 AND i.stage_id = $2"), (id, stage)).named("item.load");
    let row: Option<ItemRow> = db.fetch_optional(statement).await?;
    Ok(row.and_then(|row| row.into_item(types)))
}

/// Loads several items, in the order of their identifiers in `ids`; those that do not exist are left out.
pub(super) async fn load_many(
    db: &Db,
    types: &ItemTypes,
    ids: &[Uuid],
    stage: Uuid,
) -> db::Result<Vec<Item>> {
    let mut select = Sql::select();
    let column = |table: &'static str, name: &'static str| Expr::col((Alias::new(table), Alias::new(name)));
    select
        .expr(column("i", "id"))
        .expr(column("i", "current_revision_id"))
        .expr_as(column("i", "type"), "item_type")
        .exprs(
            [
                "title",
                "author_id",
                "published",
                "promoted",
                "sticky",
                "created",
                "changed",
                "publish_on",
                "unpublish_on",
                "fields",
            ]
            .map(|name| column("i", name)),
        )
        .expr_as(column("u", "name"), "author_name")
        .expr_as(column("a", "path"), "alias")
        .from_as("item", "i")
        .join_as(
            sea_query::JoinType::LeftJoin,
            "users",
            "u",
            column("u", "id").equals((Alias::new("i"), Alias::new("author_id"))),
        )
        .join_as(
            sea_query::JoinType::LeftJoin,
            "alias",
            "a",
            Cond::all()
                .add(column("a", "item_id").equals((Alias::new("i"), Alias::new("id"))))
                .add(column("a", "canonical")),
        )
        .and_where(dialect::unindexed(db.backend(), "stage_id").eq(stage))
        .and_where(column("i", "id").is_in(ids.iter().copied()));
    let rows: Vec<ItemRow> = db
        .fetch_all(db::Statement::from(select).named("item.load-many"))
        .await?;
    let mut items: Vec<Item> = rows.into_iter().filter_map(|row| row.into_item(types)).collect();
    items.sort_by_key(|item| ids.iter().position(|id| *id == item.id));
    Ok(items)
}

/// Who may see what of a listing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sees {
    /// Published items.
    Published,
    /// Published items and this person's own.
    Own(Uuid),
    /// All.
    All,
}

impl Sees {
    /// What holds for the items of a stage that this person may see.
    pub(super) fn of(self, stage: Uuid) -> Condition {
        let of_stage = Cond::all().add(Expr::col("stage_id").eq(stage));
        let is_published = Expr::col("published").eq(true);
        match self {
            Self::Published => of_stage.add(is_published),
            Self::Own(user) => {
                of_stage.add(Cond::any().add(is_published).add(Expr::col("author_id").eq(user)))
            }
            Self::All => of_stage,
        }
    }
}

/// A page of a listing, and how many items there are in all.
pub(super) async fn query(db: &Db, query: &Query, sees: Sees, stage: Uuid) -> db::Result<Page> {
    let conditions = || {
        let mut all = sees.of(stage);
        if let Some(item_type) = &query.item_type {
            all = all.add(Expr::col("type").eq(item_type.as_str()));
        }
        if let Some(author) = query.author {
            all = all.add(Expr::col("author_id").eq(author));
        }
        if let Some(title) = &query.title {
            all = all.add(dialect::contains(db.backend(), Expr::col("title"), title));
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
                    db.backend(),
                    Expr::col("fields"),
                    &path,
                    text,
                )),
                None => all.add(Expr::val(false)),
            };
        }
        all
    };
    let mut select: SelectStatement = Sql::select();
    select.column("id").from("item").cond_where(conditions());
    order(&mut select, query.order, db.backend());
    select.limit(query.limit.into()).offset(query.offset.into());
    let rows: Vec<(Uuid,)> = db
        .fetch_all(db::Statement::from(select).named("item.query"))
        .await?;
    let items: Vec<Uuid> = rows.into_iter().map(|(id,)| id).collect();
    // A first page that is not full says how many there are.
    if query.offset == 0 && (items.len() as u64) < u64::from(query.limit) {
        let total = items.len() as u64;
        return Ok(Page { items, total });
    }
    let mut count = Sql::select();
    count
        .expr(Expr::cust("COUNT(*)"))
        .from("item")
        .cond_where(conditions());
    let (total,): (i64,) = db
        .fetch_one(db::Statement::from(count).named("item.count"))
        .await?;
    Ok(Page {
        items,
        total: u64::try_from(total).unwrap_or(0),
    })
}

fn order(select: &mut SelectStatement, order: Order, backend: Backend) {
    let (column, direction) = match order {
        Order::Newest | Order::Front => (Expr::col("created"), Direction::Desc),
        Order::Oldest => (Expr::col("created"), Direction::Asc),
        Order::Changed => (Expr::col("changed"), Direction::Desc),
        Order::Unchanged => (Expr::col("changed"), Direction::Asc),
        Order::Title => (
            dialect::by_code_points(backend, Expr::col("title")),
            Direction::Asc,
        ),
        Order::TitleDown => (
            dialect::by_code_points(backend, Expr::col("title")),
            Direction::Desc,
        ),
    };
    if order == Order::Front {
        select.order_by("sticky", Direction::Desc);
    }
    select
        .order_by_expr(column, direction.clone())
        .order_by("id", direction);
}

/// Stores a new item with its first revision.
pub(super) async fn insert(tx: &mut Tx, item: &Item, of: &ItemType, stage: Uuid) -> db::Result<()> {
    let fields = stored::encode(&item.fields, &item.kept, of);
    let insert = sql(
        "INSERT INTO item (id, current_revision_id, type, title, author_id, published, promoted, sticky, created, \
         changed, fields, stage_id, publish_on, unpublish_on) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        (
            item.id,
            item.revision,
            item.item_type.as_ref(),
            item.title.as_str(),
            item.author,
            item.published,
            item.promoted,
            item.sticky,
            item.created,
            item.changed,
            fields,
            stage,
            item.publish_on,
            item.unpublish_on,
        ),
    );
    tx.execute(insert.named("item.insert")).await.map(drop)
}

/// Changes an item that is still at revision `base`; false when it is not.
pub(super) async fn update(tx: &mut Tx, item: &Item, of: &ItemType, base: Uuid) -> db::Result<bool> {
    let fields = stored::encode(&item.fields, &item.kept, of);
    let update = sql(
        "UPDATE item SET current_revision_id = $1, title = $2, author_id = $3, published = $4, promoted = $5, \
         sticky = $6, created = $7, changed = $8, fields = $9, publish_on = $10, unpublish_on = $11 \
         WHERE id = $12 AND current_revision_id = $13",
        (
            item.revision,
            item.title.as_str(),
            item.author,
            item.published,
            item.promoted,
            item.sticky,
            item.created,
            item.changed,
            fields,
            item.publish_on,
            item.unpublish_on,
            item.id,
            base,
        ),
    );
    Ok(tx.execute(update.named("item.update")).await? == 1)
}

/// Stores a revision of an item.
pub(super) async fn insert_revision(
    tx: &mut Tx,
    item: &Item,
    of: &ItemType,
    author: Uuid,
    log_message: &str,
) -> db::Result<()> {
    let insert = sql(
        "INSERT INTO item_revision (id, item_id, title, published, fields, author_id, created, log_message) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        (
            item.revision,
            item.id,
            item.title.as_str(),
            item.published,
            stored::encode(&item.fields, &item.kept, of),
            author,
            item.changed,
            log_message,
        ),
    );
    tx.execute(insert.named("item.insert-revision")).await.map(drop)
}

/// Deletes an item with its revisions and paths; false when there is none.
pub(super) async fn delete(tx: &mut Tx, id: Uuid) -> db::Result<bool> {
    Ok(tx
        .execute(sql("DELETE FROM item WHERE id = $1", (id,)).named("item.delete"))
        .await?
        == 1)
}

/// A row of the history of an item.
#[derive(FromRow)]
pub(super) struct RevisionRow {
    id: Uuid,
    title: String,
    author_id: Uuid,
    created: Timestamp,
    log_message: String,
}

impl From<RevisionRow> for Revision {
    fn from(row: RevisionRow) -> Self {
        Self {
            id: row.id,
            title: row.title,
            author: row.author_id,
            created: row.created,
            log_message: row.log_message,
        }
    }
}

/// The revisions of an item, newest first.
pub(super) async fn revisions(db: &Db, item: Uuid, offset: u32, limit: u32) -> db::Result<Vec<Revision>> {
    let statement = sql(
        "SELECT id, title, author_id, created, log_message FROM item_revision WHERE item_id = $1 \
         ORDER BY created DESC, id DESC LIMIT $2 OFFSET $3",
        (item, i64::from(limit), i64::from(offset)),
    );
    let rows: Vec<RevisionRow> = db.fetch_all(statement.named("item.revisions")).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}
