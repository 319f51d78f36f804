//! Who is at work on an item. It keeps nobody from saving: what two write at once is kept apart by revisions. It tells
//! the second that there is a first.

use std::time::Duration;

use uuid::Uuid;

use super::{Error, Items};
use crate::db::{FromRow, sql};
use crate::subsystems::Session;
use crate::time::Timestamp;

/// How long somebody is at work who gives no sign.
pub const TERM: Duration = Duration::from_secs(10 * 60);

/// Somebody who is at work on an item.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Holder {
    /// Who.
    pub user: Uuid,
    /// What they are called.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when, unless there is another sign of them.
    pub expires: Timestamp,
}

impl Items {
    /// Says that whoever asks is at work on an item. Nobody knows that of visitors who are not signed in.
    ///
    /// # Returns
    /// Who else is, if somebody is: then nothing has changed, unless it is taken over.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn hold(
        &self,
        session: &Session,
        item: Uuid,
        take_over: bool,
    ) -> Result<Option<Holder>, Error> {
        let account = &session.request().account;
        if account.id.is_nil() {
            return Ok(None);
        }
        let now = self.clock.now();
        let take = sql(
            "INSERT INTO item_lock (item_id, user_id, since, expires) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (item_id) DO UPDATE SET user_id = excluded.user_id, expires = excluded.expires, \
             since = CASE WHEN item_lock.user_id = excluded.user_id AND item_lock.expires > $3 THEN item_lock.since \
             ELSE excluded.since END \
             WHERE item_lock.user_id = excluded.user_id OR item_lock.expires <= $3 OR $5",
            (item, account.id, now, now.plus(TERM), take_over),
        );
        if self.db.execute(take.named("item.hold")).await? == 1 {
            return Ok(None);
        }
        let holder = sql(
            "SELECT l.user_id AS \"user\", COALESCE(u.name, 'somebody') AS name, l.since, l.expires FROM item_lock l \
             LEFT JOIN users u ON u.id = l.user_id WHERE l.item_id = $1",
            (item,),
        );
        Ok(self.db.fetch_optional(holder.named("item.holder")).await?)
    }

    /// Says that whoever asks is not at work on an item any more.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn let_go(&self, session: &Session, item: Uuid) -> Result<(), Error> {
        let statement = sql(
            "DELETE FROM item_lock WHERE item_id = $1 AND user_id = $2",
            (item, session.request().account.id),
        );
        self.db.execute(statement.named("item.let-go")).await?;
        Ok(())
    }
}
