//! Whom to write to, by the database.

use uuid::Uuid;

use super::Recipient;
use crate::db::{self, Db, sql};

pub(super) async fn recipient(db: &Db, user: Uuid) -> db::Result<Option<Recipient>> {
    let statement = sql(
        "SELECT name, mail FROM users WHERE id = $1 AND active AND mail IS NOT NULL",
        (user,),
    );
    let found: Option<(String, String)> = db.fetch_optional(statement.named("mail.recipient")).await?;
    Ok(found.map(|(name, address)| Recipient {
        name: Some(name),
        address,
    }))
}
