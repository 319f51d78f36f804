//! Passkeys (WebAuthn Level 3): keys that people's devices hold, instead of a password or beside it.
//!
//! The state of a ceremony stays on the server; the browser gets its number and the challenge. It must not know what
//! somebody who was recognised may do.

mod ceremony;
mod error;
mod store;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Webauthn, WebauthnBuilder,
};

use super::Subsystem;
use super::random::Random;
use crate::db::{self, Db};
use crate::time::{Clock, Ids, Timestamp};

use ceremony::{Ceremonies, Kind};

pub use ceremony::Begun;
pub use error::Error;

/// Passkeys of one account.
const MOST: usize = 20;
/// Characters of a passkey's name.
const NAME: usize = 60;
/// How long a browser waits for the person and the key.
const PATIENCE: Duration = Duration::from_secs(300);

/// What passkeys are made of.
pub struct Parts {
    /// Where they are stored.
    pub db: Db,
    /// When they are used.
    pub clock: Clock,
    /// Where identifiers come from.
    pub ids: Ids,
    /// Where the numbers of ceremonies come from.
    pub random: Arc<Random>,
    /// The address under which visitors reach the site: passkeys belong to its host.
    pub public_url: String,
}

/// The passkeys of the site's people.
pub struct Passkeys {
    db: Db,
    clock: Clock,
    ids: Ids,
    ceremonies: Ceremonies,
    /// None where the site does not know its address.
    webauthn: Option<Webauthn>,
}

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Listed {
    /// What it is called here.
    pub id: Uuid,
    /// The name that its owner gave it.
    pub name: String,
    /// When it was registered.
    pub created: Timestamp,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
}

