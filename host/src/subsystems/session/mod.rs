//! Sessions: who has signed in with which browser. Judged anew by every request, so that a block, another password or
//! role holds at once on every node.
//!
//! It must not know how somebody shows who they are.

mod cookie;
mod end;
mod model;
mod secret;
mod shared;
mod store;

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use uuid::Uuid;

use super::Subsystem;
use super::access::Access;
use super::cache::Cache;
use super::random::Random;
use crate::db::{self, Db};
use crate::request::{Account, Request, SignIn, SignInState};
use crate::time::{Clock, Ids, Timestamp};

pub use cookie::Cookie;
pub use model::{IDLE, Listed, Opening, PENDING, REMEMBERED, Resumed};
pub use secret::digest;
use shared::Copies;
pub use shared::Ended;

/// How exactly it is known when a session was last used.
const TOUCH: Duration = Duration::from_secs(60);
/// How long the old secret of a session is still good, for requests that were under way.
const GRACE: Duration = Duration::from_secs(30);
/// How long a page waits for the note that its session was used.
const PATIENCE: Duration = Duration::from_millis(250);
/// How long it counts that somebody has shown who they are.
const RECENT: Duration = Duration::from_secs(10 * 60);
/// The most sessions in a list.
const LIST_LIMIT: u32 = 200;
/// Bytes of what a browser says of itself.
const AGENT_LIMIT: usize = 256;

/// The sessions of the site.
pub struct Sessions {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Arc<Random>,
    access: Arc<Access>,
    copies: Copies,
}

/// What sessions are made of.
pub struct Parts {
    /// Where they are kept.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Where identifiers come from.
    pub ids: Ids,
    /// Randomness.
    pub random: Arc<Random>,
    /// What accounts may do.
    pub access: Arc<Access>,
    /// Where requests find them, if there is a Redis.
    pub cache: Arc<Cache>,
}

