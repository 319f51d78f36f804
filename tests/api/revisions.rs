//! Revisions read, compared and gone back to.

use axum::http::Method;
use serde_json::{Value as Json, json};
use trovato::subsystems::item::Item;
use trovato_tests::{Package, TestApp, both};
use uuid::Uuid;

use super::{ask, note, ok, patch, problem, types, writer};

/// A note with two revisions: its first title and text, and others.
async fn changed(app: &TestApp) -> (Item, String) {
    types(app).await;
    let item = note(app, "First title").await;
    let change = json!({
        "title": "Second title",
        "fields": { "field_body": { "value": "One two", "format": "markdown" }, "field_count": 7 },
    });
    let answer = patch(app, &app.administrator(), &item.id.to_string(), "*", &change).await;
    ok(&answer, 200);
    let path = format!("/api/items/{}/revisions/{}", item.id, item.revision);
    (item, path)
}

both! {
    async fn a_revision_is_read_as_it_was(app: TestApp) {
        let (item, path) = changed(&app).await;
        let ada = app.administrator();
        let read = app.get_as(&ada, &path).await;
        let past = ok(&read, 200);
        assert_eq!((&past["title"], &past["fields"].get("field_count")), (&"First title".into(), &None));
        assert_eq!(past["revision"], json!(item.revision));
        let known = ask(&app, &ada, Method::GET, &path, &[("if-none-match", read.header("etag"))]).await;
        assert_eq!(known.status, 304);
        problem(&app.get(&path).await, 401);
        problem(&app.get_as(&app.somebody(&["access content"]), &path).await, 403);
        let elsewhere = note(&app, "Other").await;
        for (of, revision) in [(item.id, elsewhere.revision), (elsewhere.id, item.revision), (Uuid::nil(), item.revision)] {
            problem(&app.get_as(&ada, &format!("/api/items/{of}/revisions/{revision}")).await, 404);
        }
        problem(&app.get_as(&ada, &format!("{path}?x=1")).await, 400);
    }

    async fn what_differs_is_told_field_by_field(app: TestApp) {
        let (item, path) = changed(&app).await;
        let ada = app.administrator();
        let now = ok(&app.get(&format!("/api/items/{}", item.id)).await, 200)["revision"].as_str().unwrap().to_owned();
        let found = ok(&app.get_as(&ada, &format!("{path}/diff/{now}")).await, 200);
        let names = |found: &Json| -> Vec<String> {
            found["differences"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&found), ["title", "field_body", "field_count"]);
        let parts = &found["differences"][0]["parts"];
        assert!(parts.as_array().unwrap().contains(&json!({ "change": "removed", "text": "First" })), "{parts}");
        assert_eq!(names(&ok(&app.get_as(&ada, &format!("{path}/diff/{}", item.revision)).await, 200)), Vec::<String>::new());
        problem(&app.get_as(&ada, &format!("{path}/diff/{}", Uuid::nil())).await, 404);
        problem(&app.get(&format!("{path}/diff/{now}")).await, 401);
        let page = format!("/item/{}/revisions/diff/{}/{now}", item.id, item.revision);
        let label = "field_count";
        assert!(app.get_as(&ada, &page).await.contains(label));
        app.with(Package::tapper("alpha").setting("hides", "field_count")).await;
        assert_eq!(names(&ok(&app.get_as(&ada, &format!("{path}/diff/{now}")).await, 200)), ["title", "field_body"]);
        let page = app.get_as(&ada, &page).await;
        assert!(page.contains("Second") && !page.contains(label), "what may not be seen is on no page: {}", page.text);
    }

    async fn one_goes_back_to_a_revision_from_the_version_that_one_knows(app: TestApp) {
        let (item, path) = changed(&app).await;
        let ada = app.administrator();
        let revert = format!("{path}/revert");
        let current = app.get_as(&ada, &format!("/api/items/{}", item.id)).await;
        let tag = current.header("etag").to_owned();
        problem(&ask(&app, &ada, Method::POST, &revert, &[]).await, 428);
        let reader = app.somebody(&["access content"]);
        problem(&ask(&app, &reader, Method::POST, &revert, &[("if-match", &tag)]).await, 403);
        let back = ask(&app, &ada, Method::POST, &revert, &[("if-match", &tag)]).await;
        let shown = ok(&back, 200);
        assert_eq!((&shown["title"], shown["fields"].get("field_count")), (&"First title".into(), None));
        assert_ne!(shown["revision"], json!(item.revision), "it is a new one");
        problem(&ask(&app, &ada, Method::POST, &revert, &[("if-match", &tag)]).await, 412);
        problem(&ask(&app, &ada, Method::POST, &format!("{path}0/revert"), &[("if-match", "*")]).await, 404);
        let log = ok(&app.get_as(&ada, &format!("/api/items/{}/revisions", item.id)).await, 200);
        assert_eq!(log["revisions"][0]["log"], format!("Reverted to revision {}", item.revision));
    }

    async fn what_was_changed_since_it_was_read_is_not_deleted(app: TestApp) {
        let (item, _) = changed(&app).await;
        let (ada, path) = (writer(&app), format!("/api/items/{}", item.id));
        let admin = app.administrator();
        let items = &app.services().items;
        let stale = items.delete_at(&app.system(), item.id, Some(item.revision)).await;
        assert!(matches!(stale, Err(trovato::subsystems::item::Error::Conflict)), "{stale:?}");
        problem(&ask(&app, &ada, Method::DELETE, &path, &[("if-match", "*")]).await, 403);
        let tag = app.get_as(&admin, &path).await.header("etag").to_owned();
        assert_eq!(ask(&app, &admin, Method::DELETE, &path, &[("if-match", &tag)]).await.status, 204);
        problem(&app.get_as(&admin, &path).await, 404);
    }
}
