//! `/api/items/{id}/revisions`: the versions of an item, for those who may edit it.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value as Json, json};

use super::asked::Shape;
use super::params::Params;
use super::represent::put;
use super::{Operation, Resource, etag, items, reference, refusal, represent};
use crate::subsystems::item::{Item, differences};
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

pub(super) fn resources() -> Vec<Resource> {
    vec![
        Resource::new("/api/items/{id}/revisions", "Revisions of an item").with(listing()),
        Resource::new("/api/items/{id}/revisions/{revision}", "A revision").with(reading()),
        Resource::new(
            "/api/items/{id}/revisions/{revision}/diff/{other}",
            "What differs between two revisions",
        )
        .with(comparing()),
        Resource::new(
            "/api/items/{id}/revisions/{revision}/revert",
            "Going back to a revision",
        )
        .with(reverting()),
    ]
}

fn with_id(operation: Operation) -> Operation {
    operation
        .identifier("id", "The identifier of the item.")
        .guarded()
        .of_an_item()
}

fn listing() -> Operation {
    let listing = Operation::new(
        Method::GET,
        "listRevisions",
        "List the revisions of an item",
        get(list),
    );
    with_id(listing)
        .description("Newest first. Those who may edit the item may see them.")
        .open()
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
}

fn reading() -> Operation {
    let reading = Operation::new(
        Method::GET,
        "getRevision",
        "Read a revision of an item",
        get(read),
    );
    with_id(reading).identifier("revision", "The revision.")
        .description(
            "The item as it was: title, fields and whether it was published. What belongs to no revision, such as its \
             path, is as it is now. Those who may edit the item may see it.",
        )
        .open()
        .remembered()
        .answers(
            StatusCode::OK,
            "The item as it was.",
            Some(reference("Item")),
        )
        .telling("ETag", "Names this answer.")
}

fn comparing() -> Operation {
    let comparing = Operation::new(
        Method::GET,
        "compareRevisions",
        "Compare two revisions of an item",
        get(compare),
    );
    let comparing = with_id(comparing).identifier("revision", "The older revision.");
    comparing
        .identifier("other", "The newer revision.")
        .description("Field by field, and word by word within a text.")
        .open()
        .remembered()
        .answers(StatusCode::OK, "What differs.", Some(reference("Differences")))
        .telling("ETag", "Names this answer.")
}

fn reverting() -> Operation {
    let reverting = Operation::new(
        Method::POST,
        "revertItem",
        "Go back to a revision of an item",
        post(revert),
    );
    with_id(reverting).identifier("revision", "The revision to go back to.")
        .description(
            "Makes a new revision with the title and the fields of the older one. Whether the item is published stays \
             as it is.",
        )
        .header(
            "If-Match",
            "The ETag of the version that is gone back from, or `*`.",
        )
        .answers(
            StatusCode::OK,
            "The item as it is now.",
            Some(reference("Item")),
        )
        .telling("ETag", "The version of the item.")
        .refuses(
            StatusCode::PRECONDITION_FAILED,
            "The item is at another version than `If-Match` names.",
        )
        .refuses(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The item is no longer what its type says; `errors` says where.",
        )
        .refuses(
            StatusCode::PRECONDITION_REQUIRED,
            "Nothing says from which version.",
        )
}

/// An item that whoever asks may edit, by the identifier in an address.
async fn editable(session: &Session, id: &str) -> Result<Item, Error> {
    let id = items::parsed(id)?;
    let found = session.services().items.editable(session, id).await;
    found.map_err(|error| refusal::of_item(session, None, error))
}

/// An item as it was, without the fields that whoever asks may not see.
async fn past(session: &Session, item: &Item, revision: &str) -> Result<Item, Error> {
    let items = &session.services().items;
    let past = items.at_revision(item, items::parsed(revision)?).await?;
    Ok(items.visible(session, past).await)
}

async fn read(
    session: Cx,
    Path((id, revision)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    Params::of(session.request(), &[], &[])?;
    let item = editable(&session, &id).await?;
    let past = past(&session, &item, &revision).await?;
    let body = represent::item(&session, &past, &Shape::default());
    let body = Json::from(body).to_string();
    Ok(represent::versioned(&headers, &etag::of(&body), body))
}

async fn compare(
    State(site): State<Site>,
    session: Cx,
    Path((id, older, newer)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    Params::of(session.request(), &[], &[])?;
    let item = editable(&session, &id).await?;
    let older = past(&session, &item, &older).await?;
    let newer = past(&session, &item, &newer).await?;
    let services = site.services();
    let of = services.item_types.get(&item.item_type).ok_or(Error::NotFound)?;
    let names = services
        .items
        .names(&session, &[&older, &newer], |_, _| true)
        .await?;
    let body = json!({ "differences": differences(&of, &older, &newer, &names) }).to_string();
    Ok(represent::versioned(&headers, &etag::of(&body), body))
}

async fn revert(
    State(site): State<Site>,
    session: Cx,
    Path((id, revision)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    Params::of(session.request(), &[], &[])?;
    let item = editable(&session, &id).await?;
    let base = etag::check(&headers, None, &item)?;
    let of = site.services().item_types.get(&item.item_type);
    let reverted = site
        .services()
        .items
        .revert(&session, item, items::parsed(&revision)?)
        .await;
    let item = reverted.map_err(|error| refusal::of_change(&session, of.as_deref(), base, error))?;
    Ok(items::stored(&session, item).await)
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
