//! `/api/items`: items listed, made, read, changed and deleted.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::asked::{Asked, Shape};
use super::params::Params;
use super::represent::put;
use super::{Operation, Resource, body, draft, etag, include, reference, refusal, represent};
use crate::subsystems::item::{self, Item};
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

pub(super) fn resources() -> Vec<Resource> {
    vec![
        Resource::new("/api/items", "Items")
            .with(listing())
            .with(making()),
        Resource::new("/api/items/{id}", "An item")
            .with(reading())
            .with(changing())
            .with(deleting()),
    ]
}

fn listing() -> Operation {
    Operation::new(Method::GET, "listItems", "List items", get(list))
        .description(
            "Items that whoever asks may see, a page at a time. A page may be shorter than `limit`; there are more as \
             long as there is a `next`.",
        )
        .open()
        .filters()
        .query("sort", "The order: names of members between commas, `-` before one for the greatest first.", json!({ "type": "string", "default": "-created" }))
        .query("limit", "Items of a page.", json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 25 }))
        .query("cursor", "Where the page begins: from the `next` of the page before.", json!({ "type": "string" }))
        .query("fields", "The members and fields that are wanted, between commas.", json!({ "type": "string" }))
        .query("include", "References along which records come along, between commas; a dot leads further.", json!({ "type": "string" }))
        .remembered()
        .answers(StatusCode::OK, "A page of items.", Some(reference("ItemPage")))
        .telling("ETag", "Names this answer.")
        .telling("Link", "The next page (RFC 8288), if there is one.")
        .with_parameters()
}

