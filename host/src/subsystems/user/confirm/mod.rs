//! E-mail addresses that somebody has given: until a letter has reached them, nobody knows whose they are.
//!
//! An account that was registered can't be used before, and another address does not replace the one before.

mod routes;
mod store;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::model::{Changes, User};
use super::{Error, Users};
use crate::db::{self, Tx};
use crate::request::Request;
use crate::subsystems::Session;
use crate::subsystems::mail::{Recipient, Template};
use crate::subsystems::variable::SITE;

pub(super) use routes::routes;

/// The setting: whether addresses are confirmed by mail. They are where it says nothing.
pub const SETTING: &str = "user_confirm_mail";
/// How long a link works.
const LASTS: Duration = Duration::from_secs(24 * 60 * 60);
/// Registrations of one client in an hour.
const PER_CLIENT: u32 = 20;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// What is to be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The address of a new account, which may be used then, or waits for somebody's approval.
    New {
        /// Whether it may be used then.
        activates: bool,
    },
    /// Another address of an account.
    Change,
}

/// A link that is to be sent when its row is stored.
pub(super) struct Link {
    token: String,
    mail: String,
}

impl Users {
    /// Whether addresses are confirmed by mail.
    pub(super) fn confirms(&self) -> bool {
        let set = self.variables.stored(SITE, SETTING);
        set.and_then(|set| set.as_bool()).unwrap_or(true)
    }

    /// Counts a registration.
    pub(super) async fn count_registration(&self, request: &Request) -> Result<(), Error> {
        let client = format!("register:from:{}", request.address);
        let counted = self.counters.hit_shared(&client, HOUR, PER_CLIENT).await?;
        if counted.allowed {
            Ok(())
        } else {
            Err(Error::invalid(
                "",
                "Too many accounts were made from here; try again later.",
            ))
        }
    }

    /// Stores what is to be confirmed. It takes the place of what was before for the same account.
    pub(super) async fn note_address(
        &self,
        tx: &mut Tx,
        user: Uuid,
        mail: &str,
        purpose: Purpose,
    ) -> Result<Link, Error> {
        let mut bytes = [0; 32];
        self.random
            .fill(&mut bytes)
            .map_err(|error| db::Error::Setup(format!("there is no randomness: {error}")))?;
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let now = self.clock.now();
        let row = store::Row {
            token: digest(&token),
            user_id: user,
            mail: mail.to_owned(),
            is_new: matches!(purpose, Purpose::New { .. }),
            activates: purpose == Purpose::New { activates: true },
            created: now,
            expires: now.plus(LASTS),
        };
        store::replace(tx, &row).await?;
        Ok(Link {
            token,
            mail: mail.to_owned(),
        })
    }

    /// Sends the link. That it could not be sent is logged.
    pub(super) async fn send_link(&self, origin: &str, user: &User, link: &Link) {
        let to = Recipient {
            name: Some(user.name.clone()),
            address: link.mail.clone(),
        };
        let values = minijinja::context! {
            user => minijinja::context! { name => &user.name },
            link => format!("{origin}/user/confirm/{}", link.token),
            hours => LASTS.as_secs() / 3600,
        };
        let written = self.mail.write(&Template::CONFIRM_ADDRESS, to, values);
        let posted = match written {
            Ok(letter) => self.mail.post(&letter).await,
            Err(error) => Err(error),
        };
        if let Err(error) = posted {
            tracing::warn!("a link to confirm an address could not be sent: {error}");
        }
    }

    /// Whose address a link confirms, and which, if it works. Looking changes nothing: programs that read mail look as
    /// well.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find_confirmation(&self, token: &str) -> Result<(User, String), Error> {
        let row = store::find(&self.db, &digest(token)).await?;
        self.judge(row).await.map(|(user, row)| (user, row.mail))
    }

    async fn judge(&self, row: Option<store::Row>) -> Result<(User, store::Row), Error> {
        let now = self.clock.now();
        let row = row.filter(|row| row.expires > now).ok_or(Error::NotFound)?;
        let user = self.load(row.user_id).await?.ok_or(Error::NotFound)?;
        // The owner of a blocked account changes nothing about it.
        let fits = row.is_new || user.active;
        fits.then_some((user, row)).ok_or(Error::NotFound)
    }

    /// Takes a link: the address is the account's, and a new account may be used, unless it waits for approval.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that does not work, or not any more.
    #[tracing::instrument(name = "user.confirm", level = "debug", skip_all)]
    pub async fn confirm_address(&self, session: &Session, token: &str) -> Result<User, Error> {
        // Taken first: of two requests with one link only one goes on.
        let taken = store::take(&self.db, &digest(token)).await?;
        let (user, row) = self.judge(taken).await?;
        let changes = Changes {
            mail: Some(Some(row.mail.clone())),
            active: row.activates.then_some(true),
            ..Changes::default()
        };
        match self.change(session, user.id, changes).await {
            Ok(changed) => Ok(changed.user),
            Err(error) => {
                store::insert(&self.db, &row).await?;
                Err(error)
            }
        }
    }

    /// The accounts that were registered and whose addresses nobody has confirmed in time. What else has expired is
    /// removed.
    ///
    /// # Errors
    /// The database failed.
    pub(super) async fn unconfirmed(&self) -> db::Result<Vec<User>> {
        let mut users = Vec::new();
        for row in store::take_expired(&self.db, self.clock.now()).await? {
            let user = self.load(row.user_id).await?;
            users.extend(user.filter(|user| row.is_new && !user.active && user.login.is_none()));
        }
        Ok(users)
    }

    /// Tells the owner of an account what was done with it, at an address.
    pub(super) async fn tell_owner(&self, user: &User, address: Option<&str>, change: &str) {
        let Some(address) = address else { return };
        let to = Recipient {
            name: Some(user.name.clone()),
            address: address.to_owned(),
        };
        let values = minijinja::context! { user => minijinja::context! { name => &user.name }, change };
        let posted = match self.mail.write(&Template::SECURITY_CHANGE, to, values) {
            Ok(letter) => self.mail.post(&letter).await,
            Err(error) => Err(error),
        };
        if let Err(error) = posted {
            tracing::warn!("somebody can't be told of a change of their account: {error}");
        }
    }
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
