//! Where sitemaps begin, in the database.

use uuid::Uuid;

use crate::db::{self, Db, sql};

/// Each so-and-so-manieth published item of a stage, from the first on.
pub(super) async fn every(db: &Db, stage: Uuid, many: i64) -> db::Result<Vec<Uuid>> {
    let statement = sql(
        "SELECT id FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM item \
         WHERE stage_id = $1 AND published) AS numbered WHERE (place - 1) % $2 = 0 ORDER BY id",
        (stage, many),
    );
    let rows: Vec<(Uuid,)> = db.fetch_all(statement.named("sitemap.every")).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
