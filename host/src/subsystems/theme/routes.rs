//! The static files of themes.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Themes;
use crate::subsystems::admin::Notice;
use crate::subsystems::{Site, Subsystem};
use crate::web::Error;

/// The address of a file carries a digest of its content.
const FOREVER: &str = "public, max-age=31536000, immutable";

impl Subsystem for Themes {
    fn routes() -> Router<Site> {
        Router::new().route("/theme/{theme}/{*path}", get(file))
    }

    async fn notices(&self, _: &Site) -> Vec<Notice> {
        let problems = self.problems();
        if problems.is_empty() {
            return vec![Notice::fine("Themes", "Every template can be read.")];
        }
        let notice = |problem: super::Problem| Notice::warning("Themes", problem.to_string());
        problems.into_iter().map(notice).collect()
    }
}

async fn file(
    State(site): State<Site>,
    Path((theme, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let file = site
        .services()
        .themes
        .static_file(&theme, &path)
        .ok_or(Error::NotFound)?;
    let packed = takes_gzip(&headers).then(|| file.packed()).flatten();
    // Packed or not are two answers (RFC 9110, 8.8.3.3).
    let etag = format!("\"{}{}\"", file.hash, if packed.is_some() { "-gzip" } else { "" });
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|known| known.to_str().ok());
    let caching = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, FOREVER.to_owned()),
        (header::VARY, header::ACCEPT_ENCODING.to_string()),
    ];
    if known.is_some_and(|known| {
        known
            .split(',')
            .any(|known| known.trim().trim_start_matches("W/") == etag)
    }) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let kind = [(header::CONTENT_TYPE, file.mime.clone())];
    if let Some(packed) = packed {
        let encoding = [(header::CONTENT_ENCODING, "gzip")];
        return Ok((caching, kind, encoding, packed).into_response());
    }
    let bytes = file.read().map_err(Error::internal)?;
    Ok((caching, kind, bytes).into_response())
}

/// Whether a browser says that it can unpack gzip (RFC 9110, 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|accepted| accepted.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|one| {
        let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .and_then(|weight| weight.parse().ok())
            .is_some_and(|weight: f32| weight <= 0.0);
        coding.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}
