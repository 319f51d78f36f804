//! The JSON API, and what it says of itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod conditions;
mod description;
mod field_types;
mod include;
mod listing;
mod plugins;
mod problems;
mod revisions;
mod sessions;
mod writing;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value as Json, json};
use trovato::db::sql;
use trovato::request::Account;
use trovato::subsystems::item::{Item, Value};
use trovato::subsystems::item_type::{Field, FieldType, ItemType};
use trovato_tests::{Answer, TestApp};

/// The content types of these tests.
async fn types(app: &TestApp) {
    let mut note = ItemType::new(
        "note",
        "Note",
        vec![
            Field::new("field_body", FieldType::LongText),
            Field::new("field_count", FieldType::Integer),
            Field::new("field_price", FieldType::Decimal),
            Field::new("field_done", FieldType::Boolean),
            Field::new("field_due", FieldType::Moment),
            Field::new("field_tags", FieldType::Text(20)).with_cardinality(0),
            Field::new("field_mail", FieldType::Email),
            Field::new("field_data", FieldType::Json),
            Field::new("field_next", FieldType::Reference("item".to_owned())),
            Field::new("field_more", FieldType::Reference("item".to_owned())).with_cardinality(0),
            Field::new("field_who", FieldType::Reference("user".to_owned())),
        ],
    );
    note.path_pattern = Some("notes/[title]".to_owned());
    let mut strict = Field::new("field_code", FieldType::Text(5));
    strict.required = true;
    let form = ItemType::new("form", "Form", vec![strict]);
    let types = &app.services().item_types;
    types.declare("test", vec![note, form]).await.unwrap();
    // The writer has an account, so that what they write has an author.
    let account = sql(
        "INSERT INTO users (id, name, name_key, active, created, changed) VALUES ($1, 'Somebody', 'somebody', TRUE, 0, 0)",
        (writer(app).id,),
    );
    app.services().db.execute(account).await.unwrap();
}

/// Somebody who writes notes.
fn writer(app: &TestApp) -> Account {
    app.somebody(&[
        "access content",
        "create note content",
        "edit own note content",
        "delete own note content",
        "create form content",
        "use markdown text format",
    ])
}

async fn note(app: &TestApp, title: &str) -> Item {
    app.item("note", title).save().await
}

/// A reference to an item.
fn to(item: &Item) -> Value {
    Value::Reference {
        target: item.id,
        kind: "item".to_owned(),
    }
}

/// Sends JSON as somebody.
async fn send(
    app: &TestApp,
    who: &Account,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &Json,
) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::from(body.to_string())).unwrap();
    request.extensions_mut().insert(who.clone());
    app.answer(request).await
}

async fn post(app: &TestApp, who: &Account, body: &Json) -> Answer {
    send(app, who, Method::POST, "/api/items", &[], body).await
}

async fn patch(app: &TestApp, who: &Account, id: &str, tag: &str, body: &Json) -> Answer {
    send(
        app,
        who,
        Method::PATCH,
        &format!("/api/items/{id}"),
        &[("if-match", tag)],
        body,
    )
    .await
}

/// Asks without a body.
async fn ask(app: &TestApp, who: &Account, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(who.clone());
    app.answer(request).await
}

#[track_caller]
fn json(answer: &Answer) -> Json {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text))
}

/// The JSON of an answer of this status.
#[track_caller]
fn ok(answer: &Answer, status: u16) -> Json {
    assert_eq!(answer.status, status, "{}", answer.text);
    json(answer)
}

/// The problem of an answer of this status.
#[track_caller]
fn problem(answer: &Answer, status: u16) -> Json {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{}",
        answer.text
    );
    let problem = json(answer);
    assert_eq!(problem["status"], status);
    assert!(
        problem["detail"].is_string() && problem["title"].is_string(),
        "{problem}"
    );
    problem
}

/// The places that a problem names.
fn pointers(problem: &Json) -> Vec<String> {
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect()
}

/// The titles of a page.
fn titles(page: &Json) -> Vec<String> {
    let items = page["items"].as_array().unwrap_or_else(|| panic!("{page}"));
    items
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect()
}

fn nothing() -> Json {
    json!({})
}
