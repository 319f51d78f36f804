//! Versions: answers that are known, and changes that are for one version.

use axum::http::Method;
use serde_json::json;
use trovato_tests::{TestApp, both};

use super::{ask, note, nothing, ok, patch, problem, send, types, writer};

both! {
    async fn who_has_an_answer_is_not_sent_it_again(app: TestApp) {
        types(&app).await;
        let item = note(&app, "a").await;
        let visitor = app.visitor();
        for path in [&format!("/api/items/{}", item.id), "/api/items", "/api/types", "/api/types/note", "/api/openapi.json"] {
            let first = app.get(path).await;
            let tag = first.header("etag").to_owned();
            assert!(tag.starts_with('"'), "{path}: {tag}");
            assert_eq!(first.header("cache-control"), "private, no-cache", "{path}");
            for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
                let again = ask(&app, &visitor, Method::GET, path, &[("if-none-match", &known)]).await;
                assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{path} {known}");
                assert_eq!(again.header("etag"), tag, "{path}");
            }
            let other = ask(&app, &visitor, Method::GET, path, &[("if-none-match", "\"other\"")]).await;
            assert_eq!(other.status, 200, "{path}");
        }
    }

    async fn another_shape_is_another_answer_of_the_same_version(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let item = app.item("note", "a").by(ada.id).save().await;
        let path = format!("/api/items/{}", item.id);
        let all = app.get_as(&ada, &path).await.header("etag").to_owned();
        let some = app.get_as(&ada, &format!("{path}?fields=title")).await.header("etag").to_owned();
        assert_ne!(all, some);
        // Either names the version.
        let changed = patch(&app, &ada, &item.id.to_string(), &some, &json!({ "title": "b" })).await;
        assert_eq!(ok(&changed, 200)["title"], "b");
        assert_ne!(changed.header("etag"), all);
        assert_eq!(app.get_as(&ada, &path).await.header("etag"), changed.header("etag"));
    }

    async fn a_change_says_which_version_it_is_for(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let item = app.item("note", "a").by(ada.id).save().await;
        let path = format!("/api/items/{}", item.id);
        let change = json!({ "title": "b" });
        problem(&send(&app, &ada, Method::PATCH, &path, &[], &change).await, 428);
        problem(&ask(&app, &ada, Method::DELETE, &path, &[]).await, 428);
        let tag = app.get(&path).await.header("etag").to_owned();
        ok(&patch(&app, &ada, &item.id.to_string(), &tag, &change).await, 200);
        let stale = problem(&patch(&app, &ada, &item.id.to_string(), &tag, &json!({ "title": "c" })).await, 412);
        assert!(stale["revision"].is_string(), "{stale}");
        problem(&ask(&app, &ada, Method::DELETE, &path, &[("if-match", &tag)]).await, 412);
        // A weak tag never fits (RFC 9110, 13.1.1).
        let now = app.get(&path).await.header("etag").to_owned();
        problem(&patch(&app, &ada, &item.id.to_string(), &format!("W/{now}"), &change).await, 412);
        assert_eq!(ok(&app.get(&path).await, 200)["title"], "b");
        ok(&patch(&app, &ada, &item.id.to_string(), "*", &json!({ "title": "d" })).await, 200);
        let gone = ask(&app, &ada, Method::DELETE, &path, &[("if-match", "*")]).await;
        assert_eq!((gone.status.as_u16(), gone.text.as_str()), (204, ""));
        problem(&app.get(&path).await, 404);
    }

    async fn the_body_can_say_it_too(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let item = app.item("note", "a").by(ada.id).save().await;
        let path = format!("/api/items/{}", item.id);
        let change = json!({ "title": "b", "revision": item.revision });
        ok(&send(&app, &ada, Method::PATCH, &path, &[], &change).await, 200);
        problem(&send(&app, &ada, Method::PATCH, &path, &[], &change).await, 409);
        let nonsense = json!({ "title": "b", "revision": 7 });
        problem(&send(&app, &ada, Method::PATCH, &path, &[], &nonsense).await, 422);
    }

    async fn of_two_changes_at_once_one_is_told(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let item = app.item("note", "a").by(ada.id).save().await;
        let tag = app.get(&format!("/api/items/{}", item.id)).await.header("etag").to_owned();
        let id = item.id.to_string();
        let (one, other) = (json!({ "title": "one" }), json!({ "title": "other" }));
        let answers = tokio::join!(patch(&app, &ada, &id, &tag, &one), patch(&app, &ada, &id, &tag, &other));
        let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{} {}", answers.0.text, answers.1.text);
    }

    async fn an_empty_change_makes_a_revision_and_changes_nothing(app: TestApp) {
        types(&app).await;
        let ada = writer(&app);
        let item = app.item("note", "a").by(ada.id).save().await;
        let shown = ok(&app.get(&format!("/api/items/{}", item.id)).await, 200);
        let same = ok(&patch(&app, &ada, &item.id.to_string(), "*", &nothing()).await, 200);
        assert_eq!((&same["title"], &same["fields"], &same["path"]), (&shown["title"], &shown["fields"], &shown["path"]));
    }
}
