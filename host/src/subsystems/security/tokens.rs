//! A new access token: shown once.

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::{PAGE, owner};
use crate::request::Account;
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::theme::suggestions;
use crate::subsystems::token::{self, NewToken};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Page};

pub(super) const NEW: &str = "/user/security/tokens/new";

pub(super) fn routes() -> Router<Site> {
    Router::new().route(NEW, get(new).post(new))
}

async fn new(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &New, submission).await
}

/// The permissions that an account has, by group, as choices of a form.
pub(in crate::subsystems) fn scopes(cx: &Session, account: &Account) -> Element {
    let mut element = Element::checkboxes("scopes", "What it may do");
    for group in cx.services().access.catalogue(cx) {
        let own = group
            .permissions
            .into_iter()
            .filter(|permission| account.may(&permission.name))
            .map(|permission| (permission.name, permission.description));
        element = element.choice_group(&group.title, own);
    }
    element
}

/// A secret that is shown this once.
pub(in crate::subsystems) fn shown(cx: &Session, title: &str, facts: &[(&str, &str)], back: &str) -> Outcome {
    let names = suggestions::names("secret-shown", &[]);
    let variables =
        minijinja::context! { facts => minijinja::Value::from(minijinja::value::Serde(facts)), back };
    let content = cx
        .services()
        .themes
        .render_suggested(&cx.request().theme, &names, variables);
    Outcome::Page(Box::new(Page::new(title, content.to_string())))
}

struct New;

impl Handler for New {
    fn id(&self) -> &str {
        "access-token"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        owner(cx).await?;
        let account = &cx.request().account;
        if !account.may(token::USE) {
            return Err(Error::Denied);
        }
        let days = [
            ("30", "30 days"),
            ("90", "90 days"),
            ("365", "a year"),
            ("never", "it is revoked"),
        ];
        Ok(Form::new("New access token")
            .with(
                Element::text("name", "Name")
                    .required()
                    .max_length(60)
                    .help("What it is for, so that you know it again."),
            )
            .with(scopes(cx, account).required().protected())
            .with(
                Element::radios("days", "Works until")
                    .choices(days)
                    .default("90")
                    .required(),
            )
            .with(
                Element::actions()
                    .with(Element::submit("make", "Make the token"))
                    .with(Element::link("cancel", "Cancel", PAGE)),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let user = owner(cx).await?;
        let new = NewToken {
            name: values.text("name").to_owned(),
            scopes: values.list("scopes").to_vec(),
            days: values.text("days").parse().ok(),
        };
        match cx.services().tokens.create(cx, user.id, new).await {
            Ok((record, token)) => Ok(shown(
                cx,
                "Your access token",
                &[("Name", &record.name), ("Token", &token)],
                PAGE,
            )),
            Err(token::Error::Invalid { field, problem }) => Ok(Outcome::invalid(field, problem)),
            Err(error) => Err(error.into()),
        }
    }
}
