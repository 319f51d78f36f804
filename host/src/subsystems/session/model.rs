//! Sessions as the services know them.

use std::time::Duration;

use axum::http::HeaderValue;
use uuid::Uuid;

use crate::request::{Account, SignIn, SignInState};
use crate::time::Timestamp;
use std::sync::Arc;

/// How long a session lasts without being used.
pub const IDLE: Duration = Duration::from_secs(24 * 60 * 60);
/// The same for those that outlive the browser.
pub const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long there is for the second factor.
pub const PENDING: Duration = Duration::from_secs(10 * 60);

/// How long a session lasts from its last use.
pub(super) fn lasts(state: SignInState, remember: bool) -> Duration {
    match (state, remember) {
        (SignInState::Pending, _) => PENDING,
        (_, true) => REMEMBERED,
        (_, false) => IDLE,
    }
}

/// How the state is stored.
pub(super) fn state_name(state: SignInState) -> &'static str {
    match state {
        SignInState::Pending => "pending",
        SignInState::Open => "open",
        SignInState::Verified => "verified",
    }
}

pub(super) fn state_named(name: &str) -> SignInState {
    match name {
        "open" => SignInState::Open,
        "verified" => SignInState::Verified,
        _ => SignInState::Pending,
    }
}

/// Who asks, as a session says.
#[derive(Clone, Debug)]
pub struct Resumed {
    /// Who asks; a visitor while the second factor is missing.
    pub account: Account,
    /// The session.
    pub session: Arc<SignIn>,
    /// The language that the user has chosen.
    pub language: Option<Arc<str>>,
    /// The cookie with the session's new secret, if it got one.
    pub cookie: Option<HeaderValue>,
}

/// A session in the list that its owner sees.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Listed {
    /// What it is called.
    pub id: Uuid,
    /// When somebody signed in.
    pub created: Timestamp,
    /// When it was last used, to the minute.
    pub last_used: Timestamp,
    /// When it ends unless it is used.
    pub expires: Timestamp,
    /// Whether it outlives the browser.
    pub remember: bool,
    /// The address that signed in.
    pub address: String,
    /// The browser that signed in, as it calls itself.
    pub agent: String,
}

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// Who signs in.
    pub user: Uuid,
    /// How far they have come.
    pub state: SignInState,
    /// Whether the session outlives the browser.
    pub remember: bool,
    /// The browser, as it calls itself.
    pub agent: &'a str,
}
