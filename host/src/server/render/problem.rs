//! Errors as programs and as people get them.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::subsystems::theme::ErrorPage;
use crate::subsystems::{Session, Site, login};
use crate::web::{Error, Page};

/// RFC 9457. With the type `about:blank` the title is that of the status (4.2.1).
pub(super) fn answer(session: &Session, error: &Error) -> Response {
    let status = error.status();
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_else(|| error.title()),
        "status": status.as_u16(),
        "detail": error.to_string(),
        "instance": format!("urn:uuid:{}", session.request().id),
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    let Error::Problem(problem) = error else {
        return (status, kind, body.to_string()).into_response();
    };
    if let Some(body) = body.as_object_mut() {
        body.extend(problem.members.clone());
    }
    let mut answer = (status, kind, body.to_string()).into_response();
    answer.headers_mut().extend(problem.headers.clone());
    answer
}

/// Visitors who may not see something can sign in and come back to it.
fn login_href(session: &Session, error: &Error) -> Option<String> {
    let request = session.request();
    let may_help = matches!(error, Error::Denied) && request.account.id.is_nil();
    may_help.then(|| {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&request.query)
            .finish();
        let back = if query.is_empty() {
            request.path.clone()
        } else {
            format!("{}?{query}", request.path)
        };
        login::login_href(&back)
    })
}

pub(super) fn page(site: &Site, session: &Session, error: &Error) -> Page {
    let login_href = login_href(session, error);
    let context = ErrorPage {
        status: error.status().as_u16(),
        title: error.title().to_owned(),
        message: error.to_string(),
        hint: match error {
            Error::Denied if login_href.is_none() => {
                "Whoever runs this site decides who may see it.".to_owned()
            }
            error => error.hint().to_owned(),
        },
        request_id: session.request().id.to_string(),
        login_href,
    };
    let content = site
        .services()
        .themes
        .render_error(&session.request().theme, &context);
    let mut page = Page::new(error.title(), content.to_string());
    page.status = error.status();
    page.body_classes = vec!["error-page".to_owned()];
    page
}
