//! Cancelling accounts. The account is closed at once; what it has written is worked through in pieces, on whichever node
//! gets to it, also after a restart.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{ADMINISTER, Changes, Error, User, Users, store, tell};
use crate::db::{self, Db, lease, sql};
use crate::request::{Account, Request};
use crate::subsystems::audit::{Audit, Entry};
use crate::subsystems::item::{self, Items, Written};
use crate::subsystems::{Session, Site, Subsystem};
use crate::taps;
use crate::time::{Clock, Ids};

/// Items that are worked on in one go.
const BATCH: u32 = 50;
/// How long one node may take for a go.
const TERM: Duration = Duration::from_secs(120);

/// What happens to the content of an account that is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The account is blocked, its content stays as it is.
    Keep,
    /// The account is blocked, its content is unpublished.
    Unpublish,
    /// The account is removed, its content is nobody's.
    Anonymous,
    /// The account is removed with its content.
    Delete,
}

impl Content {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Keep, Self::Unpublish, Self::Anonymous, Self::Delete];

    /// How it is stored and sent.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Unpublish => "unpublish",
            Self::Anonymous => "anonymous",
            Self::Delete => "delete",
        }
    }

    /// What it does, for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Keep => "Block the account and keep its content",
            Self::Unpublish => "Block the account and unpublish its content",
            Self::Anonymous => "Remove the account and give its content to the anonymous user",
            Self::Delete => "Remove the account with all its content",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|content| content.name() == name)
    }
}

/// Accounts that are being cancelled.
pub struct Cancellations {
    /// Where it is noted.
    pub(in crate::subsystems) db: Db,
    /// The time.
    pub(in crate::subsystems) clock: Clock,
    /// Where identifiers come from.
    pub(in crate::subsystems) ids: Ids,
    /// Whose accounts.
    pub(in crate::subsystems) users: Arc<Users>,
    /// What they have written.
    pub(in crate::subsystems) items: Arc<Items>,
    /// Where it is recorded.
    pub(in crate::subsystems) audit: Arc<Audit>,
}

impl Cancellations {
    /// Cancels an account: it is closed when this returns, and the work on its content has begun.
    ///
    /// # Errors
    /// As [`Users::update`] for blocking it; [`Error::Denied`] for the own account.
    #[tracing::instrument(name = "user.cancel", level = "debug", skip_all, fields(user.id = %id))]
    pub async fn cancel(&self, session: &Session, id: Uuid, content: Content) -> Result<(), Error> {
        let request = session.request();
        if !request.account.may(ADMINISTER) || request.account.id == id {
            return Err(Error::denied("cancel this account"));
        }
        let block = Changes {
            active: Some(false),
            ..Changes::default()
        };
        let user = self.users.update(session, id, block, None).await?.user;
        let mut tx = self.db.begin().await?;
        if content != Content::Keep {
            let note = sql(
                "INSERT INTO user_cancellation (user_id, content, requested) VALUES ($1, $2, $3) \
                 ON CONFLICT (user_id) DO UPDATE SET content = excluded.content",
                (id, content.name(), self.clock.now()),
            );
            tx.execute(note.named("user.note-cancellation")).await?;
        }
        let entry = Entry::new("user.cancel")
            .on("user", id, user.name)
            .with("content", content.name());
        self.audit.record_in(&mut tx, request, entry).await?;
        tx.commit().await?;
        if content != Content::Keep {
            self.go_on_with(&self.system(session), id, content).await?;
        }
        Ok(())
    }

