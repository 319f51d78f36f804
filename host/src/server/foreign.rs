//! Refuses what another site makes a browser do here: requests that change something and come from a page elsewhere.
//! Forms have tokens besides; this holds for every route, whoever wrote it.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::subsystems::Cx;
use crate::web::Error;

/// Refuses a request with an unsafe method that a browser sends for a page of another origin (Fetch Metadata, Fetch
/// 3.2). Programs send neither of the two headers: they have no cookies that somebody could abuse.
pub async fn refuse(request: Request, next: Next) -> Response {
    let cx = request.extensions().get::<Cx>();
    let site_url = cx.map_or_else(String::new, |cx| cx.request().origin.to_string());
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    );
    // A token is not sent along by a browser unasked.
    let shows_token = cx.is_some_and(|cx| cx.request().token.is_some());
    if safe || shows_token || is_own(request.headers(), &site_url) {
        return next.run(request).await;
    }
    let id = cx.map(|cx| cx.request().id);
    tracing::warn!(
        request.id = id.map(|id| id.to_string()),
        "{} {} was refused: a page of another site has sent it",
        request.method(),
        request.uri().path(),
    );
    Error::Foreign.into_response()
}

fn is_own(headers: &HeaderMap, site_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(origin) = text(header::ORIGIN.as_str()) {
        let host = text(header::HOST.as_str()).unwrap_or_default();
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        let own_origin = !site_url.is_empty() && origin.eq_ignore_ascii_case(site_url.trim_end_matches('/'));
        return own_origin || authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host));
    }
    text("sec-fetch-site").is_none_or(|from| matches!(from, "same-origin" | "none"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_pages_of_the_site_itself_may_change_something() {
        let cases = [
            (&[][..], true),
            (
                &[("origin", "https://example.org"), ("host", "example.org")],
                true,
            ),
            (
                &[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")],
                true,
            ),
            (
                &[("origin", "https://site.example"), ("host", "behind.proxy")],
                true,
            ),
            (
                &[("origin", "https://evil.example"), ("host", "example.org")],
                false,
            ),
            (
                &[
                    ("origin", "https://example.org.evil.example"),
                    ("host", "example.org"),
                ],
                false,
            ),
            (&[("origin", "null"), ("host", "example.org")], false),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
        ];
        for (sent, own) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in sent {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            assert_eq!(is_own(&headers, "https://site.example"), own, "{sent:?}");
        }
    }
}
