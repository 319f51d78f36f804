//! Items and answers as JSON.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};

use super::asked::Shape;
use super::etag;
use crate::subsystems::Session;
use crate::subsystems::item::Item;
use crate::time::Timestamp;

/// An answer that is nobody else's and is not kept.
#[must_use]
pub fn answer(body: &Json) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (StatusCode::OK, headers, body.to_string()).into_response()
}

/// Gives an object a member.
pub(super) fn put(object: &mut Json, name: &str, value: impl Into<Json>) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value.into());
    }
}

/// A moment (RFC 3339); none for one that the calendar does not reach.
#[must_use]
pub fn moment(at: Timestamp) -> Option<String> {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .ok()
        .map(|at| at.to_string())
}

/// An answer with its version; 304 to whoever has it already.
pub(super) fn versioned(asked: &HeaderMap, tag: &str, body: String) -> Response {
    let mut answer = if etag::is_known(asked, tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    let headers = answer.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Authorization, Cookie"));
    answer
}

/// An item with what is wanted of it. When it comes and goes by itself is told to those who may edit it.
pub(super) fn item(session: &Session, item: &Item, shape: &Shape) -> Map<String, Json> {
    let items = &session.services().items;
    let author = (!item.author.is_nil()).then(|| json!({ "id": item.author, "name": item.author_name }));
    let all = [
        ("id", json!(item.id)),
        ("type", json!(&*item.item_type)),
        ("title", json!(item.title)),
        ("author", author.unwrap_or(Json::Null)),
        ("published", json!(item.published)),
        ("promoted", json!(item.promoted)),
        ("sticky", json!(item.sticky)),
        ("created", json!(moment(item.created))),
        ("changed", json!(moment(item.changed))),
        ("revision", json!(item.revision)),
        ("path", json!(item.path())),
    ];
    let dates = [
        ("publish_on", json!(item.publish_on.and_then(moment))),
        ("unpublish_on", json!(item.unpublish_on.and_then(moment))),
    ];
    let may_edit = items.permits_editing(&session.request().account, item);
    let mut shown: Map<String, Json> = all
        .into_iter()
        .chain(dates.into_iter().filter(|_| may_edit))
        .filter(|(name, _)| shape.wants(name))
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let mut fields = items.stored_fields(item);
    fields.retain(|name, _| shape.wants(name));
    if shape.fields.is_none() || !fields.is_empty() {
        shown.insert("fields".to_owned(), fields.into());
    }
    shown
}
