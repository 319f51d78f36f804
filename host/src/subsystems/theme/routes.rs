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
    let etag = format!("\"{}\"", file.hash);
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|known| known.to_str().ok());
    let caching = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, FOREVER.to_owned()),
    ];
    if known.is_some_and(|known| {
        known
            .split(',')
            .any(|known| known.trim().trim_start_matches("W/") == etag)
    }) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let bytes = file.read().map_err(Error::internal)?;
    Ok((caching, [(header::CONTENT_TYPE, file.mime)], bytes).into_response())
}