    /// Goes on with one cancellation that is not finished, if no other node is at it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn work(&self, site: &Site) -> Result<(), Error> {
        let next = sql(
            "SELECT user_id, content FROM user_cancellation ORDER BY requested, user_id LIMIT 1",
            (),
        );
        let next: Option<(Uuid, String)> = self
            .db
            .fetch_optional(next.named("user.next-cancellation"))
            .await?;
        let Some((id, content)) = next else { return Ok(()) };
        let owner = self.ids.next();
        let now = self.clock.now();
        let Some(lease) = lease::acquire(&self.db, "user.cancellation", owner, now, TERM).await? else {
            return Ok(());
        };
        let session = site.session(Request::new(self.ids.next(), "", Account::system()));
        let done = match Content::named(&content) {
            Some(content) => self.go_on_with(&session, id, content).await,
            None => self.forget(id).await.map_err(Error::from),
        };
        lease::release(&self.db, &lease).await?;
        done
    }

    /// Removes accounts that were registered and whose addresses nobody has confirmed in time.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove_unconfirmed(&self, site: &Site) -> Result<(), Error> {
        let users = self.users.unconfirmed().await?;
        for user in users {
            let session = site.session(Request::new(self.ids.next(), "", Account::system()));
            self.remove(&session, user).await?;
        }
        Ok(())
    }

    /// The site itself goes on: whoever asked may not be allowed to touch each item, and may be gone by then.
    fn system(&self, session: &Session) -> Session {
        let request = Request::new(self.ids.next(), "", Account::system());
        Session::new(
            Arc::new(request),
            session.services().clone(),
            session.registry().clone(),
        )
    }

    async fn go_on_with(&self, session: &Session, id: Uuid, content: Content) -> Result<(), Error> {
        let more = match content {
            Content::Keep => false,
            Content::Anonymous => self.items.give_away(id, BATCH).await?,
            Content::Unpublish | Content::Delete => self.each(session, id, content).await?,
        };
        if more {
            return Ok(());
        }
        if matches!(content, Content::Keep | Content::Unpublish) {
            return Ok(self.forget(id).await?);
        }
        let Some(user) = self.users.load(id).await? else {
            return Ok(());
        };
        self.remove(session, user).await
    }

    /// Unpublishes or deletes some items. What can't be, because a plugin refuses or hides it, is left and told.
    ///
    /// # Returns
    /// Whether there may be more.
    async fn each(&self, session: &Session, author: Uuid, content: Content) -> Result<bool, Error> {
        let mut part = Written {
            unpublished: content == Content::Delete,
            limit: BATCH,
            offset: 0,
        };
        loop {
            let found = self.items.written_by(session, author, part).await?;
            if found.is_empty() {
                return Ok(false);
            }
            if self.work_on(session, &found, content).await? > 0 {
                return Ok(true);
            }
            // Those are left: what lies behind them is not.
            part.offset += BATCH;
        }
    }

    /// How many of these items were unpublished or deleted.
    async fn work_on(&self, session: &Session, items: &[Uuid], content: Content) -> Result<usize, Error> {
        let mut done = 0;
        for id in items {
            let changed = if content == Content::Delete {
                self.items.delete(session, *id).await
            } else {
                self.unpublish(session, *id).await
            };
            match changed {
                Ok(()) => done += 1,
                Err(item::Error::Db(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(item.id = %id, "the content of a cancelled account was left: {error}");
                }
            }
        }
        Ok(done)
    }

    async fn unpublish(&self, session: &Session, id: Uuid) -> Result<(), item::Error> {
        let mut item = self.items.find(session, id).await?;
        item.published = false;
        let saved = self
            .items
            .save(session, Box::new(item), "The account was cancelled")
            .await;
        saved.1.map(drop)
    }

    async fn forget(&self, id: Uuid) -> db::Result<()> {
        let forget = sql("DELETE FROM user_cancellation WHERE user_id = $1", (id,));
        self.db
            .execute(forget.named("user.forget-cancellation"))
            .await
            .map(drop)
    }

    /// Removes the account itself. What was left of its content is nobody's.
    async fn remove(&self, session: &Session, user: User) -> Result<(), Error> {
        while self.items.give_away(user.id, BATCH).await? {}
        let mut tx = self.db.begin().await?;
        let files = sql(
            "UPDATE file_managed SET owner_id = $2 WHERE owner_id = $1",
            (user.id, Uuid::nil()),
        );
        tx.execute(files.named("user.give-files-away")).await?;
        store::delete(&mut tx, user.id).await?;
        let entry = Entry::new("user.delete").on("user", user.id, user.name.as_str());
        self.audit.record_in(&mut tx, session.request(), entry).await?;
        let ended = self.users.sessions.record(&mut tx, user.id).await?;
        tx.commit().await?;
        self.users.sessions.take_effect(ended).await;
        tell::<taps::UserDelete>(session, &user).await;
        Ok(())
    }
}

impl Subsystem for Cancellations {}
