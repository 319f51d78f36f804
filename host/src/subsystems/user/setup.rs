//! The one-time link by which the first administrator is made.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::name;
use super::password::{LEAST, MOST};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{self, Page};

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/install", get(install).post(install))
}

async fn install(session: Cx, submission: Submission) -> Result<Response, web::Error> {
    let users = &session.services().users;
    if users.has_administrator().await? {
        return Err(web::Error::NotFound);
    }
    match session.request().query("token") {
        None => Ok(explanation().into_response()),
        Some(token) if users.is_set_up_token(token) => form::answer(&session, &SetUp, submission).await,
        Some(_) => Err(web::Error::Denied),
    }
}

/// What whoever comes by before the site is set up is told.
fn explanation() -> Page {
    let text = "<p>This site is not set up yet. Whoever runs it finds the link for that in the log of the server, in the \
                line that begins with <q>Set up</q>, or runs <code>trovato install</code>.</p>";
    Page::new("Not set up yet", text)
}

/// The form that makes the first administrator.
struct SetUp;

impl Handler for SetUp {
    fn id(&self) -> &str {
        "install"
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, web::Error> {
        Ok(Form::new("Set up this site")
            .with(Element::note(
                "what",
                "Make the first administrator. This page works once.",
            ))
            .with(
                Element::text("name", "Name")
                    .required()
                    .max_length(name::LIMIT)
                    .autocomplete("username"),
            )
            .with(Element::email("mail", "E-mail address").autocomplete("email"))
            .with(
                Element::password("password", "Password")
                    .required()
                    .new_password()
                    .min_length(LEAST)
                    .max_length(MOST)
                    .help(format!("At least {LEAST} characters.")),
            )
            .with(Element::actions().with(Element::submit("make", "Make the administrator"))))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, web::Error> {
        let users = &cx.services().users;
        let made = users
            .install(
                cx,
                values.text("name"),
                values.some_text("mail"),
                values.text("password").to_owned(),
            )
            .await;
        match made {
            Ok(user) => {
                let done = format!("The administrator {} is made. The site is set up.", user.name);
                Ok(Outcome::redirect("/").message(&done))
            }
            Err(error) => error.in_form(),
        }
    }
}