fn making() -> Operation {
    Operation::new(Method::POST, "createItem", "Make an item", post(create))
        .body(&[body::JSON], reference("NewItem"))
        .answers(StatusCode::CREATED, "The item.", Some(reference("Item")))
        .telling("Location", "Where the item is.")
        .telling("ETag", "The version of the item.")
        .refuses(StatusCode::BAD_REQUEST, "The body is no JSON object.")
        .guarded()
        .refuses(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large.")
        .refuses(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body is of another media type.",
        )
        .refuses(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The item is not what its type says; `errors` says where.",
        )
}

fn with_id(operation: Operation) -> Operation {
    operation.identifier("id", "The identifier of the item.")
}

fn reading() -> Operation {
    with_id(Operation::new(Method::GET, "getItem", "Read an item", get(read)))
        .open()
        .query(
            "fields",
            "The members and fields that are wanted, between commas.",
            json!({ "type": "string" }),
        )
        .query(
            "include",
            "References along which records come along, between commas; a dot leads further.",
            json!({ "type": "string" }),
        )
        .remembered()
        .answers(StatusCode::OK, "The item.", Some(reference("Item")))
        .telling("ETag", "The version of the item.")
        .with_parameters()
        .of_an_item()
}

fn changing() -> Operation {
    with_id(Operation::new(Method::PATCH, "updateItem", "Change an item", patch(change)))
        .description(
            "A merge patch (RFC 7396): what is not named stays as it is, `null` empties a field. Which version the \
             change is for is said by `If-Match`, or by `revision` in the body.",
        )
        .header("If-Match", "The ETag of the version that the change is for, or `*`.")
        .body(&[body::MERGE_PATCH, body::JSON], reference("ItemPatch"))
        .answers(StatusCode::OK, "The item as it is now.", Some(reference("Item")))
        .telling("ETag", "The version of the item.")
        .refuses(StatusCode::BAD_REQUEST, "The body is no JSON object.")
        .guarded()
        .of_an_item()
        .refuses(StatusCode::CONFLICT, "The item is at another revision than the body names.")
        .refuses(StatusCode::PRECONDITION_FAILED, "The item is at another version than `If-Match` names.")
        .refuses(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large.")
        .refuses(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is of another media type.")
        .refuses(StatusCode::UNPROCESSABLE_ENTITY, "The item is not what its type says; `errors` says where.")
        .refuses(StatusCode::PRECONDITION_REQUIRED, "Nothing says which version the change is for.")
}

fn deleting() -> Operation {
    with_id(Operation::new(
        Method::DELETE,
        "deleteItem",
        "Delete an item",
        delete(remove),
    ))
    .description("With all its revisions and paths.")
    .header(
        "If-Match",
        "The ETag of the version that is to be deleted, or `*`.",
    )
    .answers(StatusCode::NO_CONTENT, "The item is gone.", None)
    .guarded()
    .of_an_item()
    .refuses(
        StatusCode::PRECONDITION_FAILED,
        "The item is at another version than `If-Match` names.",
    )
    .refuses(
        StatusCode::PRECONDITION_REQUIRED,
        "Nothing says which version is to be deleted.",
    )
}

async fn list(State(site): State<Site>, session: Cx, headers: HeaderMap) -> Result<Response, Error> {
    let services = site.services();
    let asked = Asked::of(&services.api, session.request(), &services.item_types.all())?;
    let part = services.items.list(&session, asked.listing).await?;
    let mut items = Vec::with_capacity(part.items.len());
    for item in part.items {
        items.push(services.items.visible(&session, item).await);
    }
    let shown: Vec<Json> = items
        .iter()
        .map(|item| represent::item(&session, item, &asked.shape).into())
        .collect();
    let mut page = json!({ "items": shown });
    if !asked.shape.include.is_empty() {
        put(
            &mut page,
            "included",
            include::along(&session, &items, &asked.shape).await?,
        );
    }
    // A cursor is another one each time, so what it stands for is digested.
    let tag = etag::of(&json!([page, part.next]).to_string());
    let next = match &part.next {
        Some(position) => Some(next(&session, &services.api.cursor(&asked.name, position)?)),
        None => None,
    };
    put(&mut page, "next", next.as_deref());
    let mut answer = represent::versioned(&headers, &tag, page.to_string());
    if let Some(link) = next.and_then(|next| HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok()) {
        answer.headers_mut().insert(header::LINK, link);
    }
    Ok(answer)
}

/// The address of the next page: this one with another cursor.
pub(super) fn next(session: &Session, cursor: &str) -> String {
    let request = session.request();
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(request.query.iter().filter(|(name, _)| name != "cursor"))
        .append_pair("cursor", cursor)
        .finish();
    format!("{}?{query}", request.path)
}

/// An item by the identifier in an address.
pub(super) async fn find(session: &Session, id: &str) -> Result<Item, Error> {
    Ok(session.services().items.find(session, parsed(id)?).await?)
}

/// An identifier in an address.
pub(super) fn parsed(id: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(id).map_err(|_| Error::NotFound)
}

async fn read(
    State(site): State<Site>,
    session: Cx,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let services = site.services();
    let params = Params::of(session.request(), &["fields", "include"], &[])?;
    let shape = Shape::of(&params, &services.item_types.all())?;
    let item = find(&session, &id).await?;
    let item = services.items.visible(&session, item).await;
    let mut shown = represent::item(&session, &item, &shape);
    if !shape.include.is_empty() {
        let along = include::along(&session, std::slice::from_ref(&item), &shape).await?;
        shown.insert("included".to_owned(), along);
    }
    let body = Json::from(shown).to_string();
    Ok(represent::versioned(&headers, &etag::of_item(&item, &body), body))
}

async fn create(State(site): State<Site>, session: Cx, request: Request) -> Result<Response, Error> {
    Params::of(session.request(), &[], &[])?;
    let services = site.services();
    let types = services.item_types.all();
    if !types
        .iter()
        .any(|of| services.items.may_create(&session, &of.name))
    {
        return Err(refusal::denied(&session, "You may not make content."));
    }
    let body = body::read(request, &[body::JSON]).await?;
    let draft = draft::made(&session, body)?;
    let of = services.item_types.get(&draft.item.item_type);
    let (item, saved) = services.items.save(&session, draft.item, &draft.log).await;
    saved.map_err(|error| refusal::of_item(&session, of.as_deref(), error))?;
    let location = HeaderValue::try_from(format!("/api/items/{}", item.id));
    let mut answer = stored(&session, *item).await;
    *answer.status_mut() = StatusCode::CREATED;
    if let Ok(location) = location {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    Ok(answer)
}

async fn change(
    State(site): State<Site>,
    session: Cx,
    Path(id): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Error> {
    Params::of(session.request(), &[], &[])?;
    let services = site.services();
    let item = find(&session, &id).await?;
    let (item, allowed) = services
        .items
        .may(&session, Box::new(item), item::Operation::Edit)
        .await;
    if !allowed {
        return Err(refusal::denied(&session, "You may not change this item."));
    }
    let body = body::read(request, &[body::MERGE_PATCH, body::JSON]).await?;
    let base = etag::check(&headers, draft::revision(&body)?, &item)?;
    let draft = draft::changed(&session, *item, body)?;
    let of = services.item_types.get(&draft.item.item_type);
    let (item, saved) = services.items.save(&session, draft.item, &draft.log).await;
    saved.map_err(|error| refusal::of_change(&session, of.as_deref(), base, error))?;
    Ok(stored(&session, *item).await)
}

/// The answer about an item that was just stored.
pub(super) async fn stored(session: &Session, item: Item) -> Response {
    let items = &session.services().items;
    let item = items.visible(session, item).await;
    let shown = represent::item(session, &item, &Shape::default());
    let body = Json::from(shown).to_string();
    represent::versioned(&HeaderMap::new(), &etag::of_item(&item, &body), body)
}

async fn remove(
    State(site): State<Site>,
    session: Cx,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    Params::of(session.request(), &[], &[])?;
    let items = &site.services().items;
    let item = find(&session, &id).await?;
    let (item, allowed) = items.may(&session, Box::new(item), item::Operation::Delete).await;
    if !allowed {
        return Err(refusal::denied(&session, "You may not delete this item."));
    }
    let base = etag::check(&headers, None, &item)?;
    let revision = (base != etag::Base::Any).then_some(item.revision);
    let deleted = items.delete_at(&session, item.id, revision).await;
    deleted.map_err(|error| refusal::of_change(&session, None, base, error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
