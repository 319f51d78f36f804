//! What surrounds every request.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::FutureExt;
use uuid::Uuid;

use crate::subsystems::Site;
use crate::web;

/// Names the request in the log and in the answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Features of browsers that no page of the site uses.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
                           magnetometer=(), microphone=(), midi=(), payment=(), usb=()";
/// How long browsers remember that the site is reached over HTTPS: two years.
const TRANSPORT: &str = "max-age=63072000";

/// What is the same for everybody, also before the site is set up.
pub const ALWAYS: [&str; 3] = ["/theme/", "/health", "/metrics"];

/// The identifier of a request.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub Uuid);

/// The mark of a request that is not let in, and why. Errors get their pages further in.
#[derive(Clone, Debug)]
pub struct Refused(Arc<web::Error>);

impl Refused {
    /// A mark.
    pub fn new(error: web::Error) -> Self {
        Self(Arc::new(error))
    }

    pub fn bad(why: &str) -> Self {
        Self::new(web::Error::Bad(why.to_owned()))
    }
}

/// The mark of an answer to somebody who speaks HTTPS.
#[derive(Clone, Copy, Debug)]
pub struct Secure;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

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

/// Refuses what a layer further out has marked.
pub async fn refuse(request: Request, next: Next) -> Response {
    if let Some(Refused(error)) = request.extensions().get() {
        return web::Error::clone(error).into_response();
    }
    next.run(request).await
}

/// Leads to the installer until there is somebody who may do everything.
pub async fn install_first(State(site): State<Site>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_open = path == "/install" || ALWAYS.iter().any(|open| path.starts_with(open));
    if is_open {
        return next.run(request).await;
    }
    match site.services().users.has_administrator().await {
        Ok(true) => next.run(request).await,
        Ok(false) => Redirect::to("/install").into_response(),
        Err(error) => web::Error::from(error).into_response(),
    }
}

/// Adds the headers that protect visitors, where a handler has not set its own.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let is_secure = response.extensions().get::<Secure>().is_some();
    let headers = response.headers_mut();
    let protect = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (PERMISSIONS_POLICY, PERMISSIONS),
        (OPENER_POLICY, "same-origin"),
    ];
    for (name, value) in protect {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if is_secure {
        let remember = HeaderValue::from_static(TRANSPORT);
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(remember);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert_with(|| policy(None));
    response
}

/// What an answer may load and run: what is the site's own, images from anywhere. Scripts and styles inside of a page
/// need its nonce; there is no way around it (Content Security Policy Level 3).
pub fn policy(nonce: Option<&str>) -> HeaderValue {
    const PLAIN: HeaderValue = HeaderValue::from_static(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; \
         media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    );
    let with = |nonce| {
        format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; \
             img-src 'self' data: https:; font-src 'self'; media-src 'self'; connect-src 'self'; \
             manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
    };
    let value = nonce.and_then(|nonce| HeaderValue::try_from(with(nonce)).ok());
    value.unwrap_or(PLAIN)
}
