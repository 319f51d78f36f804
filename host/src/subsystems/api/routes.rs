//! The routes of the API, made of the list of resources: each knows what may be asked of it.

use std::convert::Infallible;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, options};

use super::resource::Resource;
use super::{body, csrf};
use crate::subsystems::Site;
use crate::web::Error;

/// The routes of all resources.
pub fn routes(resources: Vec<Resource>) -> Router<Site> {
    let mut router = Router::new();
    for resource in resources {
        router = router.route(resource.path, answers(resource));
    }
    router
}

fn answers(resource: Resource) -> MethodRouter<Site> {
    let allow = allowed(&resource);
    let kinds = resource
        .operations
        .iter()
        .find(|operation| operation.method == Method::PATCH)
        .and_then(|operation| operation.body.as_ref())
        .map(|(kinds, _)| kinds.join(", "));
    let told = (allow.clone(), kinds);
    let mut router = options(move || async move { what_may_be_asked(&told.0, told.1.as_deref()) });
    for operation in resource.operations {
        router = router.merge(operation.handler);
    }
    router
        .fallback(move || async move { wrong_method(&allow) })
        .layer::<_, Infallible>(from_fn(csrf::check))
        .layer(DefaultBodyLimit::max(body::LIMIT))
}

fn allowed(resource: &Resource) -> String {
    let mut methods: Vec<&str> = resource
        .operations
        .iter()
        .map(|operation| operation.method.as_str())
        .collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.sort_unstable();
    methods.join(", ")
}

/// RFC 9110, 9.3.7; RFC 5789, 3.1.
fn what_may_be_asked(allow: &str, patches: Option<&str>) -> Response {
    let mut answer = StatusCode::NO_CONTENT.into_response();
    let headers = [(header::ALLOW, Some(allow)), (body::ACCEPT_PATCH, patches)];
    for (name, value) in headers {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

fn wrong_method(allow: &str) -> Response {
    let mut answer = Error::Method.into_response();
    if let Ok(allow) = HeaderValue::from_str(allow) {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}
