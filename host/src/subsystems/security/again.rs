//! The password once more, before something that a browser that was left open should not be enough for.

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::codes::refuse;
use super::{destination, owner};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

const PATH: &str = "/user/security/again";

pub(super) fn routes() -> Router<Site> {
    Router::new().route(PATH, get(again).post(again))
}

/// The address of the page, from which somebody comes back to a path.
pub(super) fn href(back: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("destination", back)
        .finish();
    format!("{PATH}?{query}")
}

/// Leads to the page unless whoever asks has shown a moment ago who they are.
pub(super) fn first(cx: &Session) -> Option<Response> {
    let path = &cx.request().path;
    (!super::is_recent(cx)).then(|| Redirect::to(&href(path)).into_response())
}

async fn again(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &Again, submission).await
}

struct Again;

impl Handler for Again {
    fn id(&self) -> &str {
        "password-again"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let user = owner(cx).await?;
        let known = cx.services().users.credentials(&user.name).await?;
        let form = Form::new("Your password once more");
        if known.is_none_or(|(_, hash, _)| hash.is_none()) {
            let what = "Your account has no password. Log out and in again with your passkey, and go on within ten minutes.";
            return Ok(form.with(Element::note("none", what)));
        }
        let what = "What comes next changes how your account is protected.";
        let password = Element::password("password", "Your password")
            .required()
            .protected()
            .autocomplete("current-password");
        let actions = Element::actions()
            .with(Element::submit("go_on", "Go on"))
            .with(Element::link("cancel", "Cancel", super::PAGE));
        Ok(form
            .repeatable()
            .with(Element::note("what", what))
            .with(password)
            .with(actions))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let user = owner(cx).await?;
        if let Some(refused) = refuse(cx, &user, &values).await? {
            return Ok(refused);
        }
        if let Some(own) = &cx.request().session {
            cx.services().sessions.confirm(own).await?;
        }
        Ok(Outcome::redirect(destination(cx)))
    }
}
