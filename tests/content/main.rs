//! Content types with fields, items and what editors do with them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod field_types;
mod fields;
mod floods;
mod forms;
mod revisions;
mod saving;
mod types;

use serde_json::json;
use trovato::subsystems::item::{Error, FieldError, Item, Value};
use trovato::subsystems::item_type::{Field, FieldType, ItemType};
use trovato_tests::TestApp;
use uuid::Uuid;

/// Makes a content type with these fields.
async fn content_type(app: &TestApp, name: &str, fields: Vec<Field>) {
    app.content_type(ItemType::new(name, name, fields)).await;
}

fn field(name: &str, kind: FieldType) -> Field {
    Field::new(name, kind)
}

fn other(kind: &str, json: serde_json::Value) -> Value {
    Value::Other {
        kind: kind.to_owned(),
        json,
    }
}

fn markdown(text: &str) -> Value {
    Value::Formatted {
        value: text.to_owned(),
        format: "markdown".to_owned(),
    }
}

fn reference(kind: &str, target: Uuid) -> Value {
    Value::Reference {
        target,
        kind: kind.to_owned(),
    }
}

/// The smallest picture that is one.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0,
    1, 0, 0, 5, 0, 1, 0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

async fn picture(app: &TestApp) -> Uuid {
    let stored = app
        .services()
        .files
        .store(Uuid::nil(), "ship.png", PNG.into())
        .await;
    stored.unwrap().id
}

fn image(target: Uuid, alt: &str) -> Value {
    other("image", json!({ "target_id": target, "alt": alt }))
}

/// What is wrong, by path.
fn problems(saved: Result<Uuid, Error>) -> Vec<FieldError> {
    match saved {
        Err(Error::Invalid(problems)) => problems,
        saved => panic!("it was to be refused as invalid: {saved:?}"),
    }
}

fn paths(problems: &[FieldError]) -> Vec<&str> {
    problems.iter().map(|problem| problem.path.as_str()).collect()
}

async fn load(app: &TestApp, id: Uuid) -> Item {
    app.services().items.find(&app.system(), id).await.unwrap()
}
