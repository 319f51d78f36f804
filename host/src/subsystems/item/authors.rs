//! Content whose author is gone.

use uuid::Uuid;

use super::Items;
use super::model::cache_tags;
use crate::db::{self, sql};
use crate::subsystems::Session;

/// Which of an author's items.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// Whether those that are not published are among them.
    pub unpublished: bool,
    /// How many.
    pub limit: u32,
    /// Left out at the start.
    pub offset: u32,
}

impl Items {
    /// Some items of an author, newest first, whoever asks and whatever plugins say about them, as the session's stage
    /// shows them.
    ///
    /// # Errors
    /// The database failed.
    pub async fn written_by(&self, session: &Session, author: Uuid, part: Written) -> db::Result<Vec<Uuid>> {
        let items = sql(
            "SELECT id FROM item WHERE author_id = $1 AND stage_id = $2 AND (published OR $3) \
             ORDER BY created DESC, id DESC LIMIT $4 OFFSET $5",
            (
                author,
                session.request().stage,
                part.unpublished,
                i64::from(part.limit),
                i64::from(part.offset),
            ),
        );
        let items: Vec<(Uuid,)> = self.db.fetch_all(items.named("item.written-by")).await?;
        Ok(items.into_iter().map(|(id,)| id).collect())
    }

    /// Gives some of the items and revisions of an author to the anonymous user, in every stage. Nothing else changes
    /// about them, so no revision is made.
    ///
    /// # Returns
    /// Whether there may be more.
    ///
    /// # Errors
    /// The database failed.
    pub async fn give_away(&self, author: Uuid, limit: u32) -> db::Result<bool> {
        let mut tx = self.db.begin().await?;
        let items = sql(
            "UPDATE item SET author_id = $2 WHERE id IN (SELECT id FROM item WHERE author_id = $1 LIMIT $3) \
             RETURNING id, type",
            (author, Uuid::nil(), i64::from(limit)),
        );
        let items: Vec<(Uuid, String)> = tx.fetch_all(items.named("item.give-away")).await?;
        let tags: Vec<String> = items.iter().flat_map(|(id, of)| cache_tags(*id, of)).collect();
        let revisions = sql(
            "UPDATE item_revision SET author_id = $2 WHERE id IN \
             (SELECT id FROM item_revision WHERE author_id = $1 LIMIT $3)",
            (author, Uuid::nil(), i64::from(limit)),
        );
        let revisions = tx.execute(revisions.named("item.give-revisions-away")).await?;
        let recorded = self.cache.record(&mut tx, &tags).await?;
        tx.commit().await?;
        self.cache.take_effect(recorded).await;
        Ok(items.len() >= limit as usize || revisions >= u64::from(limit))
    }
}
