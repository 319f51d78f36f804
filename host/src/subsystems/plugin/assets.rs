//! The static files of plugins: read with the package, kept with its copy, served below `/plugin/NAME/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::extract::{Path as UrlPath, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use super::Error;
use crate::kernel::Manifest;
use crate::subsystems::{Cx, Site};
use crate::web;

/// The most files of a plugin, the most bytes of one and of all.
const FILES: usize = 500;
const FILE_BYTES: u64 = 4 << 20;
const BYTES: u64 = 16 << 20;
/// How deep folders may nest.
const DEPTH: usize = 8;

/// An address with the right digest always means this content; one without is asked about each time.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK: HeaderValue = HeaderValue::from_static("no-cache");
/// What a browser would run if it is opened by itself: without scripts and requests.
const SANDBOX: HeaderValue =
    HeaderValue::from_static("sandbox; default-src 'none'; style-src 'unsafe-inline'");
const ACTIVE: [&str; 4] = ["text/html", "application/xhtml+xml", "image/svg+xml", "text/xml"];

/// A static file.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Where it is in the plugin's folder.
    pub file: String,
    /// What it is.
    pub bytes: Arc<[u8]>,
}

/// A file as it is served.
#[derive(Clone, Debug)]
pub(super) struct Served {
    bytes: Arc<[u8]>,
    mime: String,
    digest: String,
}

/// The files of all plugins: by plugin, then by the path below `/plugin/NAME/`.
pub(super) type Table = BTreeMap<String, BTreeMap<String, Served>>;

/// Reads the files that a manifest names.
///
/// # Errors
/// A folder can't be read, or there is more in it than a plugin may have.
pub(super) fn read(folder: &Path, manifest: &Manifest) -> Result<Vec<Asset>, Error> {
    let mut found = Vec::new();
    let mut bytes = 0;
    for route in &manifest.routes {
        collect(folder, &route.files, DEPTH, &mut found, &mut bytes)?;
    }
    found.sort_by(|one, other| one.file.cmp(&other.file));
    found.dedup_by(|one, other| one.file == other.file);
    Ok(found)
}

fn collect(
    root: &Path,
    below: &str,
    depth: usize,
    found: &mut Vec<Asset>,
    bytes: &mut u64,
) -> Result<(), Error> {
    let path = root.join(below);
    let file_error = |source| Error::File {
        path: path.clone(),
        source,
    };
    for entry in fs::read_dir(&path).map_err(file_error)? {
        let entry = entry.map_err(file_error)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What is hidden is the author's own; a link could lead out of the folder.
        let kind = entry.file_type().map_err(file_error)?;
        if name.starts_with('.') || kind.is_symlink() {
            continue;
        }
        let file = format!("{below}/{name}");
        if kind.is_dir() {
            if depth > 0 {
                collect(root, &file, depth - 1, found, bytes)?;
            }
            continue;
        }
        let size = entry.metadata().map_err(file_error)?.len();
        *bytes += size;
        if size > FILE_BYTES || *bytes > BYTES || found.len() >= FILES {
            return Err(Error::Assets {
                path: root.join(&file),
            });
        }
        let content = fs::read(entry.path()).map_err(file_error)?;
        found.push(Asset {
            file,
            bytes: content.into(),
        });
    }
    Ok(())
}

/// The files of a package as they are served.
pub(super) fn served(manifest: &Manifest, assets: &[Asset]) -> BTreeMap<String, Served> {
    let mut served = BTreeMap::new();
    for route in &manifest.routes {
        for asset in assets {
            let Some(rest) = asset
                .file
                .strip_prefix(&route.files)
                .and_then(|rest| rest.strip_prefix('/'))
            else {
                continue;
            };
            let digest: String = Sha256::digest(&asset.bytes)
                .iter()
                .take(16)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let one = Served {
                bytes: asset.bytes.clone(),
                mime: mime(rest),
                digest,
            };
            served.insert(format!("{}/{rest}", route.path), one);
        }
    }
    served
}

fn mime(path: &str) -> String {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = mime.type_() == "text" || matches!(mime.subtype().as_str(), "javascript" | "json" | "svg");
    match is_text {
        true => format!("{mime}; charset=utf-8"),
        false => mime.to_string(),
    }
}

pub(super) fn routes() -> axum::Router<Site> {
    axum::Router::new().route("/plugin/{name}/{*path}", get(serve))
}

/// Answers with a file. Paths are keys of a table, so none leads anywhere else.
async fn serve(
    session: Cx,
    UrlPath((name, path)): UrlPath<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
    request: HeaderMap,
) -> Result<Response, web::Error> {
    let files = &session.registry().noted().assets;
    let file = files
        .get(&name)
        .and_then(|files| files.get(&path))
        .ok_or(web::Error::NotFound)?;
    let etag = format!("\"{}\"", file.digest);
    let is_named = query.get("v").is_some_and(|version| *version == file.digest);
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, if is_named { FOREVER } else { ASK });
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    for (name, value) in [(header::ETAG, &etag), (header::CONTENT_TYPE, &file.mime)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    if ACTIVE.iter().any(|active| file.mime.starts_with(active)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    }
    let known = request
        .get(header::IF_NONE_MATCH)
        .and_then(|known| known.to_str().ok());
    let mut tags = known.into_iter().flat_map(|known| known.split(','));
    if tags.any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*") {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, file.bytes.to_vec()).into_response())
}
