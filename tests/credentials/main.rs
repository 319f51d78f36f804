//! Mail, and what proves who somebody is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod api;
mod mail;
mod oauth;
mod pages;
mod passkey;
mod reset;
mod second;
mod smtp;
mod two_factor;

use axum::body::Body;
use axum::http::{Method, Request, header};
use trovato::db::sql;
use trovato::request::{self, SignInState};
use trovato::subsystems::access::Grant;
use trovato::subsystems::session::Opening;
use trovato::subsystems::user::{NewUser, User};
use trovato_tests::{Answer, Browser, TestApp};
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery";

/// An account with a password and an address, and a role of its own that grants these permissions.
async fn account(app: &TestApp, name: &str, permissions: &[&str]) -> User {
    let (session, access) = (app.system(), &app.services().access);
    let mut roles = Vec::new();
    if !permissions.is_empty() {
        let role = access
            .create_role(&session, &name.to_lowercase(), name)
            .await
            .unwrap();
        let grants: Vec<Grant> = permissions
            .iter()
            .map(|permission| Grant {
                role: role.id,
                permission: (*permission).to_owned(),
                granted: true,
            })
            .collect();
        access.grant(&session, &grants).await.unwrap();
        roles.push(role.id);
    }
    let new = NewUser {
        name: name.to_owned(),
        mail: Some(format!("{}@example.com", name.to_lowercase())),
        password: Some(PASSWORD.to_owned()),
        active: true,
        roles,
        ..NewUser::default()
    };
    app.services().users.create(&session, new).await.unwrap()
}

/// A browser in which somebody has come so far with signing in.
async fn browser<'a>(app: &'a TestApp, user: &User, state: SignInState) -> Browser<'a> {
    let mut request = request::Request::new(Uuid::nil(), "", app.visitor());
    request.is_secure = app.services().entrance.public_url.starts_with("https://");
    let opening = Opening {
        user: user.id,
        state,
        remember: false,
        agent: "Test",
    };
    let cookie = app
        .services()
        .sessions
        .open(&request, opening)
        .await
        .unwrap()
        .unwrap();
    let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
    let browser = app.browser();
    browser.set_cookie(name, rest.split(';').next().unwrap());
    browser
}

/// Asks with a token.
async fn ask(app: &TestApp, path: &str, token: &str) -> Answer {
    let request = Request::builder()
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    app.answer(request).await
}

/// Sends a form as a program does.
async fn send(app: &TestApp, path: &str, authorization: Option<&str>, body: &str) -> Answer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    app.answer(request.body(Body::from(body.to_owned())).unwrap())
        .await
}

fn json(answer: &Answer) -> serde_json::Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text))
}

/// An account as it lies in the database, for services that don't ask how it came there.
async fn person(app: &TestApp, name: &str) -> Uuid {
    let id = app.services().ids.next();
    let (key, mail) = (
        name.to_lowercase(),
        format!("{}@example.com", name.to_lowercase()),
    );
    let statement = sql(
        "INSERT INTO users (id, name, name_key, mail, active, created, changed) VALUES ($1, $2, $3, $4, TRUE, 0, 0)",
        (id, name, key, mail),
    );
    app.services().db.execute(statement).await.unwrap();
    id
}
