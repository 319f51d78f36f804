//! What the API says of itself.

use serde_json::{Value as Json, json};
use trovato_tests::{TestApp, both};

use super::{ok, post, types, writer};

/// The schema of OpenAPI 3.1 documents, as the OpenAPI Initiative publishes it.
const SCHEMA: &str = include_str!("../vendor/openapi/3.1.schema.json");

async fn document(app: &TestApp) -> Json {
    ok(&app.get("/api/openapi.json").await, 200)
}

/// A schema of the document that can stand alone.
fn schema(document: &Json, name: &str) -> jsonschema::Validator {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{name}"),
        "components": document["components"],
    });
    jsonschema::validator_for(&schema).unwrap()
}

#[track_caller]
fn fits(schema: &jsonschema::Validator, value: &Json) {
    let errors: Vec<String> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{value:#}");
}

both! {
    async fn the_description_is_an_openapi_document(app: TestApp) {
        types(&app).await;
        app.enable("page").await.unwrap();
        app.enable("blog").await.unwrap();
        let document = document(&app).await;
        let meta: Json = serde_json::from_str(SCHEMA).unwrap();
        fits(&jsonschema::validator_for(&meta).unwrap(), &document);
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            assert!(jsonschema::meta::is_valid(schema), "{name}");
        }
        for path in ["/api/items", "/api/items/{id}", "/api/items/{id}/revisions", "/api/types", "/api/users", "/api/roles"] {
            assert!(document["paths"][path].is_object(), "{path}");
        }
    }

    async fn answers_are_what_the_description_says(app: TestApp) {
        types(&app).await;
        let document = document(&app).await;
        let body = json!({
            "type": "note",
            "title": "a",
            "fields": {
                "field_body": { "value": "x", "format": "markdown" },
                "field_price": "1.5",
                "field_data": { "json": [1] },
                "field_tags": ["a"],
            },
        });
        fits(&schema(&document, "NewItem"), &body);
        let made = ok(&post(&app, &writer(&app), &body).await, 201);
        fits(&schema(&document, "Item"), &made);
        fits(&schema(&document, "Item.note"), &made);
        fits(&schema(&document, "ItemPatch"), &json!({ "title": "b", "fields": { "field_tags": null } }));
        let page = ok(&app.get("/api/items?include=field_next").await, 200);
        fits(&schema(&document, "ItemPage"), &page);
        let path = format!("/api/items/{}/revisions", made["id"].as_str().unwrap());
        fits(&schema(&document, "RevisionPage"), &ok(&app.get_as(&app.administrator(), &path).await, 200));
        let path = format!("{path}/{}", made["revision"].as_str().unwrap());
        fits(&schema(&document, "Item.note"), &ok(&app.get_as(&app.administrator(), &path).await, 200));
        let itself = format!("{path}/diff/{}", made["revision"].as_str().unwrap());
        fits(&schema(&document, "Differences"), &ok(&app.get_as(&app.administrator(), &itself).await, 200));
        fits(&schema(&document, "TypeList"), &ok(&app.get("/api/types").await, 200));
        let note = ok(&app.get("/api/types/note").await, 200);
        fits(&schema(&document, "Type"), &note);
        assert!(jsonschema::meta::is_valid(&note["schema"]));
        fits(&schema(&document, "Problem"), &super::problem(&app.get("/api/items?x=1").await, 400));
        let ada = app.administrator();
        fits(&schema(&document, "UserPage"), &ok(&app.get_as(&ada, "/api/users").await, 200));
        fits(&schema(&document, "RoleList"), &ok(&app.get_as(&ada, "/api/roles").await, 200));
        fits(&schema(&document, "Me"), &ok(&app.get_as(&ada, "/api/user").await, 200));
    }

    async fn what_the_description_refuses_the_site_refuses(app: TestApp) {
        types(&app).await;
        let document = document(&app).await;
        let ada = writer(&app);
        for body in [
            json!({ "type": "note" }),
            json!({ "type": "none", "title": "a" }),
            json!({ "type": "note", "title": "" }),
            json!({ "type": "note", "title": "a", "more": 1 }),
            json!({ "type": "note", "title": "a", "fields": { "field_none": 1 } }),
            json!({ "type": "note", "title": "a", "fields": { "field_count": "1" } }),
            json!({ "type": "note", "title": "a", "fields": { "field_tags": ["x".repeat(21)] } }),
            json!({ "type": "form", "title": "a" }),
        ] {
            assert!(!schema(&document, "NewItem").is_valid(&body), "{body}");
            super::problem(&post(&app, &ada, &body).await, 422);
        }
    }

    async fn people_find_the_resources_on_a_page(app: TestApp) {
        let page = app.get("/api").await;
        assert_eq!(page.status, 200);
        for text in ["/api/items/{id}", "List people", "/api/openapi.json"] {
            assert!(page.contains(text), "{text}");
        }
    }
}
