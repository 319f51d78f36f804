//! The pages for signing in and out.

use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};

use super::{Credentials, Error, WINDOW, local};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::theme::LogOut;
use crate::subsystems::{Cx, Session, Site, security};
use crate::web::{self, Overrun, Page};

/// The page for signing in.
pub const PAGE: &str = "/user/login";

/// The name of the form that logs somebody out.
const LOG_OUT: &str = "user_logout";

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(PAGE, get(sign_in).post(sign_in))
        .route("/user/logout", get(sign_out).post(sign_out))
}

/// The address of the page for signing in, from where somebody comes back to a path.
#[must_use]
pub fn login_href(back: &str) -> String {
    match local(back) {
        Some("/") | None => PAGE.to_owned(),
        Some(back) => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("destination", back)
                .finish();
            format!("{PAGE}?{query}")
        }
    }
}

/// What logs somebody out from any page: a button for those who have logged in with this browser, for others the
/// address of the page that asks.
///
/// # Errors
/// There is no randomness.
pub fn log_out(cx: &Session) -> Result<LogOut, web::Error> {
    let has_session = cx.request().session.is_some();
    let hidden = has_session.then(|| form::fields(cx, LOG_OUT)).transpose()?;
    Ok(LogOut {
        href: "/user/logout".to_owned(),
        hidden: hidden.unwrap_or_default(),
    })
}

fn destination(cx: &Session) -> &str {
    cx.request().query("destination").and_then(local).unwrap_or("/")
}

async fn sign_in(
    session: Cx,
    headers: HeaderMap,
    overrun: Option<Extension<Overrun>>,
    submission: Submission,
) -> Result<Response, web::Error> {
    if !session.request().account.id.is_nil() {
        return Ok(Redirect::to(destination(&session)).into_response());
    }
    let form = SignIn {
        headers,
        is_overrun: overrun.is_some(),
        refused: Mutex::new(None),
    };
    let answered = form::answer(&session, &form, submission).await;
    let refused = *form.refused.lock().unwrap_or_else(PoisonError::into_inner);
    if let (Some(Extension(Overrun(wait))), None) = (overrun, refused) {
        return Err(web::Error::TooMany(wait));
    }
    let mut response = answered?;
    if let Some(status) = refused {
        *response.status_mut() = status;
        if let Some(page) = response.extensions_mut().get_mut::<Page>() {
            page.status = status;
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            let after = HeaderValue::from(WINDOW.as_secs());
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
    }
    Ok(response)
}

/// The form for signing in.
struct SignIn {
    headers: HeaderMap,
    /// Whether whoever asks does so too often: then nobody is signed in.
    is_overrun: bool,
    /// What a refusal is answered with.
    refused: Mutex<Option<StatusCode>>,
}

impl SignIn {
    fn refuse(&self, status: StatusCode, error: &Error) -> Outcome {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(status);
        Outcome::invalid("", error.to_string())
    }
}

impl Handler for SignIn {
    fn id(&self) -> &str {
        "user_login"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, web::Error> {
        let actions = Element::actions()
            .with(Element::submit("log_in", "Log in"))
            .with(Element::link(
                "forgotten",
                "Forgotten your password?",
                "/user/password-reset",
            ));
        let mut form = Form::new("Log in");
        if let Some(button) = security::sign_in_button(cx, destination(cx)) {
            form = form.with(Element::markup("passkey", button).weight(100));
        }
        Ok(form
            .repeatable()
            .with(
                Element::text("name", "Name")
                    .required()
                    .autocomplete("username webauthn"),
            )
            .with(
                Element::password("password", "Password")
                    .required()
                    .autocomplete("current-password"),
            )
            .with(
                Element::checkbox("remember", "Remember me")
                    .help("Stay logged in for 30 days on this device. Not on one that you share."),
            )
            .with(actions))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, web::Error> {
        let credentials = Credentials {
            name: values.text("name").to_owned(),
            password: values.text("password").to_owned(),
            remember: values.flag("remember"),
        };
        let logins = &cx.services().logins;
        if self.is_overrun {
            return Ok(match logins.locked(cx, &self.headers, &credentials.name).await? {
                Some(until) => self.refuse(StatusCode::TOO_MANY_REQUESTS, &Error::Locked { until }),
                // The error page says the rest.
                None => Outcome::invalid("", ""),
            });
        }
        match logins.sign_in(cx, &self.headers, credentials).await {
            Ok(signed_in) => {
                let to = match signed_in.next {
                    Some(page) => login_href(destination(cx)).replacen(PAGE, page, 1),
                    None => destination(cx).to_owned(),
                };
                let done = Outcome::redirect(to);
                Ok(signed_in
                    .cookies
                    .into_iter()
                    .fold(done, |done, cookie| done.header(header::SET_COOKIE, cookie)))
            }
            Err(error @ Error::Wrong) => Ok(self.refuse(StatusCode::UNAUTHORIZED, &error)),
            Err(error @ Error::Locked { .. }) => Ok(self.refuse(StatusCode::TOO_MANY_REQUESTS, &error)),
            Err(error) => Err(error.into()),
        }
    }
}

async fn sign_out(session: Cx, submission: Submission) -> Result<Response, web::Error> {
    if session.request().session.is_none() {
        return Ok(Redirect::to("/").into_response());
    }
    form::answer(&session, &SignOut, submission).await
}

/// The question whether somebody wants to sign out: a link alone can be put into a page by anybody.
struct SignOut;

impl Handler for SignOut {
    fn id(&self) -> &str {
        LOG_OUT
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, web::Error> {
        let actions = Element::actions()
            .with(Element::submit("log_out", "Log out"))
            .with(Element::link("stay", "Stay", "/"));
        Ok(Form::new("Log out")
            .with(Element::note("what", "This ends your session on this device."))
            .with(actions))
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut State) -> Result<Outcome, web::Error> {
        let cookies = cx.services().logins.sign_out(cx).await?;
        let done = Outcome::redirect("/").message("You are logged out.");
        Ok(cookies
            .into_iter()
            .fold(done, |done, cookie| done.header(header::SET_COOKIE, cookie)))
    }
}
