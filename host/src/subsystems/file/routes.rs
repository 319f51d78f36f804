//! Files on the web.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use uuid::Uuid;

use super::range::{Wanted, wanted};
use super::{Error, File, model};
use crate::subsystems::Site;
use crate::web;

/// Shown in place; anything else is offered for saving.
const INLINE: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/svg+xml",
];
/// What a browser would run: shown without scripts, plugins, forms and requests of its own, in an origin of its own.
const ACTIVE: &[&str] = &["image/svg+xml", "text/html"];
const SANDBOX: HeaderValue =
    HeaderValue::from_static("sandbox; default-src 'none'; style-src 'unsafe-inline'");
/// The content behind an identifier never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(super) fn routes() -> axum::Router<Site> {
    axum::Router::new().route("/files/{id}/{name}", get(serve))
}

async fn serve(
    State(site): State<Site>,
    Path((id, name)): Path<(String, String)>,
    request: HeaderMap,
) -> Result<Response, web::Error> {
    let files = &site.services().files;
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let file = files
        .find(id)
        .await?
        .filter(|file| file.name == name)
        .ok_or(Error::NotFound)?;
    let etag = format!("\"{}\"", file.sha256);
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, FOREVER);
    set(&mut headers, header::ETAG, &etag);
    let (status, part) = match wanted(&request, &etag, file.size) {
        Wanted::Nothing => return Ok((StatusCode::NOT_MODIFIED, headers).into_response()),
        Wanted::Unsatisfiable => {
            set(
                &mut headers,
                header::CONTENT_RANGE,
                &format!("bytes */{}", file.size),
            );
            // A type keeps the answer from being taken for one that lacks its error page.
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/octet-stream"),
            );
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
        Wanted::Whole => (StatusCode::OK, 0..file.size),
        Wanted::Part(part) => {
            let range = format!(
                "bytes {}-{}/{}",
                part.start,
                part.end.saturating_sub(1),
                file.size
            );
            set(&mut headers, header::CONTENT_RANGE, &range);
            (StatusCode::PARTIAL_CONTENT, part)
        }
    };
    describe(&mut headers, &file);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    let body = Body::from_stream(files.read(&file, part).await?);
    Ok((status, headers, body).into_response())
}

/// What a browser may do with the content.
fn describe(headers: &mut HeaderMap, file: &File) {
    let mime = file.mime.as_str();
    let charset = if mime.starts_with("text/") {
        "; charset=utf-8"
    } else {
        ""
    };
    set(headers, header::CONTENT_TYPE, &format!("{mime}{charset}"));
    let disposition = if INLINE.contains(&mime) {
        "inline"
    } else {
        "attachment"
    };
    // RFC 6266, 4.3: the encoded form alone, which every browser reads.
    let name = model::encode(&file.name);
    set(
        headers,
        header::CONTENT_DISPOSITION,
        &format!("{disposition}; filename*=UTF-8''{name}"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if ACTIVE.contains(&mime) {
        headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    }
}

/// Sets a header whose value is made of numbers, hashes and encoded names; another can't be sent and is left out.
fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
