//! What surrounds every request.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use uuid::Uuid;

use crate::request;
use crate::subsystems::{Cx, Site};
use crate::web;

/// Names the request in the log and in the answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Plain text and images of the site itself, scripts and styles of the theme, nothing from elsewhere but images.
const POLICY: &str = "default-src 'self'; img-src 'self' data: https:; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// The identifier of a request.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub Uuid);

/// The mark of a request with a query that is not UTF-8.
#[derive(Clone, Copy, Debug)]
struct Unreadable;

/// Gives the request its number and writes a line when it is answered.
pub async fn log(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = site.services().ids.next();
    request.extensions_mut().insert(RequestId(id));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    tracing::info!(
        request.id = %id,
        http.status = response.status().as_u16(),
        duration_ms = started.elapsed().as_secs_f64() * 1e3,
        "{method} {path}",
    );
    response
}

/// Turns a panic of a handler into an error, which gets its page further out.
pub async fn catch_panics(request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| web::Error::internal("a handler panicked, a bug of Trovato").into_response())
}

/// Answers in plain words where a layer panicked, such as the one that makes pages of errors.
pub async fn catch_layers(request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| {
        tracing::error!("a layer of the server panicked; this is a bug of Trovato");
        let error = web::Error::internal("a layer panicked");
        (error.status(), error.to_string()).into_response()
    })
}

/// Refuses a request whose query [`session`] could not read.
pub async fn refuse_queries(request: Request, next: Next) -> Response {
    if request.extensions().get::<Unreadable>().is_some() {
        return web::Error::Bad("The query of this address is not valid UTF-8.".to_owned()).into_response();
    }
    next.run(request).await
}

/// Adds the headers that protect visitors, where a handler has not set its own.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let protect = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    ];
    for (name, value) in protect {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Makes the session: who asks for what, with which plugins. A query that can't be read is refused further in, where
/// errors get their pages.
pub async fn session(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let id = request
        .extensions()
        .get::<RequestId>()
        .map_or_else(Uuid::nil, |id| id.0);
    let query = decode_query(request.uri().query().unwrap_or_default());
    if query.is_none() {
        request.extensions_mut().insert(Unreadable);
    }
    let services = site.services();
    let mut asked = request::Request::new(id, request.uri().path(), services.users.visitor());
    asked.query = query.unwrap_or_default();
    asked.theme = services.themes.active();
    let session: Cx = Cx(Arc::new(site.session(asked)));
    request.extensions_mut().insert(session);
    next.run(request).await
}

fn decode_query(query: &str) -> Option<Vec<(String, String)>> {
    let raw = query.replace('+', " ");
    percent_encoding::percent_decode_str(&raw).decode_utf8().ok()?;
    Some(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
}
