//! Who asks for what: made once for a request, before anything is done for it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

use super::layers::{ALWAYS, Refused, RequestId, Secure};
use crate::request::{self, Account, Binding, SignInState};
use crate::subsystems::session::Cookie;
use crate::subsystems::{Cx, Site, admin};
use crate::web;

/// Makes the session: who asks for what, with which plugins.
pub async fn session(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    // Whoever embeds the router may vouch for an account; nothing that comes over the network can.
    let vouched = request.extensions_mut().remove::<Account>();
    let is_vouched = vouched.is_some();
    let mut asked = arrived(&site, &mut request, vouched);
    let shows_token = !is_vouched && shows_token(request.headers());
    let known = if is_vouched {
        Ok(None)
    } else if shows_token {
        by_token(&site, request.headers(), &mut asked)
            .await
            .map(|()| None)
    } else {
        let signed_in = sign_in(&site, request.headers(), &mut asked).await;
        signed_in.map_err(web::Error::from)
    };
    let cookie = known.unwrap_or_else(|error| {
        request.extensions_mut().insert(Refused::new(error));
        None
    });
    settle(&site, request.headers(), &mut asked);
    let session: Cx = Cx(Arc::new(site.session(asked)));
    request.extensions_mut().insert(session.clone());
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    if session.request().is_secure {
        response.extensions_mut().insert(Secure);
    }
    if shows_token {
        response.headers_mut().remove(header::SET_COOKIE);
    } else {
        leave(&site, &session, &headers, &mut response, cookie);
    }
    response
}

/// Whether JSON is preferred to a page.
pub fn prefers_json(headers: &HeaderMap) -> bool {
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    let position = |kind: &str| accepts.find(kind);
    match (
        position("application/json").or_else(|| position("application/problem+json")),
        position("text/html"),
    ) {
        (Some(json), Some(html)) => json < html,
        (Some(_), None) => true,
        _ => false,
    }
}

/// The request as it has arrived. What can't be read is refused further in, where errors get their pages.
fn arrived(site: &Site, request: &mut Request, vouched: Option<Account>) -> request::Request {
    let id = request
        .extensions()
        .get::<RequestId>()
        .map_or_else(Uuid::nil, |id| id.0);
    let query = decode_query(request.uri().query().unwrap_or_default());
    if query.is_none() {
        let why = Refused::bad("The query of this address is not valid UTF-8.");
        request.extensions_mut().insert(why);
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(peer)| peer.ip());
    let arrival = site.services().entrance.arrival(peer, request.headers());
    if !arrival.is_readable {
        let why = Refused::bad("The Host header of this request names no host.");
        request.extensions_mut().insert(why);
    }
    let account = vouched.unwrap_or_else(|| site.services().access.visitor());
    let mut asked = request::Request::new(id, request.uri().path(), account);
    asked.query = query.unwrap_or_default();
    asked.address = arrival.address;
    asked.is_secure = arrival.is_secure;
    asked.origin = arrival.origin;
    asked
}

/// What follows from who asks: the theme, whose forms are taken, what there is to say.
fn settle(site: &Site, headers: &HeaderMap, asked: &mut request::Request) {
    let services = site.services();
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
        _ => services.forms.binding(headers, asked.is_secure),
    };
    asked.messages = services.forms.messages(headers);
}

/// Gives the browser its cookies.
fn leave(
    site: &Site,
    session: &Cx,
    headers: &HeaderMap,
    response: &mut Response,
    cookie: Option<HeaderValue>,
) {
    if let Some(cookie) = cookie
        && !sets_session(response, &cookie)
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    let (forms, answer) = (&site.services().forms, response.headers_mut());
    forms.tell_binding(session.request(), answer);
    forms.leave_messages(session.request(), headers, answer);
    keep_cookies_private(answer);
}

/// What comes with a cookie is for this browser alone, however often others may have the rest (RFC 9111, 7.3).
fn keep_cookies_private(answer: &mut HeaderMap) {
    let shared = answer
        .get(header::CACHE_CONTROL)
        .and_then(|control| control.to_str().ok())
        .filter(|control| control.contains("public"));
    if let Some(control) = shared
        && answer.contains_key(header::SET_COOKIE)
        && let Ok(private) = HeaderValue::from_str(&control.replace("public", "private"))
    {
        answer.insert(header::CACHE_CONTROL, private);
    }
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
pub fn shows_token(headers: &HeaderMap) -> bool {
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
