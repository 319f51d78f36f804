//! `/api/plugins/{plugin}/{name}`: what plugins answer to programs.

use axum::extract::{Path, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, patch, post, put};
use serde_json::{Value as Json, json};

use super::body::{self, JSON};
use super::{Operation, Resource, refusal};
use crate::kernel::{Failure, Plain, Tap};
use crate::subsystems::{Cx, Session, Site};
use crate::taps;
use crate::web::{Error, Problem};
use crate::wit::apis::{ApiMethod, ApiRequest, ApiResponse};
use crate::wit::types::{self, NamedText};

pub(super) fn resources() -> Vec<Resource> {
    let mut resource = Resource::new("/api/plugins/{plugin}/{name}", "What plugins answer");
    for (method, id, summary, handler) in [
        (Method::GET, "readFromPlugin", "Read from a plugin", get(ask)),
        (
            Method::POST,
            "askPlugin",
            "Ask a plugin to do something",
            post(ask),
        ),
        (
            Method::PUT,
            "putToPlugin",
            "Put something in the place of another",
            put(ask),
        ),
        (
            Method::PATCH,
            "changeInPlugin",
            "Change a part of something",
            patch(ask),
        ),
        (
            Method::DELETE,
            "removeFromPlugin",
            "Remove something",
            delete(ask),
        ),
    ] {
        resource = resource.with(operation(method, id, summary, handler));
    }
    vec![resource]
}

fn operation(
    method: Method,
    id: &'static str,
    summary: &'static str,
    handler: MethodRouter<Site>,
) -> Operation {
    let has_body = takes_body(&method);
    let text = || json!({ "type": "string" });
    let operation = Operation::new(method, id, summary, handler)
        .open()
        .description("What there is to ask, the documentation of the plugin says.")
        .path("plugin", "The machine name of the plugin.", text())
        .path("name", "What is asked for.", text())
        .answers(
            StatusCode::OK,
            "What the plugin answers; its status may be any from 200 to 299.",
            Some(json!({})),
        )
        .guarded()
        .refuses(
            StatusCode::NOT_FOUND,
            "There is no such plugin, or it has nothing of this name.",
        )
        .refuses(StatusCode::CONFLICT, "It goes against what is there.")
        .refuses(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The plugin refuses what was sent.",
        );
    if has_body {
        operation
            .body(&[JSON], json!({ "type": "object" }))
            .refuses(StatusCode::BAD_REQUEST, "The body is no JSON object.")
    } else {
        operation
    }
}

fn takes_body(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::DELETE)
}

async fn ask(
    session: Cx,
    Path((plugin, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Error> {
    let registry = session.registry().clone();
    let plugin = registry
        .get(&plugin)
        .filter(|plugin| plugin.answers(taps::Api::SLOT))
        .ok_or(Error::NotFound)?;
    let request = asked(&session, &name, request).await?;
    let mut input = Plain(|| (request.clone(),));
    let named = &plugin.manifest.name;
    match session.call::<taps::Api>(plugin, &mut input).await {
        Ok((Ok(response),)) => answer(response)
            .map_err(|problem| Error::internal(format!("plugin '{named}' answers '{name}' with {problem}"))),
        Ok((Err(error),)) => Err(refused(&session, error)),
        // The failure itself has been logged with its cause.
        Err(Failure::Suspended) => Err(Error::Unavailable(format!("plugin '{named}' is suspended"))),
        Err(_) => Err(Error::internal(format!("plugin '{named}' failed"))),
    }
}

/// What a plugin is asked.
async fn asked(session: &Session, name: &str, request: Request) -> Result<ApiRequest, Error> {
    let method = match *request.method() {
        Method::GET | Method::HEAD => ApiMethod::Get,
        Method::POST => ApiMethod::Post,
        Method::PUT => ApiMethod::Put,
        Method::PATCH => ApiMethod::Patch,
        Method::DELETE => ApiMethod::Delete,
        _ => return Err(Error::Method),
    };
    let body = if takes_body(request.method()) {
        Some(Json::Object(body::read(request, &[JSON]).await?).to_string())
    } else {
        None
    };
    let query = session.request().query.iter().map(|(name, value)| NamedText {
        name: name.clone(),
        value: value.clone(),
    });
    Ok(ApiRequest {
        method,
        name: name.to_owned(),
        query: query.collect(),
        body,
    })
}

/// The answer, nobody's to keep; or what no answer can be.
fn answer(response: ApiResponse) -> Result<Response, String> {
    let status = StatusCode::from_u16(response.status)
        .ok()
        .filter(StatusCode::is_success)
        .ok_or_else(|| format!("the status {}: only 200 to 299 are answers", response.status))?;
    let mut answer = match response.body {
        None => status.into_response(),
        Some(text) => {
            let json: Json =
                serde_json::from_str(&text).map_err(|error| format!("a body that is no JSON: {error}"))?;
            (status, [(header::CONTENT_TYPE, JSON)], json.to_string()).into_response()
        }
    };
    let private = HeaderValue::from_static("private, no-store");
    answer.headers_mut().insert(header::CACHE_CONTROL, private);
    Ok(answer)
}

fn refused(session: &Session, error: types::Error) -> Error {
    match error {
        types::Error::NotFound => Error::NotFound,
        types::Error::Denied(reason) => refusal::denied(session, reason),
        types::Error::Invalid(faults) => {
            let wrong = faults.into_iter().map(|fault| {
                let pointer = fault
                    .path
                    .split('.')
                    .map(refusal::escape)
                    .collect::<Vec<_>>()
                    .join("/");
                let pointer = if pointer.is_empty() {
                    pointer
                } else {
                    format!("/{pointer}")
                };
                refusal::Wrong::new(pointer, fault.message)
            });
            refusal::invalid(wrong.collect())
        }
        types::Error::Limit(reason) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, reason).into(),
        types::Error::Conflict(reason) => Problem::new(StatusCode::CONFLICT, reason).into(),
        types::Error::Unavailable(reason) => Error::Unavailable(reason),
        types::Error::Other(reason) => Error::internal(reason),
    }
}
