//! `/api/openapi.json`: what programs can ask, as OpenAPI 3.1 has it, made of the list of resources and of the content
//! types.

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Map, Value as Json, json};

use super::represent::put;
use super::resource::Reply;
use super::{Operation, Resource, etag, filter, reference, represent, schema};
use crate::subsystems::{Cx, Services, Site};
use crate::web::Error;

pub(super) fn resources() -> Vec<Resource> {
    let reading = Operation::new(Method::GET, "getDescription", "This description", get(read))
        .open()
        .header("If-None-Match", "ETags of answers that are known.")
        .answers(
            StatusCode::OK,
            "An OpenAPI document.",
            Some(json!({ "type": "object" })),
        )
        .telling("ETag", "Names this answer.")
        .answers(
            StatusCode::NOT_MODIFIED,
            "The answer is the one that is known.",
            None,
        );
    vec![Resource::new("/api/openapi.json", "Description of the API").with(reading)]
}

async fn read(State(site): State<Site>, session: Cx, headers: HeaderMap) -> Result<Response, Error> {
    let body = document(&site, &session.request().origin).to_string();
    Ok(represent::versioned(&headers, &etag::of(&body), body))
}

/// The whole document.
fn document(site: &Site, origin: &str) -> Json {
    let services = site.services();
    let resources = Services::api_resources();
    let mut paths = Map::new();
    for resource in &resources {
        let operations: Map<String, Json> = resource
            .operations
            .iter()
            .map(|asked| {
                (
                    asked.method.as_str().to_lowercase(),
                    operation(site, resource, asked),
                )
            })
            .collect();
        paths.insert(resource.path.to_owned(), operations.into());
    }
    let name = services.variables.site_text("site_name", "Trovato");
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{name} API"),
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Errors are application/problem+json (RFC 9457).",
        },
        "paths": paths,
        "components": {
            "schemas": schemas(site, &resources),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A personal access token, or one of a client (OAuth 2.1, client credentials).",
                },
            },
        },
    });
    if !origin.is_empty() {
        put(&mut document, "servers", json!([{ "url": origin }]));
    }
    document
}

fn operation(site: &Site, resource: &Resource, asked: &Operation) -> Json {
    let mut parameters = asked.parameters.clone();
    if asked.takes_filters {
        parameters.extend(filters(site));
    }
    let token = json!({ "token": [] });
    let mut operation = json!({
        "operationId": asked.id,
        "summary": asked.summary,
        "tags": [resource.title],
        "parameters": parameters,
        "responses": replies(&asked.replies),
        "security": if asked.is_open { json!([{}, token]) } else { json!([token]) },
    });
    if !asked.description.is_empty() {
        put(&mut operation, "description", asked.description);
    }
    if let Some((kinds, schema)) = &asked.body {
        let content: Map<String, Json> = kinds
            .iter()
            .map(|kind| ((*kind).to_owned(), json!({ "schema": schema })))
            .collect();
        put(
            &mut operation,
            "requestBody",
            json!({ "required": true, "content": content }),
        );
    }
    operation
}

fn replies(replies: &[Reply]) -> Map<String, Json> {
    let mut all: Map<String, Json> = replies
        .iter()
        .map(|reply| (reply.status.as_str().to_owned(), described(reply)))
        .collect();
    let other = json!({
        "description": "What else can go wrong: too much was asked (429), the site can't answer now (503).",
        "content": { "application/problem+json": { "schema": reference("Problem") } },
    });
    all.insert("default".to_owned(), other);
    all
}

fn described(reply: &Reply) -> Json {
    let mut described = json!({ "description": reply.description });
    if let Some(schema) = &reply.schema {
        let fails = reply.status.is_client_error() || reply.status.is_server_error();
        let kind = if fails {
            "application/problem+json"
        } else {
            "application/json"
        };
        put(&mut described, "content", json!({ kind: { "schema": schema } }));
    }
    if !reply.headers.is_empty() {
        let headers: Map<String, Json> = reply
            .headers
            .iter()
            .map(|(name, about)| {
                (
                    (*name).to_owned(),
                    json!({ "description": about, "schema": { "type": "string" } }),
                )
            })
            .collect();
        put(&mut described, "headers", headers);
    }
    described
}

/// The filters of items, those by fields of the content types included.
fn filters(site: &Site) -> Vec<Json> {
    let mut all: Vec<(String, &[&str])> = filter::MEMBERS
        .iter()
        .map(|(name, operators)| ((*name).to_owned(), *operators))
        .collect();
    for of in site.services().item_types.all() {
        for field in &of.fields {
            let operators = filter::operators(field);
            if !operators.is_empty() && !all.iter().any(|(name, _)| *name == field.name) {
                all.push((field.name.clone(), operators));
            }
        }
    }
    let parameter = |name: &str, operator: &str| {
        let (key, about) = match operator {
            "eq" => (format!("filter[{name}]"), "Items with this."),
            "in" => (
                format!("filter[{name}][in]"),
                "Items with one of these, between commas.",
            ),
            operator => (format!("filter[{name}][{operator}]"), "Items that compare so."),
        };
        json!({ "name": key, "in": "query", "description": about, "schema": { "type": "string" } })
    };
    all.iter()
        .flat_map(|(name, operators)| operators.iter().map(|operator| parameter(name, operator)))
        .collect()
}

