//! Who may go where: a layer before everything below `/admin`, and one before each page with a permission.

use axum::extract::Request;
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::{ENTER, HOME};
use crate::request::Account;
use crate::subsystems::Cx;
use crate::web::Error;

/// Where people sign in.
const SIGN_IN: &str = "/user/login";

/// Whether a path lies in the administration.
#[must_use]
pub fn is_below(path: &str) -> bool {
    path.strip_prefix(HOME)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Lets nobody below `/admin` who may not enter the administration, whether or not something is there.
pub async fn keep_out(request: Request, next: Next) -> Response {
    if is_below(request.uri().path()) {
        check(ENTER, request, next).await
    } else {
        next.run(request).await
    }
}

/// Lets those pass who have a permission.
pub(super) async fn check(permission: &'static str, request: Request, next: Next) -> Response {
    let Some(session) = request.extensions().get::<Cx>() else {
        return Error::internal("the request has no session").into_response();
    };
    let account = &session.request().account;
    if account.may(permission) {
        return next.run(request).await;
    }
    refuse(account, request.method(), request.uri())
}

/// Visitors are asked to sign in and come back; others are refused.
fn refuse(account: &Account, method: &Method, uri: &Uri) -> Response {
    if !account.id.is_nil() || !matches!(*method, Method::GET | Method::HEAD) {
        return Error::Denied.into_response();
    }
    let back = uri.path_and_query().map_or(HOME, |path| path.as_str());
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("destination", back)
        .finish();
    Redirect::to(&format!("{SIGN_IN}?{query}")).into_response()
}
