//! The one-time link by which the first administrator is made.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use subtle::ConstantTimeEq;

use super::password::{LEAST, MOST};
use super::{Users, name};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::{Cx, Session, Site};
use crate::web;

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/install", get(install).post(install))
}

async fn install(session: Cx, submission: Submission) -> Result<Response, web::Error> {
    form::answer(&session, &SetUp, submission).await
}

async fn check(users: &Users, token: &str) -> Result<(), web::Error> {
    let fits: bool = token.as_bytes().ct_eq(users.set_up_token().as_bytes()).into();
    if fits && !users.has_administrator().await? {
        Ok(())
    } else {
        Err(web::Error::NotFound)
    }
}

/// The form that makes the first administrator.
struct SetUp;

impl Handler for SetUp {
    fn id(&self) -> &str {
        "install"
    }

    /// Without the token, or on a site that is installed, there is nothing here.
    async fn build(&self, cx: &Session, _: &State) -> Result<Form, web::Error> {
        let token = cx.request().query("token").unwrap_or_default();
        check(&cx.services().users, token).await?;
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
