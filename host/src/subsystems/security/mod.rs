//! How people protect their accounts: what is asked after the password, and the pages where codes, passkeys and access
//! tokens are set up.
//!
//! What a code or a key is worth, and what a token may do, is decided by their own services.

mod admin;
mod again;
mod codes;
mod keys;
mod overview;
mod second;
mod tokens;

pub(in crate::subsystems) use tokens::{scopes, shown as shown_once};

use std::sync::Arc;

use axum::http::HeaderMap;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::audit::{Audit, Entry};
use super::login::{self, Key, SecondStep};
use super::mail::{Mail, Recipient, Template};
use super::passkey::Passkeys;
use super::two_factor::TwoFactor;
use super::user::{Proof, User};
use super::{Session, Subsystem};
use crate::db;
use crate::request::SignInState;
use crate::web::Error;

/// The page of an account's protection.
pub const PAGE: &str = "/user/security";
const SECOND: &str = "/user/login/second";
const SET_UP: &str = "/user/login/set-up";

/// What protecting accounts is made of.
pub struct Parts {
    /// Codes.
    pub two_factor: Arc<TwoFactor>,
    /// Keys.
    pub passkeys: Arc<Passkeys>,
    /// What tells people of changes.
    pub mail: Arc<Mail>,
    /// Where changes are recorded.
    pub audit: Arc<Audit>,
}

/// How people protect their accounts.
pub struct Security {
    parts: Parts,
}

impl Security {
    /// The service.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { parts }
    }

    /// The page that asks for more after the password. Who has codes is asked for one; who has to have a second
    /// factor is asked for a code or a key, or has to set codes up.
    async fn next(&self, user: &User) -> db::Result<Option<&'static str>> {
        let Parts {
            two_factor, passkeys, ..
        } = &self.parts;
        if two_factor.is_on(user.id).await? {
            return Ok(Some(SECOND));
        }
        if !two_factor.requirement().holds_for(&user.roles) {
            return Ok(None);
        }
        let has_keys = passkeys.are_possible() && !passkeys.list(user.id).await?.is_empty();
        Ok(Some(if has_keys { SECOND } else { SET_UP }))
    }

    /// Records a change and tells the owner of the account by mail.
    async fn note(&self, cx: &Session, user: &User, action: &'static str, change: &str) -> Result<(), Error> {
        let entry = Entry::new(action).on("user", user.id, &user.name);
        self.parts.audit.record(cx.request(), entry).await?;
        let Some(address) = &user.mail else { return Ok(()) };
        let to = Recipient {
            name: Some(user.name.clone()),
            address: address.clone(),
        };
        let name = &user.name;
        let values = minijinja::context! { user => minijinja::context! { name }, change };
        let mail = &self.parts.mail;
        let posted = match mail.write(&Template::SECURITY_CHANGE, to, values) {
            Ok(letter) => mail.post(&letter).await,
            Err(error) => Err(error),
        };
        if let Err(error) = posted {
            tracing::warn!("somebody can't be told of a change of their account: {error}");
        }
        Ok(())
    }
}

impl SecondStep for Security {
    fn page<'a>(&'a self, user: &'a User) -> BoxFuture<'a, db::Result<Option<&'static str>>> {
        Box::pin(self.next(user))
    }
}

/// Who has signed in with this browser. A token is no browser: it sets nothing up.
async fn owner(cx: &Session) -> Result<User, Error> {
    let request = cx.request();
    let signed_in = request
        .session
        .as_ref()
        .filter(|session| session.state != SignInState::Pending && session.user == request.account.id);
    let id = signed_in.map(|session| session.user).ok_or(Error::Denied)?;
    cx.services().users.load(id).await?.ok_or(Error::Denied)
}

/// Whose password was right in this browser a moment ago.
async fn pending(cx: &Session) -> Result<User, Error> {
    let waits = cx
        .request()
        .session
        .as_ref()
        .filter(|session| session.state == SignInState::Pending);
    let id = waits
        .map(|session| session.user)
        .ok_or_else(|| Error::from(login::Error::Expired))?;
    cx.services()
        .users
        .load(id)
        .await?
        .ok_or_else(|| login::Error::Expired.into())
}

/// Counts an attempt at something that can be guessed. What was right is forgotten by [`Attempt::right`].
struct Attempt(Key);

impl Attempt {
    async fn begin(cx: &Session, kind: &str, user: Uuid) -> Result<Self, login::Error> {
        let key = Key::new(kind, &user.to_string());
        match cx.services().logins.attempts().begin(&key).await? {
            Ok(_) => Ok(Self(key)),
            Err(until) => Err(login::Error::Locked { until }),
        }
    }

    async fn right(self, cx: &Session) -> Result<(), Error> {
        Ok(cx.services().logins.attempts().clear(&self.0).await?)
    }
}

/// Whether this is the password of an account; an account without one has none to give.
async fn is_password(cx: &Session, user: &User, password: &str) -> Result<bool, login::Error> {
    match cx.services().users.prove(user.id, password.to_owned()).await? {
        Proof::Right => Ok(true),
        Proof::Wrong => Ok(false),
        Proof::Locked(until) => Err(login::Error::Locked { until }),
    }
}

/// Whether whoever asks has shown a moment ago who they are: by signing in, or by their password once more.
fn is_recent(cx: &Session) -> bool {
    let confirmed = cx.request().session.as_ref().map(|session| session.confirmed);
    confirmed.is_some_and(|at| cx.services().sessions.is_recent(at))
}

/// Where somebody goes on after signing in.
fn destination(cx: &Session) -> String {
    let asked = cx.request().query("destination").and_then(login::local);
    asked.unwrap_or("/").to_owned()
}

/// The key of the browser that a ceremony is begun with.
fn browser(cx: &Session) -> Result<&str, Error> {
    cx.request().binding.key().ok_or(Error::Foreign)
}

/// The button that signs in by a passkey; none where the site can't have passkeys.
#[must_use]
pub fn sign_in_button(cx: &Session, destination: &str) -> Option<super::theme::SafeHtml> {
    let possible = cx.services().passkeys.are_possible();
    possible.then(|| keys::button(cx, "sign-in", destination, "Log in with a passkey"))
}

/// Headers that set cookies.
fn cookies(set: Vec<axum::http::HeaderValue>) -> HeaderMap {
    set.into_iter()
        .map(|cookie| (axum::http::header::SET_COOKIE, cookie))
        .collect()
}

impl Subsystem for Security {
    fn routes() -> axum::Router<super::Site> {
        axum::Router::new()
            .merge(overview::routes())
            .merge(again::routes())
            .merge(codes::routes())
            .merge(keys::routes())
            .merge(second::routes())
            .merge(tokens::routes())
    }

    fn admin_pages() -> Vec<super::admin::AdminPage> {
        admin::pages()
    }
}