fn schemas(site: &Site, resources: &[Resource]) -> Map<String, Json> {
    let types = site.services().item_types.all();
    let mut schemas: Map<String, Json> = resources
        .iter()
        .flat_map(|resource| &resource.schemas)
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    for kind in ["Item", "NewItem", "ItemPatch"] {
        schemas.insert(
            kind.to_owned(),
            any_of(kind, types.iter().map(|of| schema::name(kind, of))),
        );
    }
    for of in &types {
        schemas.extend(schema::of_type(of));
    }
    schemas.extend(
        common()
            .into_iter()
            .map(|(name, schema)| (name.to_owned(), schema)),
    );
    schemas
}

/// One of the schemas of the content types; `type` says which, but a change need not have it.
fn any_of(kind: &str, names: impl Iterator<Item = String>) -> Json {
    let names: Vec<String> = names.collect();
    if names.is_empty() {
        return json!({ "type": "object" });
    }
    let references: Vec<Json> = names.iter().map(|name| reference(name)).collect();
    let mut schema = json!({ "anyOf": references });
    if kind != "ItemPatch" {
        let mapping: Map<String, Json> = names
            .iter()
            .filter_map(|name| {
                Some((
                    name.split_once('.')?.1.to_owned(),
                    format!("#/components/schemas/{name}").into(),
                ))
            })
            .collect();
        put(
            &mut schema,
            "discriminator",
            json!({ "propertyName": "type", "mapping": mapping }),
        );
    }
    schema
}

fn common() -> [(&'static str, Json); 7] {
    let next = json!({ "type": ["string", "null"], "description": "The address of the next page; null at the end." });
    [
        ("Problem", problem()),
        (
            "FormattedText",
            json!({
                "type": "object",
                "properties": {
                    "value": { "type": "string", "description": "The text as it was written." },
                    "format": { "type": "string", "description": "The machine name of the text format." },
                },
                "required": ["value", "format"],
                "additionalProperties": false,
            }),
        ),
        (
            "ItemPage",
            json!({
                "type": "object",
                "properties": {
                    "items": { "type": "array", "items": reference("Item") },
                    "included": schema::included(),
                    "next": next,
                },
                "required": ["items", "next"],
            }),
        ),
        ("RevisionPage", revision_page(&next)),
        ("Differences", differences()),
        ("Type", content_type()),
        (
            "TypeList",
            json!({
                "type": "object",
                "properties": { "types": { "type": "array", "items": reference("Type") } },
                "required": ["types"],
            }),
        ),
    ]
}

fn problem() -> Json {
    json!({
        "description": "What went wrong (RFC 9457).",
        "type": "object",
        "properties": {
            "type": { "type": "string", "format": "uri-reference" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "instance": { "type": "string", "format": "uri-reference" },
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "pointer": { "type": "string", "description": "The place in the body (RFC 6901)." },
                        "detail": { "type": "string" },
                    },
                    "required": ["pointer", "detail"],
                },
            },
        },
        "required": ["type", "title", "status", "detail"],
    })
}

fn revision_page(next: &Json) -> Json {
    let revision = json!({
        "type": "object",
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "title": { "type": "string" },
            "author": { "type": ["string", "null"], "format": "uuid" },
            "created": { "type": ["string", "null"], "format": "date-time" },
            "log": { "type": "string" },
            "current": { "type": "boolean" },
        },
        "required": ["id", "title", "author", "created", "log", "current"],
    });
    json!({
        "type": "object",
        "properties": { "revisions": { "type": "array", "items": revision }, "next": next },
        "required": ["revisions", "next"],
    })
}

fn differences() -> Json {
    let part = json!({
        "type": "object",
        "properties": { "change": { "enum": ["same", "removed", "added"] }, "text": { "type": "string" } },
        "required": ["change", "text"],
    });
    let difference = json!({
        "type": "object",
        "properties": {
            "name": { "type": "string", "description": "`title`, `published`, or the name of a field." },
            "label": { "type": "string" },
            "parts": { "type": "array", "items": part },
        },
        "required": ["name", "label", "parts"],
    });
    json!({
        "type": "object",
        "properties": { "differences": { "type": "array", "items": difference } },
        "required": ["differences"],
    })
}

fn content_type() -> Json {
    let field = json!({
        "type": "object",
        "properties": {
            "name": { "type": "string" },
            "label": { "type": "string" },
            "help": { "type": "string" },
            "type": { "type": "string", "description": "The type; that of a plugin is its name, a dot and the type's." },
            "base": { "type": "string", "description": "The built-in type whose values it has: the type itself, unless that is of a plugin." },
            "cardinality": { "type": "integer", "description": "How many values; 0 is any number." },
            "required": { "type": "boolean" },
        },
        "required": ["name", "label", "help", "type", "base", "cardinality", "required"],
    });
    json!({
        "type": "object",
        "properties": {
            "name": { "type": "string" },
            "label": { "type": "string" },
            "description": { "type": "string" },
            "title_label": { "type": "string" },
            "fields": { "type": "array", "items": field },
            "schema": { "type": "object" },
        },
        "required": ["name", "label", "description", "title_label", "fields"],
    })
}
