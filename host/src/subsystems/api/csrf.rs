//! Requests of browsers that change something carry a token, as forms do: a script of the site asks for it and sends it
//! in a header, which a page of another site can't.

use axum::extract::{Request, State};
use axum::http::{HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::json;

use super::{Operation, Resource, represent};
use crate::request::SignInState;
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Problem};

/// The header of the token.
const HEADER: HeaderName = HeaderName::from_static("x-csrf-token");
const PURPOSE: &str = "api";

pub(super) fn resources() -> Vec<Resource> {
    let schema = json!({
        "type": "object",
        "properties": { "token": { "type": "string" } },
        "required": ["token"],
        "additionalProperties": false,
    });
    let operation = Operation::new(Method::GET, "getCsrfToken", "The token of a browser's session", get(token))
        .description(
            "Whoever is signed in by a cookie sends this token in the header `X-CSRF-Token` with every request that \
             changes something. Requests with an access token need none.",
        )
        .answers(StatusCode::OK, "The token of this session.", Some(schema))
        .refuses(StatusCode::UNAUTHORIZED, "Nobody is signed in by a cookie.");
    vec![Resource::new("/api/csrf-token", "Token of a browser's session").with(operation)]
}

async fn token(State(site): State<Site>, session: Cx) -> Result<Response, Error> {
    let key = browser(&session).ok_or(Error::Unauthorised)?;
    let token = BASE64.encode(site.services().secrets.mac(PURPOSE, key.as_bytes()));
    Ok(represent::answer(&json!({ "token": token })))
}

/// What names the session of the browser in which whoever asks has signed in; none for programs and visitors.
fn browser(session: &Session) -> Option<&str> {
    let request = session.request();
    let signed_in = request
        .session
        .as_ref()
        .is_some_and(|session| session.state != SignInState::Pending);
    signed_in.then(|| request.binding.key()).flatten()
}

/// Refuses a request of a browser's session that changes something and lacks the token.
pub(super) async fn check(session: Cx, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let key = browser(&session).filter(|_| !is_safe);
    let Some(key) = key else {
        return next.run(request).await;
    };
    let sent = request
        .headers()
        .get(HEADER)
        .and_then(|token| BASE64.decode(token.as_bytes()).ok());
    let secrets = &session.services().secrets;
    if sent.is_some_and(|sent| secrets.is_mac(PURPOSE, key.as_bytes(), &sent)) {
        return next.run(request).await;
    }
    tracing::warn!(
        request.id = %session.request().id,
        "{} {} was refused: it lacks the token of its session",
        request.method(),
        request.uri().path(),
    );
    let detail = "A request that is signed in by a cookie and changes something needs the header X-CSRF-Token, with \
                  the token that /api/csrf-token answers.";
    Error::from(Problem::new(StatusCode::FORBIDDEN, detail)).into_response()
}
