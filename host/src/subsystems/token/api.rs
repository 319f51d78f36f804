//! What programs may ask of people: who they are themselves, and, if they may administer users, who there is.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::subsystems::user::{self, Filter, User};
use crate::subsystems::{Cx, Session, Site};
use crate::time::Timestamp;
use crate::web::Error;

/// People of a page of the list.
const PAGE: u32 = 50;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/api/user", get(me))
        .route("/api/users", get(people))
        .route("/api/users/{id}", get(person))
        .route("/api/roles", get(roles))
}

fn answer(body: &Json) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (StatusCode::OK, headers, body.to_string()).into_response()
}

/// Who asks, and what they may do by what they show.
async fn me(session: Cx) -> Result<Response, Error> {
    let account = &session.request().account;
    if account.id.is_nil() {
        return Err(Error::Unauthorised);
    }
    let mut permissions: Vec<&String> = account.permissions.iter().collect();
    permissions.sort_unstable();
    let body = json!({
        "id": account.id,
        "name": &*account.name,
        "administrator": account.is_admin,
        "permissions": permissions,
    });
    Ok(answer(&body))
}

async fn people(State(site): State<Site>, session: Cx) -> Result<Response, Error> {
    require(&session)?;
    let request = session.request();
    let page: u32 = match request.query("page") {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Error::Bad("page is a whole number, counted from 0.".to_owned()))?,
    };
    let filter = Filter {
        text: request
            .query("q")
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        limit: PAGE,
        offset: page.saturating_mul(PAGE),
        ..Filter::default()
    };
    let found = site.services().users.list(&request.account, &filter).await?;
    let users: Vec<Json> = found.users.iter().map(|user| shown(&session, user)).collect();
    Ok(answer(
        &json!({ "users": users, "total": found.total, "page": page, "page-size": PAGE }),
    ))
}

async fn person(State(site): State<Site>, session: Cx, Path(id): Path<String>) -> Result<Response, Error> {
    require(&session)?;
    let id = Uuid::try_parse(&id).map_err(|_| Error::NotFound)?;
    let user = site.services().users.find(&session.request().account, id).await?;
    Ok(answer(&shown(&session, &user)))
}

async fn roles(State(site): State<Site>, session: Cx) -> Result<Response, Error> {
    require(&session)?;
    let access = &site.services().access;
    let roles: Vec<Json> = access
        .roles()
        .iter()
        .map(|role| {
            let permissions = access.of_role(role.id);
            let mut permissions: Vec<&String> = permissions.iter().collect();
            permissions.sort_unstable();
            json!({ "id": role.id, "name": role.name, "label": role.label, "permissions": permissions })
        })
        .collect();
    Ok(answer(&json!({ "roles": roles })))
}

fn require(session: &Session) -> Result<(), Error> {
    let account = &session.request().account;
    match account.may(user::ADMINISTER) {
        true => Ok(()),
        false if account.id.is_nil() => Err(Error::Unauthorised),
        false => Err(Error::Denied),
    }
}

fn shown(session: &Session, user: &User) -> Json {
    let roles = session.services().access.roles();
    let names: Vec<&str> = roles
        .iter()
        .filter(|role| user.roles.contains(&role.id))
        .map(|role| role.name.as_str())
        .collect();
    json!({
        "id": user.id,
        "name": user.name,
        "mail": user.mail,
        "active": user.active,
        "administrator": user.is_admin,
        "roles": names,
        "created": moment(user.created),
        "changed": moment(user.changed),
        "login": user.login.map(moment),
    })
}

/// As RFC 3339 has it.
fn moment(at: Timestamp) -> Option<String> {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .ok()
        .map(|at| at.to_string())
}
