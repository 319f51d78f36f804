//! The page that a link leads to. A button confirms, as programs that read mail follow links.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::get;

use crate::request::Tone;
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::user::Error;
use crate::subsystems::{Cx, Session, Site};
use crate::web;

const VOID: &str = "This link does not work any more. A link works once and for a day.";

pub(in super::super) fn routes() -> Router<Site> {
    Router::new().route("/user/confirm/{token}", get(confirm).post(confirm))
}

/// The address of this page is a secret, so no other site is told of it, and nobody keeps the page.
async fn confirm(
    session: Cx,
    Path(token): Path<String>,
    submission: Submission,
) -> Result<Response, web::Error> {
    let mut response = form::answer(&session, &Confirm { token }, submission).await?;
    let headers = response.headers_mut();
    // With `no-referrer` browsers would not tell this site either where the form comes from (Fetch, 3.2).
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

struct Confirm {
    token: String,
}

impl Handler for Confirm {
    fn id(&self) -> &str {
        "user_confirm"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, web::Error> {
        let form = Form::new("Confirm your e-mail address");
        let (user, mail) = match cx.services().users.find_confirmation(&self.token).await {
            Ok(found) => found,
            Err(Error::NotFound) => return Ok(form.with(Element::note("void", VOID))),
            Err(error) => return Err(error.into()),
        };
        let what = format!("{mail} is the e-mail address of the account {}.", user.name);
        Ok(form
            .with(Element::note("what", what))
            .with(Element::actions().with(Element::submit("confirm", "Confirm"))))
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut State) -> Result<Outcome, web::Error> {
        let own = cx.request().account.id;
        match cx.services().users.confirm_address(cx, &self.token).await {
            Ok(user) if user.id == own => {
                Ok(Outcome::redirect(format!("/user/{own}")).message("The address is confirmed."))
            }
            Ok(user) if user.active => {
                Ok(Outcome::redirect("/user/login").message("The address is confirmed. You can log in now."))
            }
            Ok(_) => Ok(Outcome::redirect("/").message(
                "The address is confirmed. You can log in once somebody has looked at your account.",
            )),
            Err(Error::NotFound) => Ok(Outcome::redirect("/").say(Tone::Error, VOID)),
            Err(error) => Err(error.into()),
        }
    }
}
