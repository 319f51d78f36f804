//! What is asked after the password: a code, a recovery code or a passkey; or to set codes up.

use axum::Router;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::get;

use super::{Attempt, SECOND, SET_UP, destination, pending};
use crate::request::{SignInState, Tone};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::two_factor::{Error as CodeError, Proof};
use crate::subsystems::{Cx, Session, Site, login, two_factor};
use crate::web::Error;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(SECOND, get(second).post(second))
        .route(SET_UP, get(set_up).post(set_up))
}

async fn second(session: Cx, headers: HeaderMap, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &Second { headers }, submission).await
}

async fn set_up(session: Cx, headers: HeaderMap, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &SetUp { headers }, submission).await
}

/// Ends the sign-in: the session gets its user and another secret.
async fn finish(cx: &Session, headers: &HeaderMap, to: String) -> Result<Outcome, Error> {
    let signed_in = cx.services().logins.finish(cx, headers).await?;
    let mut outcome = Outcome::redirect(to);
    for cookie in signed_in.cookies {
        outcome = outcome.header(header::SET_COOKIE, cookie);
    }
    Ok(outcome)
}

struct Second {
    headers: HeaderMap,
}

impl Handler for Second {
    fn id(&self) -> &str {
        "second-factor"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let user = pending(cx).await?;
        let services = cx.services();
        let has_codes = services.two_factor.is_on(user.id).await?;
        let has_keys = services.passkeys.are_possible() && !services.passkeys.list(user.id).await?.is_empty();
        let mut form = Form::new("One more step");
        if has_codes {
            form = form
                .with(Element::note(
                    "what",
                    "Give the code that your authenticator app shows, or one of your recovery codes.",
                ))
                .with(
                    Element::text("code", "Code")
                        .required()
                        .protected()
                        .max_length(64)
                        .autocomplete("one-time-code"),
                );
        }
        if has_keys {
            let button = super::keys::button(cx, "check", &destination(cx), "Use a passkey");
            form = form.with(Element::markup("key", button));
        }
        let mut actions = Element::actions();
        if has_codes {
            actions = actions.with(Element::submit("go", "Log in"));
        }
        Ok(form.with(actions.with(Element::link("cancel", "Cancel", "/user/logout"))))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let user = pending(cx).await?;
        let attempt = match Attempt::begin(cx, "second-factor", user.id).await {
            Ok(attempt) => attempt,
            Err(error @ login::Error::Locked { .. }) => {
                return Ok(Outcome::invalid("code", error.to_string()));
            }
            Err(error) => return Err(error.into()),
        };
        match cx.services().two_factor.check(user.id, values.text("code")).await {
            Ok(proof) => {
                attempt.right(cx).await?;
                let outcome = finish(cx, &self.headers, destination(cx)).await?;
                Ok(match proof {
                    Proof::Code => outcome,
                    Proof::Recovery(left) => outcome.say(
                        Tone::Warning,
                        &format!("You have used a recovery code; {left} are left."),
                    ),
                })
            }
            Err(error @ CodeError::Wrong) => Ok(Outcome::invalid("code", error.to_string())),
            Err(error) => Err(error.into()),
        }
    }
}

/// Somebody has to have a second factor and has none yet.
struct SetUp {
    headers: HeaderMap,
}

impl Handler for SetUp {
    fn id(&self) -> &str {
        "second-factor-set-up"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let user = pending(cx).await?;
        let services = cx.services();
        // Whoever has a second factor shows it, and does not replace it.
        let state = cx.request().session.as_ref().map(|session| session.state);
        if state != Some(SignInState::Pending) || services.two_factor.is_on(user.id).await? {
            return Err(Error::NotFound);
        }
        let has_keys = services.passkeys.are_possible() && !services.passkeys.list(user.id).await?.is_empty();
        if has_keys {
            return Err(Error::NotFound);
        }
        let made = services.two_factor.begin(user.id, &user.name).await?;
        let form = Form::new("Set up codes").with(Element::note(
            "why",
            "Your account needs a second factor. Set it up now; from then on a code is asked for after the password.",
        ));
        let form = super::codes::steps(cx, form, &made);
        Ok(form.with(Element::actions().with(Element::submit("go", "Confirm and log in"))))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let user = pending(cx).await?;
        match cx
            .services()
            .two_factor
            .confirm(user.id, values.text("code"))
            .await
        {
            Ok(_) => {
                let security = &cx.services().security;
                security
                    .note(cx, &user, "two-factor.on", "codes were set up")
                    .await?;
                let outcome = finish(cx, &self.headers, super::codes::RECOVERY.to_owned()).await?;
                Ok(
                    outcome
                        .message("Codes are set up. Make recovery codes now, for when your phone is gone."),
                )
            }
            Err(error @ (two_factor::Error::Wrong | two_factor::Error::NotBegun)) => {
                Ok(Outcome::invalid("code", error.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }
}
