//! `/api/items/{id}/revisions`: the versions of an item, for those who may edit it.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value as Json, json};

use super::params::Params;
use super::represent::put;
use super::{Operation, Resource, etag, items, reference, refusal, represent};
use crate::subsystems::{Cx, Site};
use crate::web::Error;

pub(super) fn resources() -> Vec<Resource> {
    let listing = Operation::new(
        Method::GET,
        "listRevisions",
        "List the revisions of an item",
        get(list),
    )
    .description("Newest first. Those who may edit the item may see them.")
    .open()
    .path(
        "id",
        "The identifier of the item.",
        json!({ "type": "string", "format": "uuid" }),
    )
    .query(
        "limit",
        "Revisions of a page.",
        json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 25 }),
    )
    .query(
        "cursor",
        "Where the page begins: from the `next` of the page before.",
        json!({ "type": "string" }),
    )
    .remembered()
    .answers(
        StatusCode::OK,
        "A page of revisions.",
        Some(reference("RevisionPage")),
    )
    .telling("ETag", "Names this answer.")
    .telling("Link", "The next page (RFC 8288), if there is one.")
    .with_parameters()
    .guarded()
    .of_an_item();
    vec![Resource::new("/api/items/{id}/revisions", "Revisions of an item").with(listing)]
}

async fn list(
    State(site): State<Site>,
    session: Cx,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let services = site.services();
    let params = Params::of(session.request(), &["limit", "cursor"], &[])?;
    let item = items::find(&session, &id).await?;
    let name = format!("revisions:{}", item.id);
    let after = params
        .get("cursor")
        .map(|cursor| services.api.position(&name, cursor))
        .transpose()?;
    let found = services
        .items
        .revisions_after(&session, item.id, after, params.limit()?)
        .await;
    let (revisions, next) = found.map_err(|error| refusal::of_item(&session, None, error))?;
    let shown: Vec<Json> = revisions
        .iter()
        .map(|revision| {
            json!({
                "id": revision.id,
                "title": revision.title,
                "author": (!revision.author.is_nil()).then_some(revision.author),
                "created": represent::moment(revision.created),
                "log": revision.log_message,
                "current": revision.id == item.revision,
            })
        })
        .collect();
    let mut page = json!({ "revisions": shown });
    let tag = etag::of(&json!([page, next]).to_string());
    let next = match &next {
        Some(position) => Some(items::next(&session, &services.api.cursor(&name, position)?)),
        None => None,
    };
    put(&mut page, "next", next.as_deref());
    let mut answer = represent::versioned(&headers, &tag, page.to_string());
    if let Some(link) = next.and_then(|next| HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok()) {
        answer.headers_mut().insert(header::LINK, link);
    }
    Ok(answer)
}