impl Passkeys {
    /// The passkeys of a site.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            ceremonies: Ceremonies::new(parts.db.clone(), parts.clock.clone(), parts.random),
            db: parts.db,
            clock: parts.clock,
            ids: parts.ids,
            webauthn: relying_party(&parts.public_url),
        }
    }

    /// Whether passkeys can be used: the site knows its address, and it is no IP address.
    #[must_use]
    pub fn are_possible(&self) -> bool {
        self.webauthn.is_some()
    }

    fn webauthn(&self) -> Result<&Webauthn, Error> {
        self.webauthn.as_ref().ok_or(Error::NoAddress)
    }

    /// The passkeys of somebody, the newest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list(&self, user: Uuid) -> db::Result<Vec<Listed>> {
        store::list(&self.db, user).await
    }

    /// Begins to register one.
    ///
    /// # Errors
    /// [`Error::TooMany`], [`Error::NoAddress`].
    pub async fn begin_registration(&self, user: Uuid, name: &str, browser: &str) -> Result<Begun, Error> {
        let known = self.keys(user).await?;
        if known.len() >= MOST {
            return Err(Error::TooMany(MOST));
        }
        let known = known.iter().map(|(_, key)| key.cred_id().clone()).collect();
        let (options, state) = self
            .webauthn()?
            .start_passkey_registration(user, name, name, Some(known))?;
        let mut options = serde_json::to_value(options).map_err(|error| Error::Stored(error.to_string()))?;
        // One that the device lists by itself can sign in without a name; others still are a second factor.
        if let Some(residence) = options.pointer_mut("/publicKey/authenticatorSelection/residentKey") {
            *residence = "preferred".into();
        }
        self.ceremonies
            .begin(Kind::Registration, Some(user), browser, &state, &options)
            .await
    }

    /// Takes the new key.
    ///
    /// # Errors
    /// [`Error::Refused`], or [`Error::Expired`] where no such ceremony was begun by this browser.
    pub async fn finish_registration(
        &self,
        user: Uuid,
        browser: &str,
        ceremony: &str,
        name: &str,
        answer: Json,
    ) -> Result<Listed, Error> {
        let answer: RegisterPublicKeyCredential = ceremony::answer(answer)?;
        let state: PasskeyRegistration = self
            .ceremonies
            .finish(Kind::Registration, Some(user), browser, ceremony)
            .await?;
        let key = self.webauthn()?.finish_passkey_registration(&answer, &state)?;
        let name: String = name
            .trim()
            .chars()
            .filter(|char| !char.is_control())
            .take(NAME)
            .collect();
        let listed = Listed {
            id: self.ids.next(),
            name: if name.is_empty() {
                "Passkey".to_owned()
            } else {
                name
            },
            created: self.clock.now(),
            last_used: None,
        };
        match store::insert(&self.db, user, &listed, &credential_id(&key), &to_text(&key)?).await {
            // A key belongs to one account (WebAuthn, 7.1, step 26).
            Err(db::Error::Unique { .. }) => Err(Error::Known),
            stored => {
                stored?;
                Ok(listed)
            }
        }
    }

    /// Begins a sign-in without a name: the device offers the keys that it has for this site.
    ///
    /// # Errors
    /// [`Error::NoAddress`].
    pub async fn begin_sign_in(&self, browser: &str, by_autofill: bool) -> Result<Begun, Error> {
        let (mut options, state) = self.webauthn()?.start_discoverable_authentication()?;
        if !by_autofill {
            options.mediation = None;
        }
        self.ceremonies
            .begin(Kind::SignIn, None, browser, &state, &options)
            .await
    }

    /// Who has signed in.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::Expired`].
    pub async fn finish_sign_in(&self, browser: &str, ceremony: &str, answer: Json) -> Result<Uuid, Error> {
        let answer: PublicKeyCredential = ceremony::answer(answer)?;
        let state: DiscoverableAuthentication = self
            .ceremonies
            .finish(Kind::SignIn, None, browser, ceremony)
            .await?;
        let webauthn = self.webauthn()?;
        let (user, _) = webauthn.identify_discoverable_authentication(&answer)?;
        let known = self.keys(user).await?;
        let (id, key) = known
            .into_iter()
            .find(|(_, key)| key.cred_id().as_slice() == answer.get_credential_id())
            .ok_or(Error::Refused)?;
        let result =
            webauthn.finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&key))?;
        self.note_use(id, key, &result).await?;
        Ok(user)
    }

    /// Begins to ask somebody for one of their keys, beside the password.
    ///
    /// # Errors
    /// [`Error::None`] where there are none.
    pub async fn begin_check(&self, user: Uuid, browser: &str) -> Result<Begun, Error> {
        let keys: Vec<Passkey> = self.keys(user).await?.into_iter().map(|(_, key)| key).collect();
        if keys.is_empty() {
            return Err(Error::None);
        }
        let (options, state) = self.webauthn()?.start_passkey_authentication(&keys)?;
        self.ceremonies
            .begin(Kind::Check, Some(user), browser, &state, &options)
            .await
    }

    /// Judges the answer.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::Expired`].
    pub async fn finish_check(
        &self,
        user: Uuid,
        browser: &str,
        ceremony: &str,
        answer: Json,
    ) -> Result<(), Error> {
        let answer: PublicKeyCredential = ceremony::answer(answer)?;
        let state: PasskeyAuthentication = self
            .ceremonies
            .finish(Kind::Check, Some(user), browser, ceremony)
            .await?;
        let result = self.webauthn()?.finish_passkey_authentication(&answer, &state)?;
        let known = self.keys(user).await?;
        let (id, key) = known
            .into_iter()
            .find(|(_, key)| key.cred_id() == result.cred_id())
            .ok_or(Error::Refused)?;
        self.note_use(id, key, &result).await
    }

    /// Removes one of somebody's keys.
    ///
    /// # Returns
    /// Its name, if there was one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove(&self, user: Uuid, id: Uuid) -> db::Result<Option<String>> {
        store::remove(&self.db, user, id).await
    }

    /// Keeps the counter of the key, which has to grow (WebAuthn, 7.2, step 22). Of two answers with one count only
    /// one is taken.
    async fn note_use(&self, id: Uuid, mut key: Passkey, result: &AuthenticationResult) -> Result<(), Error> {
        let before = to_text(&key)?;
        key.update_credential(result);
        let after = to_text(&key)?;
        if store::note_use(&self.db, id, &before, &after, self.clock.now()).await? {
            Ok(())
        } else {
            Err(Error::Refused)
        }
    }

    async fn keys(&self, user: Uuid) -> Result<Vec<(Uuid, Passkey)>, Error> {
        let rows = store::keys(&self.db, user).await?;
        rows.into_iter()
            .map(|(id, text)| {
                let key = serde_json::from_str(&text).map_err(|error| Error::Stored(error.to_string()))?;
                Ok((id, key))
            })
            .collect()
    }
}

fn to_text(key: &Passkey) -> Result<String, Error> {
    serde_json::to_string(key).map_err(|error| Error::Stored(error.to_string()))
}

fn credential_id(key: &Passkey) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(key.cred_id())
}

/// The site as passkeys know it: its host, and the origin of its pages.
fn relying_party(public_url: &str) -> Option<Webauthn> {
    let url = Url::parse(public_url).ok()?;
    let host = url.domain()?.to_owned();
    let built = WebauthnBuilder::new(&host, &url).and_then(|builder| builder.timeout(PATIENCE).build());
    built
        .inspect_err(|error| tracing::warn!("passkeys can't be used at {public_url}: {error}"))
        .ok()
}

impl Subsystem for Passkeys {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_an_address_with_a_name() {
        for (address, possible) in [
            ("https://example.org", true),
            ("http://localhost:3000", true),
            ("https://example.org/site", true),
            ("http://127.0.0.1:3000", false),
            ("", false),
            ("nonsense", false),
        ] {
            assert_eq!(relying_party(address).is_some(), possible, "{address}");
        }
    }
}
