//! Items made, changed and deleted.

use axum::http::Method;
use serde_json::{Value as Json, json};
use trovato_tests::{TestApp, both};

use super::{ask, note, ok, patch, pointers, post, problem, send, types, writer};

/// A note with everything.
fn full() -> Json {
    json!({
        "type": "note",
        "title": "Everything",
        "promoted": false,
        "log": "By a program.",
        "fields": {
            "field_body": { "value": "*Hello*", "format": "markdown" },
            "field_count": -7,
            "field_price": "12.50",
            "field_done": true,
            "field_due": 1_700_000_000_000_i64,
            "field_tags": ["a", "b"],
            "field_mail": "ada@example.org",
            "field_data": { "json": [1, { "a": null }] },
        },
    })
}

both! {
    async fn an_item_that_was_made_comes_back_as_it_was_sent(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let answer = post(&app, &ada, &full()).await;
        let made = ok(&answer, 201);
        assert_eq!(answer.header("location"), format!("/api/items/{}", made["id"].as_str().unwrap()));
        assert!(!answer.header("etag").is_empty());
        assert_eq!((&made["fields"], &made["title"]), (&full()["fields"], &"Everything".into()));
        assert_eq!((&made["path"], &made["promoted"], &made["published"]), (&"/notes/everything".into(), &false.into(), &true.into()));
        let read = app.get_as(&ada, answer.header("location")).await;
        assert_eq!(ok(&read, 200)["fields"], full()["fields"]);
        assert_eq!(read.header("etag"), answer.header("etag"));
        let revisions = app.get_as(&app.administrator(), &format!("{}/revisions", answer.header("location"))).await;
        assert_eq!(ok(&revisions, 200)["revisions"][0]["log"], "By a program.");
        assert_eq!(app.get("/notes/everything").await.status, 200);
    }

    async fn everything_that_is_wrong_is_told_at_once_and_at_its_place(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let wrong = json!({
            "type": "note",
            "title": 7,
            "publishd": true,
            "sticky": "yes",
            "id": "018c0000-0000-7000-8000-000000000abc",
            "path": "about",
            "fields": {
                "field_none": 1,
                "field_body": { "value": "x", "format": "markdown", "more": 1 },
                "field_more": [{ "target_id": "x", "target_type": "item" }],
            },
        });
        let mut told = pointers(&problem(&post(&app, &ada, &wrong).await, 422));
        told.sort();
        let expected = [
            "#/fields/field_body", "#/fields/field_more/0", "#/fields/field_none", "#/id", "#/path", "#/publishd",
            "#/sticky", "#/title",
        ];
        assert_eq!(told, expected);
    }

    async fn what_the_service_finds_wrong_is_told_in_the_same_way(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let wrong = json!({
            "type": "note",
            "title": " ",
            "fields": {
                "field_count": "seven",
                "field_price": "1,5",
                "field_tags": ["fine", "x".repeat(21)],
                "field_mail": "nobody",
                "field_next": { "target_id": "018c0000-0000-7000-8000-000000000abc", "target_type": "user" },
            },
        });
        let problem = problem(&post(&app, &ada, &wrong).await, 422);
        let mut told = pointers(&problem);
        told.sort();
        let expected = [
            "#/fields/field_count", "#/fields/field_mail", "#/fields/field_next", "#/fields/field_price",
            "#/fields/field_tags/1", "#/title",
        ];
        assert_eq!(told, expected, "{problem}");
        let missing = super::problem(&post(&app, &ada, &json!({ "type": "form", "title": "a" })).await, 422);
        assert_eq!(pointers(&missing), ["#/fields/field_code"]);
    }

    async fn a_type_is_needed_and_known(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        for body in [json!({ "title": "a" }), json!({ "type": 1, "title": "a" }), json!({ "type": "nte", "title": "a" })] {
            assert_eq!(pointers(&problem(&post(&app, &ada, &body).await, 422)), ["#/type"]);
        }
    }

    async fn a_change_leaves_what_it_does_not_name(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let made = ok(&post(&app, &ada, &full()).await, 201);
        let id = made["id"].as_str().unwrap();
        let change = json!({
            "fields": { "field_tags": ["c"], "field_mail": null, "field_body": { "value": "New" } },
            "path": "/elsewhere",
        });
        let changed = ok(&patch(&app, &ada, id, "*", &change).await, 200);
        let mut expected = full()["fields"].clone();
        expected["field_tags"] = json!(["c"]);
        expected["field_body"]["value"] = "New".into();
        expected.as_object_mut().unwrap().remove("field_mail");
        assert_eq!((&changed["fields"], &changed["path"]), (&expected, &"/elsewhere".into()));
        assert_eq!(app.get("/notes/everything").await.header("location"), "/elsewhere");
    }

    async fn an_item_comes_and_goes_at_the_dates_that_are_sent(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let mut body = full();
        body["published"] = false.into();
        body["publish_on"] = "2030-01-31T10:00:00+01:00".into();
        body["unpublish_on"] = "2030-02-28T09:00:00Z".into();
        let made = ok(&post(&app, &ada, &body).await, 201);
        let id = made["id"].as_str().unwrap();
        assert_eq!((&made["publish_on"], &made["unpublish_on"]), (&"2030-01-31T09:00:00Z".into(), &body["unpublish_on"]));
        let later = json!({ "publish_on": "2030-03-01T00:00:00Z" });
        assert_eq!(pointers(&problem(&patch(&app, &app.administrator(), id, "*", &later).await, 422)), ["#/unpublish_on"]);
        for wrong in [json!("tomorrow"), json!("2030-01-31"), json!(5), json!(true)] {
            let change = json!({ "publish_on": wrong });
            assert_eq!(pointers(&problem(&patch(&app, &app.administrator(), id, "*", &change).await, 422)), ["#/publish_on"]);
        }
        let never = json!({ "publish_on": null, "published": true });
        let shown = ok(&patch(&app, &app.administrator(), id, "*", &never).await, 200);
        assert_eq!((&shown["publish_on"], &shown["unpublish_on"]), (&Json::Null, &body["unpublish_on"]));
        let read = ok(&app.get(&format!("/api/items/{id}")).await, 200);
        assert!(read.get("unpublish_on").is_none(), "who only reads is not told when it goes: {read}");
    }

    async fn what_was_read_can_be_sent_back(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let mut read = ok(&post(&app, &ada, &full()).await, 201);
        read["title"] = "Other".into();
        let id = read["id"].as_str().unwrap().to_owned();
        let path = format!("/api/items/{id}");
        let changed = ok(&send(&app, &ada, Method::PATCH, &path, &[], &read).await, 200);
        assert_eq!((&changed["title"], &changed["fields"]), (&"Other".into(), &full()["fields"]));
        let kind = json!({ "type": "form", "revision": changed["revision"] });
        assert_eq!(pointers(&problem(&send(&app, &ada, Method::PATCH, &path, &[], &kind).await, 422)), ["#/type"]);
    }

    async fn a_path_that_is_taken_is_refused(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        note(&app, "taken").await;
        for path in ["/notes/taken", "/admin/x", "/a//b"] {
            let body = json!({ "type": "note", "title": "a", "path": path });
            assert_eq!(pointers(&problem(&post(&app, &ada, &body).await, 422)), ["#/path"], "{path}");
        }
    }

    async fn who_may_not_is_told_so_and_nothing_happens(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let body = json!({ "type": "note", "title": "a" });
        problem(&post(&app, &app.visitor(), &body).await, 401);
        problem(&post(&app, &app.somebody(&["access content"]), &body).await, 403);
        problem(&post(&app, &app.somebody(&["access content", "create form content"]), &body).await, 403);
        let item = note(&app, "of nobody").await;
        let path = format!("/api/items/{}", item.id);
        problem(&patch(&app, &ada, &item.id.to_string(), "*", &json!({ "title": "b" })).await, 403);
        problem(&patch(&app, &app.visitor(), &item.id.to_string(), "*", &json!({ "title": "b" })).await, 401);
        problem(&ask(&app, &ada, Method::DELETE, &path, &[("if-match", "*")]).await, 403);
        problem(&ask(&app, &app.visitor(), Method::DELETE, &path, &[("if-match", "*")]).await, 401);
        assert_eq!(ok(&app.get(&path).await, 200)["title"], "of nobody");
        assert_eq!(ok(&app.get("/api/items").await, 200)["items"].as_array().unwrap().len(), 1);
    }

    async fn what_may_not_be_seen_is_not_there_for_anything(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let hidden = app.item("note", "hidden").unpublished().save().await;
        let nobody = uuid::Uuid::from_u128(7);
        for id in [hidden.id.to_string(), nobody.to_string(), "7".to_owned(), "a%2Fb".to_owned()] {
            let path = format!("/api/items/{id}");
            let answers = [
                ask(&app, &ada, Method::GET, &path, &[]).await,
                ask(&app, &ada, Method::DELETE, &path, &[("if-match", "*")]).await,
                patch(&app, &ada, &id, "*", &json!({ "title": "b" })).await,
                ask(&app, &ada, Method::GET, &format!("{path}/revisions"), &[]).await,
            ];
            for answer in answers {
                let mut problem = problem(&answer, 404);
                problem["instance"] = Json::Null;
                let same = json!({
                    "type": "about:blank", "title": "Not Found", "status": 404, "instance": null,
                    "detail": "There is nothing at this address.",
                });
                assert_eq!(problem, same);
            }
        }
    }

    async fn numbers_that_no_field_can_hold_are_refused(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        for number in ["9223372036854775808", "1.5", "1e30", "-9223372036854775809"] {
            let body: Json = serde_json::from_str(&format!(r#"{{"type":"note","title":"a","fields":{{"field_count":{number}}}}}"#)).unwrap();
            assert_eq!(pointers(&problem(&post(&app, &ada, &body).await, 422)), ["#/fields/field_count"], "{number}");
        }
        let largest = json!({ "type": "note", "title": "a", "fields": { "field_count": i64::MAX } });
        assert_eq!(ok(&post(&app, &ada, &largest).await, 201)["fields"]["field_count"], i64::MAX);
    }

    async fn a_nul_character_is_refused_wherever_it_is(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        for body in [
            json!({ "type": "note", "title": "a\0" }),
            json!({ "type": "note", "title": "a", "log": "\0" }),
            json!({ "type": "note", "title": "a", "path": "/a\0" }),
            json!({ "type": "note", "title": "a", "fields": { "field_data": { "json": { "\0": 1 } } } }),
            json!({ "type": "note\0", "title": "a" }),
            json!({ "type": "note", "title": "a", "\0": 1 }),
        ] {
            problem(&post(&app, &ada, &body).await, 422);
        }
    }
}
