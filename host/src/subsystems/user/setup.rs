//! The one-time link by which the first administrator is made.

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::{Error, Users};
use crate::subsystems::theme::suggestions;
use crate::subsystems::{Cx, Site};
use crate::web::{self, Page};

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/install", get(form).post(install))
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
struct Answers {
    token: String,
    name: String,
    mail: String,
    password: String,
}

/// The form. Without the token, or on a site that is installed, there is nothing here.
async fn form(State(site): State<Site>, session: Cx, Query(link): Query<Link>) -> Result<Page, web::Error> {
    check(&site.services().users, &link.token).await?;
    Ok(page(
        &site,
        &session,
        &Answers {
            token: link.token,
            name: String::new(),
            mail: String::new(),
            password: String::new(),
        },
        None,
    ))
}

async fn install(
    State(site): State<Site>,
    session: Cx,
    Form(answers): Form<Answers>,
) -> Result<Response, web::Error> {
    let users = &site.services().users;
    check(users, &answers.token).await?;
    let mail = Some(answers.mail.trim()).filter(|mail| !mail.is_empty());
    match users
        .install(answers.name.trim(), mail, answers.password.clone())
        .await
    {
        Ok(_) => Ok(Redirect::to("/").into_response()),
        Err(Error::Db(error)) => Err(error.into()),
        Err(problem) => {
            let mut page = page(&site, &session, &answers, Some(problem.to_string()));
            page.status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page.into_response())
        }
    }
}

async fn check(users: &Users, token: &str) -> Result<(), web::Error> {
    let fits: bool = token.as_bytes().ct_eq(users.set_up_token().as_bytes()).into();
    if fits && !users.has_administrator().await? {
        Ok(())
    } else {
        Err(web::Error::NotFound)
    }
}

fn page(site: &Site, session: &Cx, answers: &Answers, problem: Option<String>) -> Page {
    let variables = minijinja::context! {
        token => &answers.token,
        name => &answers.name,
        mail => &answers.mail,
        problem => problem,
    };
    let names = suggestions::names("install", &[]);
    let content = site
        .services()
        .themes
        .render_suggested(&session.request().theme, &names, variables);
    Page::new("Set up this site", content.to_string())
}
