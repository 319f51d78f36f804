//! Signing in and out: by name and password, with what comes after, and what keeps guessers out.

mod attempts;
mod destination;
mod error;
mod routes;
mod store;

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use futures_util::future::BoxFuture;

use super::audit::{Audit, Entry};
use super::session::{Cookie, Opening, Sessions, digest};
use super::user::{self, User, Users};
use super::{Session, Subsystem};
use crate::db::{self, Db};
use crate::request::{SignIn, SignInState};
use crate::taps;
use crate::time::Clock;

pub use attempts::{Attempts, Key, LIMIT, WINDOW};
pub use destination::local;
pub use error::Error;
pub use routes::{log_out, login_href};

/// How long a browser is known after somebody has signed in with it.
const DEVICE: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// Bytes of a name or password beyond which nothing is looked up.
const INPUT_LIMIT: usize = 1024;

/// Something that is asked after the password, such as a code.
pub trait SecondStep: Send + Sync {
    /// The path of the page that asks this user, if it has to. That page finishes with [`Logins::finish`].
    fn page<'a>(&'a self, user: &'a User) -> BoxFuture<'a, db::Result<Option<&'static str>>>;
}

/// What signing in is made of.
pub struct Parts {
    /// Where failures are counted.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Who may sign in.
    pub users: Arc<Users>,
    /// What signing in opens.
    pub sessions: Arc<Sessions>,
    /// Where it is recorded.
    pub audit: Arc<Audit>,
    /// What is asked after the password, in this order, until one asks.
    pub steps: Vec<Arc<dyn SecondStep>>,
}

/// Signing in and out.
pub struct Logins {
    parts: Parts,
    attempts: Attempts,
}

/// What somebody gives to sign in.
#[derive(Clone)]
pub struct Credentials {
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
    /// Whether the session is to outlive the browser.
    pub remember: bool,
}

/// Somebody whose password was right.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The cookies that the browser gets.
    pub cookies: Vec<HeaderValue>,
    /// The page that asks for more before anybody is signed in.
    pub next: Option<&'static str>,
}

