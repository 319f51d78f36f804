//! A new password for somebody who has forgotten theirs: a link by mail that works once and for an hour.
//!
//! Whether there is an account, nobody learns: the answer is the same and comes before anybody has looked.

mod error;
mod routes;
mod store;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::audit::{Audit, Entry};
use super::counter::Counters;
use super::mail::{Mail, Recipient, Template};
use super::random::Random;
use super::user::{User, Users};
use super::{Session, Subsystem};
use crate::db::{self, Db};
use crate::request::Request;
use crate::time::Clock;

pub use error::Error;

/// How long a link works.
const LASTS: Duration = Duration::from_secs(60 * 60);
/// Requests of one client in an hour.
const PER_CLIENT: u32 = 10;
/// Letters to one address in an hour.
const PER_ADDRESS: u32 = 3;
/// Requests that are worked on at once; more wait.
const AT_ONCE: u32 = 8;
/// Requests that may wait.
const WAITING: u32 = 256;

/// What resetting is made of.
#[derive(Clone)]
pub struct Parts {
    /// Where links are stored.
    pub db: Db,
    /// How long they work.
    pub clock: Clock,
    /// What makes them.
    pub random: Arc<Random>,
    /// Whose passwords they are.
    pub users: Arc<Users>,
    /// What sends them.
    pub mail: Arc<Mail>,
    /// What keeps floods out.
    pub counters: Arc<Counters>,
    /// Where it is recorded.
    pub audit: Arc<Audit>,
}

/// New passwords by mail.
pub struct Resets {
    parts: Parts,
    room: Arc<Semaphore>,
    hands: Arc<Semaphore>,
}

impl Resets {
    /// The service.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            parts,
            room: Arc::new(Semaphore::new(WAITING as usize)),
            hands: Arc::new(Semaphore::new(AT_ONCE as usize)),
        }
    }

    /// Sends links to the accounts with an e-mail address, if there are any. What this answers, and when, does not
    /// depend on that.
    ///
    /// # Errors
    /// [`Error::TooMany`] for a client that asks too often.
    pub async fn ask(&self, request: &Request, address: &str) -> Result<(), Error> {
        let counters = &self.parts.counters;
        let client = format!("reset:from:{}", request.address);
        if !counters.hit_shared(&client, LASTS, PER_CLIENT).await?.allowed {
            return Err(Error::TooMany);
        }
        let Ok(place) = self.room.clone().try_acquire_owned() else {
            return Err(Error::TooMany);
        };
        let (parts, hands) = (self.parts.clone(), self.hands.clone());
        let (address, origin) = (address.trim().to_owned(), request.origin.clone());
        tokio::spawn(async move {
            // The semaphore is never closed.
            let _hand = hands.acquire_owned().await;
            if let Err(error) = send(&parts, &address, &origin).await {
                tracing::warn!("a link for a new password could not be sent: {error}");
            }
            drop(place);
        });
        Ok(())
    }

    /// Waits until every request that was taken is worked on, for so long.
    pub async fn drain(&self, at_most: Duration) {
        // What is not done then goes on.
        let _ = tokio::time::timeout(at_most, self.room.acquire_many(WAITING)).await;
    }

    /// Whose link this is, if it works. Looking changes nothing: programs that read mail look as well.
    ///
    /// # Errors
    /// [`Error::Void`].
    pub async fn find(&self, token: &str) -> Result<User, Error> {
        let found = store::find(&self.parts.db, &digest(token))
            .await?
            .ok_or(Error::Void)?;
        self.judge(&found).await
    }

    async fn judge(&self, found: &store::ResetRow) -> Result<User, Error> {
        if found.expires <= self.parts.clock.now() {
            return Err(Error::Void);
        }
        let state = state(&self.parts.db, found.user_id).await?.ok_or(Error::Void)?;
        if state != found.state {
            return Err(Error::Void);
        }
        let user = self.parts.users.load(found.user_id).await?;
        user.filter(|user| user.active).ok_or(Error::Void)
    }

    /// Sets the new password. The link is used up, all others of the account are, and all its sessions end.
    ///
    /// # Errors
    /// [`Error::Void`], or [`Error::User`] for a password that can't be: then the link still works.
    #[tracing::instrument(name = "reset.finish", level = "debug", skip_all)]
    pub async fn finish(&self, session: &Session, token: &str, password: String) -> Result<User, Error> {
        let parts = &self.parts;
        // Taken first: of two requests with one link only one goes on.
        let taken = store::take(&parts.db, &digest(token)).await?.ok_or(Error::Void)?;
        let user = self.judge(&taken).await?;
        match parts.users.reset_password(session, user.id, password).await {
            Ok(user) => {
                store::forget(&parts.db, user.id).await?;
                Ok(user)
            }
            Err(error) => {
                store::insert(&parts.db, &taken).await?;
                Err(error.into())
            }
        }
    }
}

async fn send(parts: &Parts, address: &str, origin: &str) -> Result<(), Error> {
    let users = parts.users.with_mail(address).await?;
    for user in users.iter().filter(|user| user.active) {
        let Some(mail) = &user.mail else { continue };
        let count = format!("reset:to:{}", digest(&mail.to_lowercase()));
        if !parts
            .counters
            .hit_shared(&count, LASTS, PER_ADDRESS)
            .await?
            .allowed
        {
            continue;
        }
        let Some(state) = state(&parts.db, user.id).await? else {
            continue;
        };
        let mut bytes = [0; 32];
        parts
            .random
            .fill(&mut bytes)
            .map_err(|error| db::Error::Other(error.to_string().into()))?;
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let now = parts.clock.now();
        let row = store::ResetRow {
            token: digest(&token),
            user_id: user.id,
            state,
            created: now,
            expires: now.plus(LASTS),
        };
        store::forget_expired(&parts.db, now).await?;
        store::insert(&parts.db, &row).await?;
        let to = Recipient {
            name: Some(user.name.clone()),
            address: mail.clone(),
        };
        let values = minijinja::context! {
            user => minijinja::context! { name => &user.name },
            link => format!("{origin}/user/password-reset/{token}"),
            minutes => LASTS.as_secs() / 60,
        };
        let letter = parts.mail.write(&Template::PASSWORD_RESET, to, values)?;
        parts.mail.post(&letter).await?;
        let request = Request::new(Uuid::nil(), "", crate::request::Account::system());
        let entry = Entry::new("user.password-link").on("user", user.id, &user.name);
        parts.audit.record(&request, entry).await?;
    }
    Ok(())
}

/// What a link is bound to: another password or address makes it void.
async fn state(db: &Db, user: Uuid) -> db::Result<Option<String>> {
    let state = store::state(db, user).await?;
    Ok(state.map(|(password, mail)| {
        digest(&format!(
            "{}\0{}",
            password.unwrap_or_default(),
            mail.unwrap_or_default()
        ))
    }))
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Subsystem for Resets {
    fn routes() -> axum::Router<super::Site> {
        routes::routes()
    }
}
