//! Content types in the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use sea_query::{Expr, ExprTrait, Query, SelectStatement};

use super::{ItemType, Known, Stored, Usage};
use crate::db::{self, Db, FromRow, Json, Tx, dialect, sql};
use crate::time::Timestamp;

#[derive(FromRow)]
struct Row {
    name: String,
    plugin: Option<String>,
    settings: Json<ItemType>,
    declared: Option<Json<ItemType>>,
    deleted: Option<Timestamp>,
}

/// All types, and the number that grows with each change of them. The number is read first: what changes in between
/// is taken up by the next look.
pub(super) async fn load(db: &Db) -> db::Result<Known> {
    let generation = generation(db).await?;
    let statement = sql(
        "SELECT type AS name, plugin, settings, declared, deleted FROM item_type",
        (),
    );
    let rows: Vec<Row> = db.fetch_all(statement.named("item-type.load")).await?;
    let mut types = BTreeMap::new();
    for row in rows {
        let stored = Stored {
            of: Arc::new(row.settings.0),
            owner: row.plugin.map(Arc::from),
            declared: row.declared.map(|declared| declared.0),
            deleted: row.deleted,
        };
        types.insert(row.name, stored);
    }
    Ok(Known { generation, types })
}

pub(super) async fn generation(db: &Db) -> db::Result<i64> {
    let statement = sql("SELECT value FROM generation WHERE name = 'item_type'", ());
    let (value,): (i64,) = db.fetch_one(statement.named("item-type.generation")).await?;
    Ok(value)
}

/// Tells every node that something has changed. It also makes changes wait for each other.
pub(super) async fn advance(tx: &mut Tx) -> db::Result<()> {
    let statement = sql(
        "UPDATE generation SET value = value + 1 WHERE name = 'item_type'",
        (),
    );
    tx.execute(statement.named("item-type.advance")).await.map(drop)
}

pub(super) async fn save(tx: &mut Tx, stored: &Stored, now: Timestamp) -> db::Result<()> {
    let of = &stored.of;
    let statement = sql(
        "INSERT INTO item_type (type, label, description, plugin, settings, declared, deleted, changed) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (type) DO UPDATE SET label = excluded.label, description = excluded.description, \
         plugin = excluded.plugin, settings = excluded.settings, declared = excluded.declared, \
         deleted = excluded.deleted, changed = excluded.changed",
        (
            of.name.as_str(),
            of.label.as_str(),
            of.description.as_str(),
            stored.owner.as_deref(),
            json(of)?,
            stored.declared.as_ref().map(json).transpose()?,
            stored.deleted,
            now,
        ),
    );
    tx.execute(statement.named("item-type.save")).await.map(drop)
}

fn json(of: &ItemType) -> db::Result<serde_json::Value> {
    serde_json::to_value(of).map_err(|error| db::Error::Other(error.into()))
}

pub(super) async fn delete(tx: &mut Tx, name: &str) -> db::Result<()> {
    let statement = sql("DELETE FROM item_type WHERE type = $1", (name,));
    tx.execute(statement.named("item-type.delete")).await.map(drop)
}

/// Deletes some of the items of a type, with their revisions and paths, and says how many those were.
pub(super) async fn delete_items(db: &Db, name: &str, limit: u32) -> db::Result<u64> {
    let statement = sql(
        "DELETE FROM item WHERE id IN (SELECT id FROM item WHERE type = $1 LIMIT $2)",
        (name, i64::from(limit)),
    );
    db.execute(statement.named("item-type.delete-items")).await
}

pub(super) async fn usage(db: &Db, name: &str) -> db::Result<Usage> {
    let statement = sql(
        "SELECT (SELECT COUNT(*) FROM item WHERE type = $1), \
         (SELECT COUNT(*) FROM item_revision WHERE item_id IN (SELECT id FROM item WHERE type = $1))",
        (name,),
    );
    let (items, revisions): (i64, i64) = db.fetch_one(statement.named("item-type.usage")).await?;
    Ok(Usage {
        items: u64::try_from(items).unwrap_or(0),
        revisions: u64::try_from(revisions).unwrap_or(0),
    })
}

pub(super) async fn counts(db: &Db) -> db::Result<BTreeMap<String, u64>> {
    let statement = sql("SELECT type, COUNT(*) FROM item GROUP BY type", ());
    let rows: Vec<(String, i64)> = db.fetch_all(statement.named("item-type.counts")).await?;
    Ok(rows
        .into_iter()
        .map(|(name, count)| (name, u64::try_from(count).unwrap_or(0)))
        .collect())
}

/// The items, or revisions of items, of a type that have a field.
fn with_field(table: &'static str, of: &str, field: &str) -> Option<SelectStatement> {
    let path = dialect::Path::parse(field)?;
    let mut select = Query::select();
    select
        .from(table)
        .and_where(dialect::json(Expr::col("fields"), &path).is_not_null());
    let of_type = Expr::col("type").eq(of);
    match table {
        "item" => select.and_where(of_type),
        _ => {
            let mut items = Query::select();
            items.column("id").from("item").and_where(of_type);
            select.and_where(Expr::col("item_id").in_subquery(items))
        }
    };
    Some(select)
}

pub(super) async fn usage_of_field(db: &Db, of: &str, field: &str) -> db::Result<Usage> {
    let mut usage = Usage::default();
    for (table, count) in [
        ("item", &mut usage.items),
        ("item_revision", &mut usage.revisions),
    ] {
        if let Some(mut select) = with_field(table, of, field) {
            select.expr(Expr::cust("COUNT(*)"));
            let (found,): (i64,) = db
                .fetch_one(db::Statement::from(select).named("item-type.usage-of-field"))
                .await?;
            *count = u64::try_from(found).unwrap_or(0);
        }
    }
    Ok(usage)
}

/// Takes a field's values out of some items and revisions, and says how many those were.
pub(super) async fn strip(db: &Db, of: &str, field: &str, limit: u32) -> db::Result<u64> {
    let mut stripped = 0;
    for table in ["item", "item_revision"] {
        let Some(mut select) = with_field(table, of, field) else {
            continue;
        };
        select.column("id").limit(limit.into());
        let mut update = Query::update();
        update
            .table(table)
            .value(
                "fields",
                dialect::json_without(db.backend(), Expr::col("fields"), field),
            )
            .and_where(Expr::col("id").in_subquery(select));
        stripped += db
            .execute(db::Statement::from(update).named("item-type.strip"))
            .await?;
    }
    Ok(stripped)
}
