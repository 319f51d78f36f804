//! What surrounds every request.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::FutureExt;
use uuid::Uuid;

use crate::request::{self, Binding, SignInState};
use crate::subsystems::session::Cookie;
use crate::subsystems::{Cx, Site, admin};
use crate::web;

/// Names the request in the log and in the answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Features of browsers that no page of the site uses.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
                           magnetometer=(), microphone=(), midi=(), payment=(), usb=()";
/// How long browsers remember that the site is reached over HTTPS: two years.
const TRANSPORT: &str = "max-age=63072000";

/// What is the same for everybody, also before the site is set up.
const ALWAYS: [&str; 3] = ["/theme/", "/health", "/metrics"];

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

    fn bad(why: &str) -> Self {
        Self::new(web::Error::Bad(why.to_owned()))
    }
}

/// The mark of an answer to somebody who speaks HTTPS.
#[derive(Clone, Copy, Debug)]
struct Secure;

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

/// Makes the session: who asks for what, with which plugins. A query that can't be read is refused further in, where
/// errors get their pages.
pub async fn session(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let id = request
        .extensions()
        .get::<RequestId>()
        .map_or_else(Uuid::nil, |id| id.0);
    let query = decode_query(request.uri().query().unwrap_or_default());
    if query.is_none() {
        let why = Refused::bad("The query of this address is not valid UTF-8.");
        request.extensions_mut().insert(why);
    }
    let services = site.services();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(peer)| peer.ip());
    let arrival = services.entrance.arrival(peer, request.headers());
    if !arrival.is_readable {
        let why = Refused::bad("The Host header of this request names no host.");
        request.extensions_mut().insert(why);
    }
    // Whoever embeds the router may vouch for an account; nothing that comes over the network can.
    let vouched = request.extensions_mut().remove::<request::Account>();
    let is_vouched = vouched.is_some();
    let account = vouched.unwrap_or_else(|| services.access.visitor());
    let mut asked = request::Request::new(id, request.uri().path(), account);
    asked.query = query.unwrap_or_default();
    asked.address = arrival.address;
    asked.is_secure = arrival.is_secure;
    asked.origin = arrival.origin;
    let mut cookie = None;
    let shows_token = !is_vouched && shows_token(request.headers());
    if shows_token {
        match by_token(&site, request.headers(), &mut asked).await {
            Ok(()) => {}
            Err(error) => drop(request.extensions_mut().insert(Refused::new(error))),
        }
    } else if !is_vouched {
        match sign_in(&site, request.headers(), &mut asked).await {
            Ok(set) => cookie = set,
            Err(error) => drop(request.extensions_mut().insert(Refused::new(error.into()))),
        }
    }
    asked.theme = if asked.account.may(admin::ENTER) && services.admin.has(&asked.path) {
        Arc::from(admin::THEME)
    } else {
        services.themes.active()
    };
    asked.binding = match &asked.session {
        // Forms are a session's: none that was shown before somebody signed in is taken afterwards.
        Some(session) if session.state != SignInState::Pending => {
            Binding::known(session.id.simple().to_string())
        }
        _ => services.forms.binding(request.headers(), arrival.is_secure),
    };
    asked.messages = services.forms.messages(request.headers());
    let session: Cx = Cx(Arc::new(site.session(asked)));
    request.extensions_mut().insert(session.clone());
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    if let Some(cookie) = cookie
        && !sets_session(&response, &cookie)
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    if arrival.is_secure {
        response.extensions_mut().insert(Secure);
    }
    let answer = response.headers_mut();
    if shows_token {
        answer.remove(header::SET_COOKIE);
        return response;
    }
    services.forms.tell_binding(session.request(), answer);
    services.forms.leave_messages(session.request(), &headers, answer);
    response
}

/// Takes who asks from the session that the browser names, and gives the cookie that it is to have instead, if any.
async fn sign_in(
    site: &Site,
    headers: &HeaderMap,
    asked: &mut request::Request,
) -> crate::db::Result<Option<HeaderValue>> {
    let has_none = ALWAYS.iter().any(|prefix| asked.path.starts_with(prefix));
    let Some(secret) = Cookie::Session
        .read(headers, asked.is_secure)
        .filter(|_| !has_none)
    else {
        return Ok(None);
    };
    let sessions = &site.services().sessions;
    let Some(resumed) = sessions.resume(secret, asked.is_secure).await? else {
        return Ok(Some(Cookie::Session.clear(asked.is_secure)));
    };
    // A password alone is not enough any more for some: they sign in again.
    if site
        .services()
        .two_factor
        .requirement()
        .is_met_by(&resumed.session)
    {
        asked.account = resumed.account;
        asked.session = Some(resumed.session);
    }
    Ok(resumed.cookie)
}

/// Whether a request shows a token (RFC 6750, 2.1): then its cookies count for nothing, and it gets none.
pub(super) fn shows_token(headers: &HeaderMap) -> bool {
    let scheme = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.as_bytes().split(|byte| *byte == b' ').next());
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
}

/// Takes who asks from the token that is shown.
async fn by_token(site: &Site, headers: &HeaderMap, asked: &mut request::Request) -> Result<(), web::Error> {
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|shown| shown.to_str().ok());
    let bearer = site
        .services()
        .tokens
        .authenticate(shown.unwrap_or_default())
        .await?;
    let bearer = bearer.ok_or(web::Error::Unauthorised)?;
    asked.account = bearer.account;
    asked.token = Some(bearer.id);
    Ok(())
}

/// Whether a handler has set the session's cookie itself, which is newer than what the layer knows.
fn sets_session(response: &Response, cookie: &HeaderValue) -> bool {
    let name = |value: &HeaderValue| {
        let bytes = value.as_bytes();
        bytes
            .iter()
            .position(|byte| *byte == b'=')
            .map(|end| bytes.get(..=end).map(<[u8]>::to_vec))
    };
    response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .any(|set| name(set) == name(cookie))
}

fn decode_query(query: &str) -> Option<Vec<(String, String)>> {
    let raw = query.replace('+', " ");
    percent_encoding::percent_decode_str(&raw).decode_utf8().ok()?;
    Some(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
}
