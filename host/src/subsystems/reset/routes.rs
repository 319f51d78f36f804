//! The pages: asking for a link, and following it.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::get;

use super::Error;
use crate::request::Tone;
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::{Cx, Session, Site, user};
use crate::web;

const ASK: &str = "/user/password-reset";
const SENT: &str = "If an account has this e-mail address, a link to choose a new password is on its way to it. It works \
                    once and for an hour.";

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(ASK, get(ask).post(ask))
        .route("/user/password-reset/{token}", get(follow).post(follow))
}

async fn ask(session: Cx, submission: Submission) -> Result<Response, web::Error> {
    form::answer(&session, &Ask, submission).await
}

/// The address of this page is a secret, so no other site is told of it, and nobody keeps the page.
async fn follow(
    session: Cx,
    Path(token): Path<String>,
    submission: Submission,
) -> Result<Response, web::Error> {
    let mut response = form::answer(&session, &Choose { token }, submission).await?;
    let headers = response.headers_mut();
    // With `no-referrer` browsers would not even tell this site where the form comes from: they send `Origin: null`
    // (Fetch, 3.2).
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

struct Ask;

impl Handler for Ask {
    fn id(&self) -> &str {
        "password-reset"
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, web::Error> {
        Ok(Form::new("Choose a new password")
            .with(Element::note(
                "what",
                "Give the e-mail address of your account, and you get a link by which you can choose a new password.",
            ))
            .with(
                Element::email("mail", "E-mail address")
                    .required()
                    .protected()
                    .autocomplete("email"),
            )
            .with(Element::actions().with(Element::submit("send", "Send the link"))))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, web::Error> {
        match cx.services().resets.ask(cx.request(), values.text("mail")).await {
            Ok(()) => Ok(Outcome::redirect("/user/login").message(SENT)),
            Err(error @ Error::TooMany) => Ok(Outcome::invalid("", error.to_string())),
            Err(error) => Err(error.into()),
        }
    }
}

struct Choose {
    token: String,
}

impl Handler for Choose {
    fn id(&self) -> &str {
        "password-choose"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, web::Error> {
        let form = Form::new("Choose a new password");
        let user = match cx.services().resets.find(&self.token).await {
            Ok(user) => user,
            Err(error @ Error::Void) => {
                return Ok(form
                    .with(Element::note("void", error.to_string()))
                    .with(Element::actions().with(Element::link("again", "Ask for another link", ASK))));
            }
            Err(error) => return Err(error.into()),
        };
        Ok(form
            .with(Element::note(
                "what",
                format!("A new password for the account {}.", user.name),
            ))
            .with(
                Element::password("password", "New password")
                    .required()
                    .protected()
                    .new_password(),
            )
            .with(Element::actions().with(Element::submit("save", "Save the password"))))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, web::Error> {
        let password = values.text("password").to_owned();
        match cx.services().resets.finish(cx, &self.token, password).await {
            Ok(_) => Ok(Outcome::redirect("/user/login").message("The new password is set. Log in with it.")),
            Err(error @ Error::Void) => Ok(Outcome::redirect(ASK).say(Tone::Error, &error.to_string())),
            Err(Error::User(user::Error::Invalid(problems))) => Ok(Outcome::Invalid(invalid(problems))),
            Err(error) => Err(error.into()),
        }
    }
}

/// What is wrong with the password, as the form shows it.
fn invalid(problems: Vec<crate::subsystems::item::FieldError>) -> form::Errors {
    let mut errors = form::Errors::default();
    for problem in problems {
        errors.add(problem.path, problem.message);
    }
    errors
}
