//! Versions: the entity tag of an answer, and what a request makes conditional on it (RFC 9110, 13).
//!
//! The tag of an item is its revision and a digest of the answer. The whole of it tells whether the answer has changed;
//! the revision alone tells whether the item has.

use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::subsystems::item::Item;
use crate::web::{Error, Problem};

/// The tag of an answer about an item.
pub(super) fn of_item(item: &Item, body: &str) -> String {
    format!("\"{}.{}\"", item.revision.simple(), digest(body))
}

/// The tag of any other answer.
pub(super) fn of(body: &str) -> String {
    format!("\"{}\"", digest(body))
}

fn digest(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    digest.iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the client has this answer already: `If-None-Match` (13.1.2), by weak comparison.
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let strong = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    list(headers, header::IF_NONE_MATCH).is_some_and(|known| {
        known
            .iter()
            .any(|known| known == "*" || strong(known) == strong(tag))
    })
}

/// Which revision a change is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// The one that the header names.
    Header,
    /// The one that the body names.
    Body,
    /// Whichever there is.
    Any,
}

/// Refuses a change that does not say which revision it is for, or is for another one than the item is at.
///
/// # Errors
/// 428 (RFC 6585, 3) where nothing says it, 412 where the header says another, 409 where the body does.
pub(super) fn check(headers: &HeaderMap, said: Option<Uuid>, item: &Item) -> Result<Base, Error> {
    if let Some(tags) = list(headers, header::IF_MATCH) {
        let revision = item.revision.simple().to_string();
        let fits = |tag: &String| {
            let bare = tag.strip_prefix('"').and_then(|tag| tag.split(['.', '"']).next());
            bare == Some(revision.as_str())
        };
        return if tags.iter().any(|tag| tag == "*") {
            Ok(Base::Any)
        } else if tags.iter().any(fits) {
            Ok(Base::Header)
        } else {
            Err(stale(StatusCode::PRECONDITION_FAILED, Some(item.revision)))
        };
    }
    match said {
        Some(said) if said == item.revision => Ok(Base::Body),
        Some(_) => Err(stale(StatusCode::CONFLICT, Some(item.revision))),
        None => {
            let detail =
                "Say which version this is for: send its ETag in If-Match, or * for whichever there is.";
            Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, detail).into())
        }
    }
}

/// Somebody else was faster.
pub(super) fn stale(status: StatusCode, current: Option<Uuid>) -> Error {
    let detail = "The item has been changed by somebody else in the meantime, and nothing was done: fetch it again, \
                  and make the change there.";
    let mut problem = Problem::new(status, detail);
    if let Some(current) = current {
        problem = problem.with("revision", current.to_string());
    }
    problem.into()
}

/// The members of a list of tags.
fn list(headers: &HeaderMap, name: HeaderName) -> Option<Vec<String>> {
    let lines: Vec<&HeaderValue> = headers.get_all(name).iter().collect();
    if lines.is_empty() {
        return None;
    }
    let members = lines
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|tag| tag.trim().to_owned());
    Some(members.collect())
}
