//! Setting codes up and off, and recovery codes.

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::{PAGE, is_password, owner};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::theme::suggestions;
use crate::subsystems::two_factor::{Enrolment, Error as CodeError};
use crate::subsystems::{Cx, Session, Site, login};
use crate::web::{Error, Page};

const CODES: &str = "/user/security/codes";
const OFF: &str = "/user/security/codes/off";
pub(super) const RECOVERY: &str = "/user/security/recovery-codes";

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(CODES, get(codes).post(codes))
        .route(OFF, get(off).post(off))
        .route(RECOVERY, get(recovery).post(recovery))
}

async fn codes(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &SetUp, submission).await
}

async fn off(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &TurnOff, submission).await
}

async fn recovery(session: Cx, submission: Submission) -> Result<Response, Error> {
    if let Some(first) = super::again::first(&session) {
        return Ok(first);
    }
    form::answer(&session, &Recovery, submission).await
}

/// The elements by which an app gets the secret and gives a code.
pub(super) fn steps(cx: &Session, form: Form, made: &Enrolment) -> Form {
    let names = suggestions::names("two-factor", &[]);
    let variables = minijinja::context! { qr => &made.qr, secret => &made.secret, url => &made.url };
    let picture = cx
        .services()
        .themes
        .render_suggested(&cx.request().theme, &names, variables);
    form.with(Element::markup("picture", picture)).with(
        Element::text("code", "Code that the app shows")
            .required()
            .protected()
            .max_length(16)
            .input_mode("numeric")
            .autocomplete("one-time-code"),
    )
}

/// Codes that are shown this once.
fn shown(cx: &Session, codes: &[String]) -> Outcome {
    let names = suggestions::names("recovery-codes", &[]);
    let variables = minijinja::context! { codes => codes.to_vec(), back => PAGE };
    let content = cx
        .services()
        .themes
        .render_suggested(&cx.request().theme, &names, variables);
    Outcome::Page(Box::new(Page::new("Your recovery codes", content.to_string())))
}

struct SetUp;

impl Handler for SetUp {
    fn id(&self) -> &str {
        "two-factor-set-up"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let user = owner(cx).await?;
        let form = Form::new("Set up codes");
        let made = match cx.services().two_factor.begin(user.id, &user.name).await {
            Ok(made) => made,
            Err(error @ CodeError::AlreadyOn) => {
                let back = Element::actions().with(Element::link("back", "Back", PAGE));
                return Ok(form.with(Element::note("on", error.to_string())).with(back));
            }
            Err(error) => return Err(error.into()),
        };
        let actions = Element::actions()
            .with(Element::submit("confirm", "Confirm"))
            .with(Element::link("cancel", "Cancel", PAGE));
        Ok(steps(cx, form, &made).with(actions))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let user = owner(cx).await?;
        let services = cx.services();
        match services.two_factor.confirm(user.id, values.text("code")).await {
            Ok(codes) => {
                services
                    .security
                    .note(cx, &user, "two-factor.on", "codes were set up")
                    .await?;
                Ok(shown(cx, &codes))
            }
            Err(error @ (CodeError::Wrong | CodeError::NotBegun | CodeError::AlreadyOn)) => {
                Ok(Outcome::invalid("code", error.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }
}

struct TurnOff;

impl Handler for TurnOff {
    fn id(&self) -> &str {
        "two-factor-off"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let user = owner(cx).await?;
        if !cx.services().two_factor.is_on(user.id).await? {
            return Err(Error::NotFound);
        }
        let mut form = Form::new("Turn codes off").with(Element::note(
            "what",
            "Codes are not asked for any more, and your recovery codes are worth nothing.",
        ));
        if cx.services().two_factor.requirement().holds_for(&user.roles) {
            let again = "Your account needs a second factor: the next time that you log in, you have to set it up again.";
            form = form.with(Element::note("required", again));
        }
        let password = Element::password("password", "Your password")
            .required()
            .protected()
            .autocomplete("current-password");
        let actions = Element::actions()
            .with(Element::submit("off", "Turn codes off").danger())
            .with(Element::link("cancel", "Cancel", PAGE));
        Ok(form.with(password).with(actions))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let user = owner(cx).await?;
        if let Some(refused) = refuse(cx, &user, &values).await? {
            return Ok(refused);
        }
        let services = cx.services();
        services.two_factor.remove(user.id).await?;
        services
            .security
            .note(cx, &user, "two-factor.off", "codes were turned off")
            .await?;
        Ok(Outcome::redirect(PAGE).message("Codes are turned off."))
    }
}

/// What is answered to a wrong password.
pub(super) async fn refuse(
    cx: &Session,
    user: &crate::subsystems::user::User,
    values: &Values,
) -> Result<Option<Outcome>, Error> {
    match is_password(cx, user, values.text("password")).await {
        Ok(true) => Ok(None),
        Ok(false) => Ok(Some(Outcome::invalid("password", "This is not your password."))),
        Err(error @ login::Error::Locked { .. }) => Ok(Some(Outcome::invalid("password", error.to_string()))),
        Err(error) => Err(error.into()),
    }
}

struct Recovery;

impl Handler for Recovery {
    fn id(&self) -> &str {
        "recovery-codes"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let user = owner(cx).await?;
        let status = cx.services().two_factor.status(user.id).await?;
        if status.since.is_none() {
            return Err(Error::NotFound);
        }
        let left = format!(
            "A recovery code logs you in once when your phone is gone. You have {} of them. New ones replace all.",
            status.recovery_codes
        );
        let actions = Element::actions()
            .with(Element::submit("make", "Make new recovery codes"))
            .with(Element::link("cancel", "Back", PAGE));
        Ok(Form::new("Recovery codes")
            .with(Element::note("left", left))
            .with(actions))
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut State) -> Result<Outcome, Error> {
        let user = owner(cx).await?;
        let services = cx.services();
        let codes = services.two_factor.regenerate(user.id).await?;
        let change = "new recovery codes were made";
        services
            .security
            .note(cx, &user, "two-factor.recovery", change)
            .await?;
        Ok(shown(cx, &codes))
    }
}
