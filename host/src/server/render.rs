//! The last step of every request: pages and errors get their theme.

mod context;
mod crumbs;
mod problem;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::{asking, head, layers};
use crate::kernel::Plain;
use crate::subsystems::theme::Additions;
use crate::subsystems::{Session, Site, admin, tree};
use crate::taps;
use crate::web::{Error, Page};
use crate::wit::pages::PageInfo;

/// Until a site is set up there is nowhere to log in, and no other page to go to.
const INSTALL: &str = "/install";

/// Puts the pages and errors that handlers answer into the site's theme.
pub async fn pages(State(site): State<Site>, request: Request, next: Next) -> Response {
    let is_program = asking::shows_token(request.headers()) || request.uri().path().starts_with("/api/");
    let wants_json = is_program || asking::prefers_json(request.headers());
    let cx = request.extensions().get::<crate::subsystems::Cx>().cloned();
    let mut response = next.run(request).await;
    let Some(session) = cx else { return response };
    if let Some(page) = response.extensions_mut().remove::<Page>() {
        return with_theme(&site, &session, page, response).await;
    }
    let error = response
        .extensions_mut()
        .remove::<Arc<Error>>()
        .or_else(|| unexplained(&response).map(Arc::new));
    let Some(error) = error else { return response };
    log(&session, &error);
    let allowed = response.headers_mut().remove(header::ALLOW);
    let mut answer = if wants_json {
        problem::answer(&session, &error)
    } else {
        let page = problem::page(&site, &session, &error);
        with_theme(&site, &session, page, error.status().into_response()).await
    };
    match *error {
        Error::Busy | Error::Unavailable(_) => {
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        Error::TooMany(seconds) => {
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // RFC 6750, 3, and no more than that.
        Error::Unauthorised => {
            let bearer = HeaderValue::from_static("Bearer");
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        // RFC 9110, 15.5.6: whoever asked in the wrong way is told the right ones.
        Error::Method => {
            let allowed = allowed.unwrap_or(HeaderValue::from_static("GET, HEAD"));
            answer.headers_mut().insert(header::ALLOW, allowed);
        }
        _ => {}
    }
    answer
}

/// An error that the framework answered by itself: a body that is too large, a form that is none.
fn unexplained(response: &Response) -> Option<Error> {
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !plain {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Error::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Error::Method),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Error::TooLarge),
        status if status.is_client_error() => {
            Some(Error::Bad("The request could not be understood.".to_owned()))
        }
        _ => None,
    }
}

fn log(session: &Session, error: &Error) {
    let request = session.request();
    if let Some(cause) = error.cause() {
        tracing::error!(request.id = %request.id, "{} could not be answered: {cause}", request.path);
    }
}

async fn with_theme(site: &Site, session: &Session, mut page: Page, response: Response) -> Response {
    page.admin |= *session.request().theme == *admin::THEME;
    let additions = preprocess(session, &page).await;
    let mut context = context::of(site, session, &page).await;
    head::fill(session, &page, &mut context).await;
    let status = page.status;
    let theme = if page.admin {
        admin::THEME
    } else {
        &session.request().theme
    };
    let html = site.services().themes.render_page(theme, &context, &additions);
    let (mut parts, _) = response.into_parts();
    parts.status = status;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    let (fresh, body) = Html(html).into_response().into_parts();
    parts.headers.extend(fresh.headers);
    parts
        .headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert_with(|| layers::policy(session.request().made_nonce()));
    if !session.request().account.id.is_nil() {
        // What somebody sees who is signed in is nobody else's.
        let private = HeaderValue::from_static("private, no-cache");
        parts.headers.entry(header::CACHE_CONTROL).or_insert(private);
    }
    Response::from_parts(parts, body)
}

async fn preprocess(session: &Session, page: &Page) -> Additions {
    let mut additions = Additions::default();
    if !session.has::<taps::PreprocessPage>() {
        return additions;
    }
    let mut input = Plain(|| {
        let info = PageInfo {
            path: session.request().path.clone(),
            title: page.title.clone(),
            status: page.status.as_u16(),
            item: page.item.map(|id| id.to_string()),
        };
        (info,)
    });
    for (plugin, (variables,)) in session.collect::<taps::PreprocessPage>(&mut input).await {
        additions.add(&plugin.manifest.name, tree::variables_from(variables));
    }
    additions
}