impl Sessions {
    /// The sessions of a site.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            copies: Copies::new(parts.db.clone(), parts.clock.clone(), parts.cache),
            db: parts.db,
            clock: parts.clock,
            ids: parts.ids,
            random: parts.random,
            access: parts.access,
        }
    }

    /// Who asks, by the cookie that they send: one question to Redis, or one query where there is none, and nothing
    /// without a cookie.
    ///
    /// # Returns
    /// None for a visitor, and for a session that has ended.
    ///
    /// # Errors
    /// The database failed.
    #[tracing::instrument(name = "session.resume", level = "debug", skip_all)]
    pub async fn resume(&self, secret: &str, secure: bool) -> db::Result<Option<Resumed>> {
        let Some(digest) = digest(secret) else {
            return Ok(None);
        };
        let rows = self.copies.find(&digest).await?;
        let roles: Arc<[Uuid]> = rows.iter().filter_map(|row| row.role_id).collect();
        let Some(row) = rows.into_iter().next().filter(|row| self.lives(row, &digest)) else {
            return Ok(None);
        };
        let cookie = self.keep(&row, &digest, secure).await?;
        let state = model::state_named(&row.state);
        let account = if state == SignInState::Pending {
            self.access.visitor()
        } else {
            Account {
                id: row.user_id,
                name: Arc::from(row.name),
                is_admin: row.is_admin,
                permissions: self.access.of_roles(&roles),
            }
        };
        let session = SignIn {
            id: row.id,
            user: row.user_id,
            state,
            roles,
            remember: row.remember,
            active_stage: row.active_stage,
            confirmed: row.confirmed,
            timezone: row.timezone.map(Arc::from),
        };
        Ok(Some(Resumed {
            account,
            session: Arc::new(session),
            language: row.language.map(Arc::from),
            cookie,
        }))
    }

    fn lives(&self, row: &store::Row, digest: &str) -> bool {
        let now = self.clock.now();
        let current = row.secret == digest || now.since(row.rotated) <= GRACE;
        current && row.active && row.security == row.user_security && row.expires > now
    }

    /// Notes that the session is used, and gives it another secret if its user may do something else now.
    async fn keep(&self, row: &store::Row, digest: &str, secure: bool) -> db::Result<Option<HeaderValue>> {
        let now = self.clock.now();
        let state = model::state_named(&row.state);
        if state != SignInState::Pending && now.since(row.last_used) >= TOUCH {
            let (db, id, user) = (self.db.clone(), row.id, row.user_id);
            let expires = now.plus(model::lasts(state, row.remember));
            let noting = tokio::spawn(async move {
                if let Err(error) = store::touch(&db, id, user, now, expires).await {
                    tracing::warn!("that a session was used could not be noted: {error}");
                }
            });
            // It goes on where a page can't wait for it.
            let _ = tokio::time::timeout(PATIENCE, noting).await;
            self.copies.refresh(digest).await;
        }
        if row.privileges == row.user_privileges || row.secret != digest {
            return Ok(None);
        }
        let (secret, fresh) = self.make_secret()?;
        let mut tx = self.db.begin().await?;
        let rotated = store::rotate(&mut tx, row.id, digest, &fresh, row.user_privileges, now).await?;
        self.commit(tx, row.user_id).await?;
        Ok(rotated.then(|| session_cookie(&secret, secure, row.remember)))
    }

    fn make_secret(&self) -> db::Result<(String, String)> {
        let secret = secret::make(&self.random)?;
        let digest = digest(&secret).ok_or_else(|| db::Error::Other("a secret has no digest".into()))?;
        Ok((secret, digest))
    }

    /// Opens a session, always with a secret that nobody knew before.
    ///
    /// # Returns
    /// The cookie, or none where the account may not sign in.
    ///
    /// # Errors
    /// The database failed.
    pub async fn open(&self, request: &Request, opening: Opening<'_>) -> db::Result<Option<HeaderValue>> {
        let (secret, digest) = self.make_secret()?;
        let now = self.clock.now();
        let new = store::New {
            id: self.ids.next(),
            digest: &digest,
            user: opening.user,
            state: model::state_name(opening.state),
            now,
            expires: now.plus(model::lasts(opening.state, opening.remember)),
            remember: opening.remember,
            address: &request.address.to_string(),
            agent: &printable(opening.agent),
        };
        let stored = store::insert(&self.db, &new).await?;
        // Until the second factor is there the cookie goes with the browser.
        let remember = opening.remember && opening.state != SignInState::Pending;
        Ok(stored.then(|| session_cookie(&secret, request.is_secure, remember)))
    }

    /// Gives a session another secret, after which the old one is worth nothing, and another state: after the second
    /// factor, or another password.
    ///
    /// # Returns
    /// The cookie, or none where the session has ended.
    ///
    /// # Errors
    /// The database failed.
    pub async fn renew(
        &self,
        session: &SignIn,
        state: SignInState,
        secure: bool,
    ) -> db::Result<Option<HeaderValue>> {
        let (secret, digest) = self.make_secret()?;
        let now = self.clock.now();
        let expires = now.plus(model::lasts(state, session.remember));
        let name = model::state_name(state);
        let mut tx = self.db.begin().await?;
        let renewed = store::renew(&mut tx, session.id, &digest, name, now, expires).await?;
        self.commit(tx, session.user).await?;
        Ok(renewed.then(|| session_cookie(&secret, secure, session.remember)))
    }

    /// Whether it is a moment since then: a browser that was left open is no proof of who sits at it.
    #[must_use]
    pub fn is_recent(&self, confirmed: Timestamp) -> bool {
        self.clock.now().since(confirmed) < RECENT
    }

    /// Notes that whoever uses a session has shown once more who they are.
    ///
    /// # Errors
    /// The database failed.
    pub async fn confirm(&self, session: &SignIn) -> db::Result<()> {
        let mut tx = self.db.begin().await?;
        store::confirm(&mut tx, session.id, self.clock.now()).await?;
        self.commit(tx, session.user).await
    }

    /// The sessions of a user, those used last first, at most 200.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list(&self, user: Uuid) -> db::Result<Vec<Listed>> {
        store::list(&self.db, user, self.clock.now(), LIST_LIMIT).await
    }

    /// Switches a session to a stage, or back to the live one.
    ///
    /// # Returns
    /// Whether there is such a session.
    ///
    /// # Errors
    /// The database failed, or [`db::Error::ForeignKey`] for a stage that does not exist.
    pub async fn set_stage(&self, id: Uuid, stage: Option<Uuid>) -> db::Result<bool> {
        let mut tx = self.db.begin().await?;
        let Some(user) = store::set_stage(&mut tx, id, stage).await? else {
            return Ok(false);
        };
        self.commit(tx, user).await?;
        Ok(true)
    }

    /// A secret for another cookie, and what is stored of it.
    ///
    /// # Errors
    /// There is no randomness.
    pub fn secret(&self) -> db::Result<(String, String)> {
        self.make_secret()
    }
}

fn session_cookie(secret: &str, secure: bool, remember: bool) -> HeaderValue {
    Cookie::Session.set(secret, secure, remember.then_some(REMEMBERED))
}

/// What a browser says of itself, fit to be stored and shown.
fn printable(agent: &str) -> String {
    let mut text: String = agent.chars().filter(|c| !c.is_control()).collect();
    let mut end = text.len().min(AGENT_LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

impl Subsystem for Sessions {}
