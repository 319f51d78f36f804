//! Files in the database.

use sea_query::{Expr, ExprTrait, Query};
use uuid::Uuid;

use super::model::File;
use crate::db::{self, Db, FromRow, sql};
use crate::time::Timestamp;

/// The status of a file that stays until it is deleted.
const PERMANENT: i64 = 1;

#[derive(FromRow)]
struct FileRow {
    id: Uuid,
    name: String,
    mime: String,
    size: i64,
    sha256: String,
    blob_key: String,
    created: Timestamp,
}

impl From<FileRow> for File {
    fn from(row: FileRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            mime: row.mime,
            size: u64::try_from(row.size).unwrap_or(0),
            sha256: row.sha256,
            created: row.created,
            blob_key: row.blob_key,
        }
    }
}

pub(super) async fn insert(db: &Db, file: &File, owner: Uuid) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO file_managed (id, owner_id, name, mime, size, sha256, blob_key, status, created) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        (
            file.id,
            owner,
            file.name.as_str(),
            file.mime.as_str(),
            i64::try_from(file.size).unwrap_or(i64::MAX),
            file.sha256.as_str(),
            file.blob_key.as_str(),
            PERMANENT,
            file.created,
        ),
    );
    db.execute(statement.named("file.insert")).await.map(drop)
}

pub(super) async fn load(db: &Db, id: Uuid) -> db::Result<Option<File>> {
    let statement = sql(
        "SELECT id, name, mime, size, sha256, blob_key, created FROM file_managed WHERE id = $1 AND status = $2",
        (id, PERMANENT),
    );
    let row: Option<FileRow> = db.fetch_optional(statement.named("file.load")).await?;
    Ok(row.map(File::from))
}

pub(super) async fn load_many(db: &Db, ids: &[Uuid]) -> db::Result<Vec<File>> {
    let select = Query::select()
        .columns(["id", "name", "mime", "size", "sha256", "blob_key", "created"])
        .from("file_managed")
        .and_where(Expr::col("status").eq(PERMANENT))
        .and_where(Expr::col("id").is_in(ids.iter().copied()))
        .order_by("id", sea_query::Order::Asc)
        .take();
    let rows: Vec<FileRow> = db
        .fetch_all(db::Statement::from(select).named("file.load-many"))
        .await?;
    Ok(rows.into_iter().map(File::from).collect())
}

/// Deletes a file and tells whether others have the same content.
pub(super) async fn delete(db: &Db, file: &File) -> db::Result<bool> {
    let mut tx = db.begin().await?;
    tx.execute(sql("DELETE FROM file_managed WHERE id = $1", (file.id,)).named("file.delete"))
        .await?;
    let others = sql(
        "SELECT id FROM file_managed WHERE sha256 = $1 LIMIT 1",
        (file.sha256.as_str(),),
    );
    let other: Option<(Uuid,)> = tx.fetch_optional(others.named("file.same-content")).await?;
    tx.commit().await?;
    Ok(other.is_some())
}
