//! Ceremonies that were begun: what the server has to know when the browser answers. Each is answered once, by the
//! browser that began it, within five minutes.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Error, store};
use crate::db::{self, Db};
use crate::subsystems::random::Random;
use crate::time::Clock;

const LASTS: Duration = Duration::from_secs(5 * 60);

/// What a ceremony is for: the answer to one is none to another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A new key.
    Registration,
    /// Somebody signs in by a key alone.
    SignIn,
    /// A key beside a password.
    Check,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::SignIn => "sign-in",
            Self::Check => "check",
        }
    }
}

/// A ceremony that was begun.
#[derive(Clone, Debug, Serialize)]
pub struct Begun {
    /// Its number, which the answer carries.
    pub ceremony: String,
    /// What the browser is asked, for `navigator.credentials`.
    pub options: Json,
}

pub(super) struct Ceremonies {
    db: Db,
    clock: Clock,
    random: Arc<Random>,
}

impl Ceremonies {
    pub(super) fn new(db: Db, clock: Clock, random: Arc<Random>) -> Self {
        Self { db, clock, random }
    }

    pub(super) async fn begin(
        &self,
        kind: Kind,
        user: Option<Uuid>,
        browser: &str,
        state: &impl Serialize,
        options: &impl Serialize,
    ) -> Result<Begun, Error> {
        let stored = |error: serde_json::Error| Error::Stored(error.to_string());
        let mut number = [0; 24];
        self.random
            .fill(&mut number)
            .map_err(|error| db::Error::Other(error.to_string().into()))?;
        let number = URL_SAFE_NO_PAD.encode(number);
        let now = self.clock.now();
        store::forget_expired(&self.db, now).await?;
        let new = store::Ceremony {
            id: &digest(&number),
            kind: kind.name(),
            user,
            browser: &digest(browser),
            state: &serde_json::to_string(state).map_err(stored)?,
            expires: now.plus(LASTS),
        };
        store::begin(&self.db, &new).await?;
        Ok(Begun {
            ceremony: number,
            options: serde_json::to_value(options).map_err(stored)?,
        })
    }

    pub(super) async fn finish<T: DeserializeOwned>(
        &self,
        kind: Kind,
        user: Option<Uuid>,
        browser: &str,
        number: &str,
    ) -> Result<T, Error> {
        let taken = store::take(&self.db, &digest(number))
            .await?
            .ok_or(Error::Expired)?;
        let fits = taken.kind == kind.name()
            && taken.user_id == user
            && taken.browser == digest(browser)
            && taken.expires > self.clock.now();
        if !fits {
            return Err(Error::Expired);
        }
        serde_json::from_str(&taken.state).map_err(|error| Error::Stored(error.to_string()))
    }
}

/// What a browser has sent.
pub(super) fn answer<T: DeserializeOwned>(answer: Json) -> Result<T, Error> {
    serde_json::from_value(answer).map_err(|_| Error::Answer)
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
