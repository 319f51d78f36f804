//! How programs get tokens: OAuth 2.1 client credentials (RFC 6749), revocation (RFC 7009), metadata (RFC 8414), keys
//! (RFC 7517). Errors have the form that RFC 6749, 5.2 asks for.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::client::Refusal;
use super::{Client, Tokens, model};
use crate::subsystems::{Cx, Site};
use crate::web;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/oauth/token", post(token))
        .route("/oauth/revoke", post(revoke))
        .route("/.well-known/jwks.json", get(keys))
        .route("/.well-known/oauth-authorization-server", get(metadata))
}

/// What a client is refused with.
struct Refused {
    status: StatusCode,
    error: &'static str,
    description: String,
    /// Whether the client has tried to authenticate by the header.
    by_header: bool,
}

impl Refused {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        let status = match error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "server_error" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            status,
            error,
            description: description.into(),
            by_header: false,
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let mut response = answer(self.status, &body);
        if self.by_header && self.status == StatusCode::UNAUTHORIZED {
            let basic = HeaderValue::from_static("Basic realm=\"oauth\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
        }
        response
    }
}

/// Nothing of this is kept by anybody on the way (RFC 6749, 5.1).
fn answer(status: StatusCode, body: &Json) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body.to_string()).into_response()
}

async fn token(State(site): State<Site>, headers: HeaderMap, body: Bytes) -> Result<Response, Refused> {
    let tokens = &site.services().tokens;
    let form = read(&headers, &body)?;
    let client = identify(tokens, &headers, &form).await?;
    match form.get("grant_type").map(String::as_str) {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(Refused::new(
                "unsupported_grant_type",
                "the grant type is client_credentials",
            ));
        }
        None => return Err(Refused::new("invalid_request", "grant_type is missing")),
    }
    let scope = form.get("scope").map(String::as_str).unwrap_or_default();
    let grant = tokens.issue(&client, scope).await.map_err(refusal)?;
    let body = json!({
        "access_token": grant.token,
        "token_type": "Bearer",
        "expires_in": model::LASTS.as_secs(),
        "scope": grant.scope,
    });
    Ok(answer(StatusCode::OK, &body))
}

/// What is no token of the client is answered as one that was revoked (RFC 7009, 2.2).
async fn revoke(State(site): State<Site>, headers: HeaderMap, body: Bytes) -> Result<Response, Refused> {
    let tokens = &site.services().tokens;
    let form = read(&headers, &body)?;
    let client = identify(tokens, &headers, &form).await?;
    let token = form
        .get("token")
        .ok_or_else(|| Refused::new("invalid_request", "token is missing"))?;
    tokens
        .revoke_issued(&client, token)
        .await
        .map_err(|error| refusal(Refusal::Failed(error)))?;
    Ok(answer(StatusCode::OK, &json!({})))
}

fn refusal(refusal: Refusal) -> Refused {
    match refusal {
        Refusal::Client => Refused::new("invalid_client", refusal.to_string()),
        Refusal::Scope(_) => Refused::new("invalid_scope", refusal.to_string()),
        Refusal::Failed(error) => {
            tracing::error!("a token could not be issued or revoked: {error}");
            Refused::new("server_error", "something went wrong on our side")
        }
    }
}

/// The parameters, each at most once (RFC 6749, 3.2).
fn read(headers: &HeaderMap, body: &Bytes) -> Result<BTreeMap<String, String>, Refused> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        let problem = "the body is application/x-www-form-urlencoded";
        return Err(Refused::new("invalid_request", problem));
    }
    let mut form = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(body) {
        if form
            .insert(name.clone().into_owned(), value.into_owned())
            .is_some()
        {
            return Err(Refused::new("invalid_request", "a parameter is there twice"));
        }
    }
    Ok(form)
}

async fn identify(
    tokens: &Tokens,
    headers: &HeaderMap,
    form: &BTreeMap<String, String>,
) -> Result<Client, Refused> {
    let basic = headers.get(header::AUTHORIZATION).map(basic);
    let in_body = form.get("client_id").zip(form.get("client_secret"));
    let by_header = basic.is_some();
    let (id, secret) = match (basic, in_body) {
        (Some(_), Some(_)) => {
            return Err(Refused::new(
                "invalid_request",
                "a client authenticates in one way, not in two",
            ));
        }
        (Some(basic), None) => basic.unwrap_or_default(),
        (None, Some((id, secret))) => (id.clone(), secret.clone()),
        (None, None) => Default::default(),
    };
    tokens.identify(&id, &secret).await.map_err(|refused| Refused {
        by_header,
        ..refusal(refused)
    })
}

/// Identifier and secret, both urlencoded (RFC 6749, 2.3.1).
fn basic(value: &HeaderValue) -> Option<(String, String)> {
    let (scheme, rest) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decoded = |text: &str| {
        percent_encoding::percent_decode_str(&text.replace('+', " "))
            .decode_utf8()
            .ok()
            .map(std::borrow::Cow::into_owned)
    };
    Some((decoded(id)?, decoded(secret)?))
}

async fn keys(State(site): State<Site>) -> Result<Response, web::Error> {
    let keys = site.services().tokens.keys().published().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/jwk-set+json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    Ok((headers, keys.to_string()).into_response())
}

/// There is none where the site does not know its address: what issues tokens is named by it.
async fn metadata(State(site): State<Site>, _: Cx) -> Result<Response, web::Error> {
    let issuer = site.services().tokens.issuer().ok_or(web::Error::NotFound)?;
    let methods = ["client_secret_basic", "client_secret_post"];
    let body = json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/oauth/token"),
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint": format!("{issuer}/oauth/revoke"),
        "revocation_endpoint_auth_methods_supported": methods,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
    });
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    Ok((headers, body.to_string()).into_response())
}
