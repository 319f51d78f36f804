//! Paths in the database.

use uuid::Uuid;

use super::Target;
use crate::db::{self, Db, FromRow, Tx, sql};
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
