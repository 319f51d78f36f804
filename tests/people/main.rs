//! Accounts, sessions, signing in, roles and permissions, the audit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod accounts;
mod addresses;
mod administration;
mod audit;
mod logins;
mod nodes;
mod pages;
mod roles;
mod sessions;
mod taps;

use trovato::subsystems::login::{Credentials, Error, SignedIn};
use trovato_tests::TestApp;

/// Signs in through the service, from a browser that sends these headers.
async fn sign_in_from(
    app: &TestApp,
    headers: &axum::http::HeaderMap,
    name: &str,
    password: &str,
) -> Result<SignedIn, Error> {
    let credentials = Credentials {
        name: name.to_owned(),
        password: password.to_owned(),
        remember: false,
    };
    let session = app.session(app.visitor());
    app.services()
        .logins
        .sign_in(&session, headers, credentials)
        .await
}

/// Signs in through the service, from a browser that nobody knows.
async fn sign_in(app: &TestApp, name: &str, password: &str) -> Result<SignedIn, Error> {
    sign_in_from(app, &axum::http::HeaderMap::new(), name, password).await
}
