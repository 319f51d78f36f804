//! Sessions that end, and that this holds on every node.

use axum::http::HeaderMap;
use uuid::Uuid;

use super::{Cookie, Ended, Sessions, digest, store};
use crate::db::{self, Tx};

impl Sessions {
    /// Ends a session of a user.
    ///
    /// # Returns
    /// Whether there was one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end(&self, user: Uuid, id: Uuid) -> db::Result<bool> {
        let mut tx = self.db.begin().await?;
        let ended = store::end(&mut tx, user, id).await?;
        self.commit(tx, user).await?;
        Ok(ended)
    }

    /// Ends the session that a browser had, whoever's it was, before somebody signs in with it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_presented(&self, headers: &HeaderMap, secure: bool) -> db::Result<()> {
        let Some(digest) = Cookie::Session.read(headers, secure).and_then(digest) else {
            return Ok(());
        };
        let mut tx = self.db.begin().await?;
        match store::end_secret(&mut tx, &digest).await? {
            Some(user) => self.commit(tx, user).await,
            None => tx.commit().await,
        }
    }

    /// Ends all sessions of a user but one, together with what the transaction does, which has to
    /// [record](Sessions::record) that the account is changed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_others_in(&self, tx: &mut Tx, user: Uuid, keep: Option<Uuid>) -> db::Result<()> {
        store::end_others(tx, user, keep).await
    }

    /// Writes down that a transaction changes what the sessions of an account are worth.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record(&self, tx: &mut Tx, user: Uuid) -> db::Result<Ended> {
        self.copies.record(tx, user).await
    }

    /// Has what was recorded hold on every node, now that the transaction is committed.
    pub async fn take_effect(&self, ended: Ended) {
        self.copies.take_effect(ended).await;
    }

    /// Commits what changes the sessions of a user, and has it hold.
    pub(super) async fn commit(&self, mut tx: Tx, user: Uuid) -> db::Result<()> {
        let ended = self.record(&mut tx, user).await?;
        tx.commit().await?;
        self.take_effect(ended).await;
        Ok(())
    }

    /// Ends all sessions of a user but one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_others(&self, user: Uuid, keep: Option<Uuid>) -> db::Result<()> {
        let mut tx = self.db.begin().await?;
        store::end_others(&mut tx, user, keep).await?;
        self.commit(tx, user).await
    }
}
