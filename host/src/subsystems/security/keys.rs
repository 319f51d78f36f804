//! Passkeys in the browser: what its script asks and answers, as JSON. Other sites' pages can't ask: they may not send
//! JSON here, and the number of a ceremony is worth nothing in another browser.

use axum::extract::State as Extract;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Attempt, browser, cookies, owner, pending};
use crate::subsystems::theme::{SafeHtml, suggestions};
use crate::subsystems::user::User;
use crate::subsystems::{Cx, Session, Site, login};
use crate::web::Error;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/user/passkey/register/begin", post(begin_registration))
        .route("/user/passkey/register", post(register))
        .route("/user/passkey/check/begin", post(begin_check))
        .route("/user/passkey/check", post(check))
        .route("/user/passkey/sign-in/begin", post(begin_sign_in))
        .route("/user/passkey/sign-in", post(sign_in))
}

/// A button that the script brings to life; without it, it stays away.
pub(super) fn button(cx: &Session, ceremony: &str, destination: &str, label: &str) -> SafeHtml {
    let names = suggestions::names("passkey", &[]);
    let variables = minijinja::context! {
        ceremony, destination, label, csp_nonce => cx.services().random.nonce(cx.request()),
    };
    cx.services()
        .themes
        .render_suggested(&cx.request().theme, &names, variables)
}

#[derive(Deserialize)]
struct Begin {
    /// Whether the browser offers keys while somebody types a name.
    #[serde(default)]
    autofill: bool,
}

#[derive(Deserialize)]
struct Answer {
    ceremony: String,
    credential: Value,
    #[serde(default)]
    name: String,
    #[serde(default)]
    destination: String,
    #[serde(default)]
    remember: bool,
}

fn answer(body: &impl serde::Serialize) -> Result<Response, Error> {
    let text = serde_json::to_string(body).map_err(Error::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((StatusCode::OK, headers, text).into_response())
}

fn go_to(to: &str, set: HeaderMap) -> Result<Response, Error> {
    let mut response = answer(&json!({ "location": to }))?;
    response.headers_mut().extend(set);
    Ok(response)
}

/// Who has signed in with this browser and has shown a moment ago who they are.
async fn recent_owner(session: &Session) -> Result<User, Error> {
    let user = owner(session).await?;
    if super::is_recent(session) {
        return Ok(user);
    }
    let why = "You logged in a while ago. Give your password once more, then add the passkey.";
    Err(Error::Bad(why.to_owned()))
}

async fn begin_registration(session: Cx, Json(_): Json<Begin>) -> Result<Response, Error> {
    let user = recent_owner(&session).await?;
    let passkeys = &session.services().passkeys;
    let begun = passkeys
        .begin_registration(user.id, &user.name, browser(&session)?)
        .await?;
    answer(&begun)
}

async fn register(session: Cx, Json(given): Json<Answer>) -> Result<Response, Error> {
    let user = recent_owner(&session).await?;
    let services = session.services();
    let made = services
        .passkeys
        .finish_registration(
            user.id,
            browser(&session)?,
            &given.ceremony,
            &given.name,
            given.credential,
        )
        .await?;
    let change = format!("the passkey '{}' was registered", made.name);
    services
        .security
        .note(&session, &user, "passkey.register", &change)
        .await?;
    go_to(super::PAGE, HeaderMap::new())
}

async fn begin_check(session: Cx, Json(_): Json<Begin>) -> Result<Response, Error> {
    let user = pending(&session).await?;
    let begun = session
        .services()
        .passkeys
        .begin_check(user.id, browser(&session)?)
        .await?;
    answer(&begun)
}

async fn check(session: Cx, headers: HeaderMap, Json(given): Json<Answer>) -> Result<Response, Error> {
    let user = pending(&session).await?;
    let services = session.services();
    let attempt = Attempt::begin(&session, "second-factor", user.id).await?;
    services
        .passkeys
        .finish_check(user.id, browser(&session)?, &given.ceremony, given.credential)
        .await?;
    attempt.right(&session).await?;
    let signed_in = services.logins.finish(&session, &headers).await?;
    let to = login::local(&given.destination).unwrap_or("/");
    go_to(to, cookies(signed_in.cookies))
}

async fn begin_sign_in(session: Cx, Json(begin): Json<Begin>) -> Result<Response, Error> {
    let passkeys = &session.services().passkeys;
    let begun = passkeys.begin_sign_in(browser(&session)?, begin.autofill).await?;
    answer(&begun)
}

/// Signs in by a key alone: it has verified the person, so it stands for both factors.
async fn sign_in(
    Extract(site): Extract<Site>,
    session: Cx,
    headers: HeaderMap,
    Json(given): Json<Answer>,
) -> Result<Response, Error> {
    let services = site.services();
    let user = services
        .passkeys
        .finish_sign_in(browser(&session)?, &given.ceremony, given.credential)
        .await?;
    let signed_in = services
        .logins
        .enter(&session, &headers, user, given.remember)
        .await?;
    let to = login::local(&given.destination).unwrap_or("/");
    go_to(to, cookies(signed_in.cookies))
}
