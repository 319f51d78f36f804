//! Items in the database.

use sea_query::{Alias, Cond, Condition, Expr, ExprTrait, JoinType, Query as Sql, SelectStatement};
use uuid::Uuid;

use super::model::{Item, Revision};
use super::rows::{self, Row};
use super::stored;
use crate::db::{self, Db, FromRow, Tx, dialect, sql};
use crate::subsystems::item_type::{ItemType, ItemTypes};
use crate::time::Timestamp;

/// What items are called in the statements made here.
pub(super) const ITEM: &str = "i";
/// What the statement is called whose items are wanted.
const WANTED: &str = "wanted";

/// Loads an item as a stage shows it.
pub(super) async fn load(db: &Db, types: &ItemTypes, id: Uuid, stage: Uuid) -> db::Result<Option<Item>> {
    let statement = sql(
        rows::select_item!("WHERE i.id = $1 AND i.stage_id = $2"),
        (id, stage),
    )
    .named("item.load");
    let row: Option<Row> = db.fetch_optional(statement).await?;
    Ok(row.and_then(|row| row.into_item(types)))
}

/// Loads several items, in the order of their identifiers in `ids`; those that do not exist are left out.
pub(super) async fn load_many(
    db: &Db,
    types: &ItemTypes,
    ids: &[Uuid],
    stage: Uuid,
) -> db::Result<Vec<Item>> {
    let mut select = select();
    join(&mut select);
    select
        .from_as("item", ITEM)
        .and_where(dialect::unindexed(db.backend(), "stage_id").eq(stage))
        .and_where(column("id").is_in(ids.iter().copied()));
    let rows: Vec<Row> = db
        .fetch_all(db::Statement::from(select).named("item.load-many"))
        .await?;
    let mut items: Vec<Item> = rows.into_iter().filter_map(|row| row.into_item(types)).collect();
    items.sort_by_key(|item| ids.iter().position(|id| *id == item.id));
    Ok(items)
}

/// A column of items.
fn column(name: &'static str) -> Expr {
    of(ITEM, name)
}

fn of(table: &'static str, name: &'static str) -> Expr {
    Expr::col((Alias::new(table), Alias::new(name)))
}

/// Selects rows from nowhere yet.
fn select() -> SelectStatement {
    let mut select = Sql::select();
    select
        .expr(column("id"))
        .expr(column("current_revision_id"))
        .expr_as(column("type"), "item_type")
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
            .map(column),
        )
        .expr_as(of("u", "name"), "author_name")
        .expr_as(of("a", "path"), "alias");
    select
}

/// Adds what comes along.
fn join(select: &mut SelectStatement) {
    select
        .join_as(
            JoinType::LeftJoin,
            "users",
            "u",
            of("u", "id").equals((Alias::new(ITEM), Alias::new("author_id"))),
        )
        .join_as(
            JoinType::LeftJoin,
            "alias",
            "a",
            Cond::all()
                .add(of("a", "item_id").equals((Alias::new(ITEM), Alias::new("id"))))
                .add(of("a", "canonical")),
        );
}

/// Selects the rows of those items whose column `id` a statement selects. It goes through what may be many items with
/// nothing but the columns that it asks about; only what it has found is read whole.
pub(super) fn wanted(ids: SelectStatement) -> SelectStatement {
    let mut select = select();
    select.from_subquery(ids, WANTED);
    // Both databases begin at the left side of a left join, which is the short one.
    select.join_as(
        JoinType::LeftJoin,
        "item",
        ITEM,
        column("id").equals((Alias::new(WANTED), Alias::new("id"))),
    );
    join(&mut select);
    select
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
    /// What it is called where something is kept for all who see the same.
    pub(super) fn name(self) -> String {
        match self {
            Self::Published => "published".to_owned(),
            Self::Own(user) => format!("own:{user}"),
            Self::All => "all".to_owned(),
        }
    }

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

/// Deletes an item with its revisions and paths, if it is still at revision `base` where that is said; false when it is
/// not.
pub(super) async fn delete(tx: &mut Tx, id: Uuid, base: Option<Uuid>) -> db::Result<bool> {
    let delete = match base {
        Some(base) => sql(
            "DELETE FROM item WHERE id = $1 AND current_revision_id = $2",
            (id, base),
        ),
        None => sql("DELETE FROM item WHERE id = $1", (id,)),
    };
    Ok(tx.execute(delete.named("item.delete")).await? == 1)
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
