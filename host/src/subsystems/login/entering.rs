//! Being let in, once somebody has shown who they are: the session, the known browser, the audit, the plugins.

use axum::http::{HeaderMap, HeaderValue, header};

use super::{Error, Logins, Parts, SignedIn};
use crate::request::SignInState;
use crate::subsystems::Session;
use crate::subsystems::audit::Entry;
use crate::subsystems::session::Opening;
use crate::subsystems::user::{self, User};
use crate::taps;

impl Logins {
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
    pub(super) async fn let_in(
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

    /// Opens a session in the place of the one that the browser brings.
    pub(super) async fn open(
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
