//! What programs may ask of people: who they are themselves, and, if they may administer users, who there is.

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::subsystems::api::{Operation, Resource, answer, moment, reference};
use crate::subsystems::user::{self, Filter, User};
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

/// People of a page of the list.
const PAGE: u32 = 50;

pub(super) fn resources() -> Vec<Resource> {
    let page = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX, "default": 0 });
    let people_of = asked("listUsers", "List people", get(people))
        .query(
            "q",
            "Text in the name or the address.",
            json!({ "type": "string" }),
        )
        .query("page", "Which page, counted from 0.", page)
        .answers(StatusCode::OK, "A page of people.", Some(reference("UserPage")))
        .refuses(StatusCode::BAD_REQUEST, "A parameter can't be understood.");
    let one = asked("getUser", "Read an account", get(person))
        .identifier("id", "The identifier of the account.")
        .answers(StatusCode::OK, "The account.", Some(reference("User")))
        .refuses(StatusCode::NOT_FOUND, "There is no such account.");
    let own = Operation::new(Method::GET, "getMe", "Who asks, and what they may do", get(me))
        .answers(StatusCode::OK, "Who asks.", Some(reference("Me")))
        .refuses(
            StatusCode::UNAUTHORIZED,
            "Who asks has to sign in or show a token.",
        );
    let all = asked("listRoles", "List roles with their permissions", get(roles)).answers(
        StatusCode::OK,
        "All roles.",
        Some(reference("RoleList")),
    );
    vec![
        Resource::new("/api/user", "Who asks")
            .with(own)
            .schema("Me", me_schema()),
        Resource::new("/api/users", "People")
            .with(people_of)
            .schema("UserPage", page_schema()),
        Resource::new("/api/users/{id}", "An account")
            .with(one)
            .schema("User", user_schema()),
        Resource::new("/api/roles", "Roles")
            .with(all)
            .schema("RoleList", roles_schema()),
    ]
}

/// Something for those who may administer people.
fn asked(id: &'static str, summary: &'static str, handler: MethodRouter<Site>) -> Operation {
    Operation::new(Method::GET, id, summary, handler)
        .description("Needs the permission 'administer users'.")
        .guarded()
}

fn texts() -> Json {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn me_schema() -> Json {
    json!({
        "type": "object",
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "name": { "type": "string" },
            "administrator": { "type": "boolean" },
            "permissions": texts(),
        },
        "required": ["id", "name", "administrator", "permissions"],
    })
}

fn user_schema() -> Json {
    let moment = json!({ "type": ["string", "null"], "format": "date-time" });
    json!({
        "type": "object",
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "name": { "type": "string" },
            "mail": { "type": ["string", "null"] },
            "active": { "type": "boolean" },
            "administrator": { "type": "boolean" },
            "roles": texts(),
            "created": moment,
            "changed": moment,
            "login": moment,
        },
        "required": ["id", "name", "active", "administrator", "roles"],
    })
}

fn page_schema() -> Json {
    json!({
        "type": "object",
        "properties": {
            "users": { "type": "array", "items": reference("User") },
            "total": { "type": "integer" },
            "page": { "type": "integer" },
            "page-size": { "type": "integer" },
        },
        "required": ["users", "total", "page", "page-size"],
    })
}

fn roles_schema() -> Json {
    let role = json!({
        "type": "object",
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "name": { "type": "string" },
            "label": { "type": "string" },
            "permissions": texts(),
        },
        "required": ["id", "name", "label", "permissions"],
    });
    json!({
        "type": "object",
        "properties": { "roles": { "type": "array", "items": role } },
        "required": ["roles"],
    })
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
