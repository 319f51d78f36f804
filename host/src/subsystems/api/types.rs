//! `/api/types`: the content types with their fields, as JSON Schema has them.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value as Json, json};

use super::params::Params;
use super::represent::put;
use super::{Operation, Resource, etag, reference, refusal, represent, schema};
use crate::subsystems::item_type::{Field, ItemType};
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

pub(super) fn resources() -> Vec<Resource> {
    let listing = Operation::new(Method::GET, "listTypes", "List the content types", get(list))
        .open()
        .remembered()
        .answers(StatusCode::OK, "All content types.", Some(reference("TypeList")))
        .telling("ETag", "Names this answer.")
        .with_parameters()
        .guarded();
    let reading = Operation::new(Method::GET, "getType", "Read a content type", get(read))
        .open()
        .path("name", "The machine name.", json!({ "type": "string" }))
        .remembered()
        .answers(
            StatusCode::OK,
            "The content type, with a JSON Schema of its items.",
            Some(reference("Type")),
        )
        .telling("ETag", "Names this answer.")
        .with_parameters()
        .guarded()
        .refuses(StatusCode::NOT_FOUND, "There is no such content type.");
    vec![
        Resource::new("/api/types", "Content types").with(listing),
        Resource::new("/api/types/{name}", "A content type").with(reading),
    ]
}

/// Whoever may see content may know what it is made of.
fn require(session: &Session) -> Result<(), Error> {
    Params::of(session.request(), &[], &[])?;
    if session.request().account.may("access content") {
        Ok(())
    } else {
        Err(refusal::denied(session, "You may not see content."))
    }
}

async fn list(State(site): State<Site>, session: Cx, headers: HeaderMap) -> Result<Response, Error> {
    require(&session)?;
    let types: Vec<Json> = site
        .services()
        .item_types
        .all()
        .iter()
        .map(|of| shown(of))
        .collect();
    let body = json!({ "types": types }).to_string();
    Ok(represent::versioned(&headers, &etag::of(&body), body))
}

async fn read(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    require(&session)?;
    let of = site.services().item_types.get(&name).ok_or(Error::NotFound)?;
    let mut shown = shown(&of);
    put(&mut shown, "schema", schema::standalone(&of));
    let body = shown.to_string();
    Ok(represent::versioned(&headers, &etag::of(&body), body))
}

fn shown(of: &ItemType) -> Json {
    let field = |field: &Field| {
        json!({
            "name": field.name,
            "label": field.label,
            "help": field.help,
            "type": field.field_type.name(),
            "base": field.base().name(),
            "cardinality": field.cardinality,
            "required": field.required,
        })
    };
    json!({
        "name": of.name,
        "label": of.label,
        "description": of.description,
        "title_label": of.title_label,
        "fields": of.fields.iter().map(field).collect::<Vec<_>>(),
    })
}
