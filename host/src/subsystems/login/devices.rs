//! Browsers from which somebody has signed in before: their failures count for themselves, so that nobody else can lock
//! their owner out.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};

use super::attempts::Key;
use super::{Error, Logins, store};
use crate::subsystems::session::{Cookie, digest};
use crate::subsystems::user::{self, User};

/// How long a browser is known after somebody has signed in with it.
const DEVICE: Duration = Duration::from_secs(180 * 24 * 60 * 60);

impl Logins {
    /// Whose failures are counted together: those with a browser from which the account has signed in before count
    /// for themselves, so that nobody else can lock its owner out.
    pub(super) async fn key(
        &self,
        headers: &HeaderMap,
        secure: bool,
        name: &str,
        known: Option<&(uuid::Uuid, Option<String>, bool)>,
    ) -> Result<Key, Error> {
        if let (Some(device), Some((user, ..))) = (device(headers, secure), known) {
            let since = self.parts.clock.now().minus(DEVICE);
            if store::knows(&self.parts.db, &device, *user, since).await? {
                return Ok(Key::new("device", &format!("{device} {user}")));
            }
        }
        Ok(Key::new("name", &user::name_key(name)))
    }

    /// Has a browser known from now on; with the cookie that it gets, if it had none.
    pub(super) async fn remember_device(
        &self,
        headers: &HeaderMap,
        secure: bool,
        user: &User,
    ) -> Result<Option<HeaderValue>, Error> {
        let now = self.parts.clock.now();
        if let Some(known) = device(headers, secure) {
            store::remember(&self.parts.db, &known, user.id, now).await?;
            return Ok(None);
        }
        let (secret, digest) = self.parts.sessions.secret()?;
        store::remember(&self.parts.db, &digest, user.id, now).await?;
        Ok(Some(Cookie::Device.set(&secret, secure, Some(DEVICE))))
    }
}

fn device(headers: &HeaderMap, secure: bool) -> Option<String> {
    Cookie::Device.read(headers, secure).and_then(digest)
}