impl Logins {
    /// The service.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let attempts = Attempts::new(parts.db.clone(), parts.clock.clone());
        Self { parts, attempts }
    }

    /// The counts of failures, for what else is guessed.
    #[must_use]
    pub fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    /// Signs somebody in by name and password. Wrong names and wrong passwords take the same steps, and so as long.
    ///
    /// # Errors
    /// [`Error::Wrong`], [`Error::Locked`], or [`user::Error::Busy`] where too many are signing in.
    #[tracing::instrument(name = "login.sign-in", level = "debug", skip_all)]
    pub async fn sign_in(
        &self,
        session: &Session,
        headers: &HeaderMap,
        credentials: Credentials,
    ) -> Result<SignedIn, Error> {
        let users = &self.parts.users;
        let request = session.request();
        let Credentials {
            name,
            password,
            remember,
        } = within_limits(credentials);
        let known = users.credentials(&name).await?;
        let key = self
            .key(headers, request.is_secure, &name, known.as_ref())
            .await?;
        if let Some(until) = self.attempts.locked(&key).await? {
            return Err(Error::Locked { until });
        }
        let turn = users.hasher().turn().await?;
        let locks = match self.attempts.begin(&key).await? {
            Ok(locks) => locks,
            Err(until) => return Err(Error::Locked { until }),
        };
        let hash = known.as_ref().and_then(|(_, hash, _)| hash.clone());
        let right = users
            .hasher()
            .verify(turn, password.clone(), hash.clone())
            .await?;
        let Some((id, hash)) = known
            .as_ref()
            .filter(|(.., active)| right && *active)
            .and_then(|(id, ..)| Some((*id, hash?)))
        else {
            self.failed(session, known.map(|(id, ..)| (id, name)), locks)
                .await?;
            return Err(Error::Wrong);
        };
        self.attempts.clear(&key).await?;
        if users.hasher().is_outdated(&hash) {
            self.rehash(id, &hash, password).await?;
        }
        let user = users.load(id).await?.ok_or(Error::Wrong)?;
        for step in &self.parts.steps {
            if let Some(page) = step.page(&user).await? {
                let cookie = self
                    .open(session, headers, &user, SignInState::Pending, remember)
                    .await?;
                let cookies = vec![cookie];
                return Ok(SignedIn {
                    user,
                    cookies,
                    next: Some(page),
                });
            }
        }
        let cookie = self
            .open(session, headers, &user, SignInState::Open, remember)
            .await?;
        self.let_in(session, headers, user, cookie, None).await
    }

    /// Finishes a sign-in after the second factor: the session gets another secret and its user.
    ///
    /// # Errors
    /// [`Error::Expired`] where no sign-in waits for that.
    pub async fn finish(&self, session: &Session, headers: &HeaderMap) -> Result<SignedIn, Error> {
        let Parts { users, sessions, .. } = &self.parts;
        let request = session.request();
        let pending = request
            .session
            .as_ref()
            .filter(|session| session.state == SignInState::Pending)
            .ok_or(Error::Expired)?;
        let user = users.load(pending.user).await?.ok_or(Error::Expired)?;
        let cookie = sessions
            .renew(pending, SignInState::Verified, request.is_secure)
            .await?
            .ok_or(Error::Expired)?;
        self.let_in(session, headers, user, cookie, Some("second-factor"))
            .await
    }

    /// Signs somebody in who has shown otherwise who they are, by both factors at once: a passkey.
    ///
    /// # Errors
    /// [`Error::Wrong`] for an account that may not sign in.
    #[tracing::instrument(name = "login.enter", level = "debug", skip_all)]
    pub async fn enter(
        &self,
        session: &Session,
        headers: &HeaderMap,
        user: uuid::Uuid,
        remember: bool,
    ) -> Result<SignedIn, Error> {
        let users = &self.parts.users;
        let user = users.load(user).await?.filter(|user| user.active);
        let user = user.ok_or(Error::Wrong)?;
        let cookie = self
            .open(session, headers, &user, SignInState::Verified, remember)
            .await?;
        self.let_in(session, headers, user, cookie, Some("passkey")).await
    }

    /// The end of every way to sign in: the device is remembered, the audit told, plugins too.
    async fn let_in(
        &self,
        session: &Session,
        headers: &HeaderMap,
        user: User,
        cookie: HeaderValue,
        shown: Option<&'static str>,
    ) -> Result<SignedIn, Error> {
        let request = session.request();
        let mut cookies = vec![cookie];
        cookies.extend(self.remember_device(headers, request.is_secure, &user).await?);
        let mut entry = Entry::new("login")
            .by(user.id, &user.name)
            .on("user", user.id, &user.name);
        if let Some(shown) = shown {
            entry = entry.with(shown, true);
        }
        self.parts.audit.record(request, entry).await?;
        let user = self.welcome(session, user).await?;
        Ok(SignedIn {
            user,
            cookies,
            next: None,
        })
    }

    /// Signs out whoever asks.
    ///
    /// # Returns
    /// The cookies that the browser gets.
    ///
    /// # Errors
    /// The database failed.
    #[tracing::instrument(name = "login.sign-out", level = "debug", skip_all)]
    pub async fn sign_out(&self, session: &Session) -> Result<Vec<HeaderValue>, Error> {
        let Parts {
            users,
            sessions,
            audit,
            ..
        } = &self.parts;
        let request = session.request();
        let cookies = vec![Cookie::Session.clear(request.is_secure)];
        let Some(own) = request.session.clone() else {
            return Ok(cookies);
        };
        sessions.end(own.user, own.id).await?;
        if own.state == SignInState::Pending {
            return Ok(cookies);
        }
        if let Some(user) = users.load(own.user).await? {
            let entry = Entry::new("logout").on("user", user.id, &user.name);
            audit.record(request, entry).await?;
            user::tell::<taps::UserLogout>(session, &user).await;
        }
        Ok(cookies)
    }

    /// Another secret for the session of whoever asks, after something that only they should be able to do.
    ///
    /// # Errors
    /// The database failed.
    pub async fn renew(&self, session: &SignIn, secure: bool) -> Result<Option<HeaderValue>, Error> {
        Ok(self.parts.sessions.renew(session, session.state, secure).await?)
    }

    /// Whose failures are counted together: those with a browser from which the account has signed in before count
    /// for themselves, so that nobody else can lock its owner out.
    async fn key(
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

    async fn failed(
        &self,
        session: &Session,
        whom: Option<(uuid::Uuid, String)>,
        locks: bool,
    ) -> Result<(), Error> {
        let action = if locks { "login.locked" } else { "login.failed" };
        let entry = match whom {
            Some((id, name)) => Entry::new(action).on("user", id, name),
            None => Entry::new(action),
        };
        Ok(self.parts.audit.record(session.request(), entry).await?)
    }

    /// The same password at the present cost; another time where nobody has time for it now.
    async fn rehash(&self, id: uuid::Uuid, old: &str, password: String) -> Result<(), Error> {
        match self.parts.users.hasher().hash(password).await {
            Ok(new) => Ok(self.parts.users.rehash(id, old, &new).await?),
            Err(user::Error::Busy) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn open(
        &self,
        session: &Session,
        headers: &HeaderMap,
        user: &User,
        state: SignInState,
        remember: bool,
    ) -> Result<HeaderValue, Error> {
        let (sessions, request) = (&self.parts.sessions, session.request());
        sessions.end_presented(headers, request.is_secure).await?;
        let agent = headers
            .get(header::USER_AGENT)
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default();
        let opening = Opening {
            user: user.id,
            state,
            remember,
            agent,
        };
        // None: the account was blocked while its password was looked at.
        sessions.open(request, opening).await?.ok_or(Error::Wrong)
    }

    async fn remember_device(
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

    async fn welcome(&self, session: &Session, user: User) -> Result<User, Error> {
        let now = self.parts.users.note_login(user.id).await?;
        let user = User {
            login: Some(now),
            access: Some(now),
            ..user
        };
        user::tell::<taps::UserLogin>(session, &user).await;
        Ok(user)
    }
}

fn device(headers: &HeaderMap, secure: bool) -> Option<String> {
    Cookie::Device.read(headers, secure).and_then(digest)
}

/// What is longer than anything that is stored is as wrong as anything else, and takes as long.
fn within_limits(given: Credentials) -> Credentials {
    if given.name.len() <= INPUT_LIMIT && given.password.len() <= INPUT_LIMIT {
        return given;
    }
    Credentials {
        name: String::new(),
        password: String::new(),
        remember: false,
    }
}

impl Subsystem for Logins {
    fn routes() -> axum::Router<super::Site> {
        routes::routes()
    }
}
