//! Signing in and out: by name and password, with what comes after, and what keeps guessers out.

mod attempts;
mod destination;
mod devices;
mod entering;
mod error;
mod routes;
mod store;

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue};
use futures_util::future::BoxFuture;

use super::audit::{Audit, Entry};
use super::counter::Counters;
use super::session::{Cookie, Sessions};
use super::user::{self, User, Users};
use super::{Session, Subsystem};
use crate::db::{self, Db};
use crate::request::{SignIn, SignInState};
use crate::taps;
use crate::time::{Clock, Timestamp};

pub use attempts::{Attempts, Key, LIMIT, WINDOW};
pub use destination::local;
pub use error::Error;
pub use routes::{PAGE, log_out, login_href};

/// Bytes of a name or password beyond which nothing is looked up.
const INPUT_LIMIT: usize = 1024;

/// Something that is asked after the password, such as a code.
pub trait SecondStep: Send + Sync {
    /// The path of the page that asks this user, if it has to. That page finishes with [`Logins::finish`].
    fn page<'a>(&'a self, user: &'a User) -> BoxFuture<'a, db::Result<Option<&'static str>>>;
}

/// What signing in is made of.
pub struct Parts {
    /// Where known browsers are kept.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// What counts failures on all nodes.
    pub counters: Arc<Counters>,
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
        let attempts = Attempts::new(parts.counters.clone(), parts.clock.clone());
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
        self.after_the_password(session, headers, user, remember).await
    }

    /// Somebody whose password was right is let in, or led on to what else is asked.
    async fn after_the_password(
        &self,
        session: &Session,
        headers: &HeaderMap,
        user: User,
        remember: bool,
    ) -> Result<SignedIn, Error> {
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

    /// Until when nobody is signed in by a name from this browser, if so. Nothing is counted.
    ///
    /// # Errors
    /// The database failed.
    pub async fn locked(
        &self,
        session: &Session,
        headers: &HeaderMap,
        name: &str,
    ) -> Result<Option<Timestamp>, Error> {
        if name.len() > INPUT_LIMIT {
            return Ok(None);
        }
        let known = self.parts.users.credentials(name).await?;
        let key = self
            .key(headers, session.request().is_secure, name, known.as_ref())
            .await?;
        Ok(self.attempts.locked(&key).await?)
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
