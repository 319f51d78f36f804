//! Records that come along with items.

use trovato::subsystems::item::Value;
use trovato_tests::{TestApp, both};

use super::{note, ok, problem, to, types};

fn ids(page: &serde_json::Value, kind: &str) -> Vec<String> {
    let records = page["included"][kind].as_array().cloned().unwrap_or_default();
    records
        .iter()
        .map(|record| record["id"].as_str().unwrap().to_owned())
        .collect()
}

both! {
    async fn what_items_refer_to_comes_along_once(app: TestApp) {
        types(&app).await;
        let end = note(&app, "end").await;
        let middle = app.item("note", "middle").with("field_next", to(&end)).save().await;
        for title in ["one", "two"] {
            app.item("note", title).with("field_next", to(&middle)).save().await;
        }
        let page = ok(&app.get("/api/items?filter[title][in]=one,two&include=field_next").await, 200);
        assert_eq!(ids(&page, "items"), [middle.id.to_string()]);
        let page = ok(&app.get("/api/items?filter[title]=one&include=field_next.field_next").await, 200);
        assert_eq!(ids(&page, "items"), [end.id.to_string(), middle.id.to_string()]);
        let one = ok(&app.get(&format!("/api/items/{}?include=field_next&fields=title", middle.id)).await, 200);
        assert_eq!(one["included"]["items"][0]["title"], "end");
        assert!(one["included"]["items"][0].get("created").is_none());
    }

    async fn what_may_not_be_seen_does_not_come_along(app: TestApp) {
        types(&app).await;
        let hidden = app.item("note", "hidden").unpublished().save().await;
        let seen = note(&app, "seen").await;
        let item = app.item("note", "start").with_all("field_more", [to(&hidden), to(&seen)]).save().await;
        let path = format!("/api/items/{}?include=field_more", item.id);
        assert_eq!(ids(&ok(&app.get(&path).await, 200), "items"), [seen.id.to_string()]);
        let all = ok(&app.get_as(&app.administrator(), &path).await, 200);
        assert_eq!(ids(&all, "items").len(), 2);
    }

    async fn people_come_along_for_those_who_may_see_profiles(app: TestApp) {
        types(&app).await;
        let editor = app.person("editor").await;
        let who = Value::Reference { target: editor.id, kind: "user".to_owned() };
        let item = app.item("note", "a").with("field_who", who).save().await;
        let path = format!("/api/items/{}?include=field_who", item.id);
        assert_eq!(ids(&ok(&app.get(&path).await, 200), "users"), [""; 0]);
        let sees = app.somebody(&["access content", "access user profiles"]);
        let page = ok(&app.get_as(&sees, &path).await, 200);
        assert_eq!(page["included"]["users"], serde_json::json!([{ "id": editor.id, "name": "editor" }]));
    }

    async fn more_than_an_answer_may_have_is_refused(app: TestApp) {
        types(&app).await;
        let mut many = Vec::new();
        for number in 0..501 {
            let target = note(&app, &format!("note {number}")).await.id;
            let kind = "item".to_owned();
            many.push(Value::Reference { target, kind });
        }
        let item = app.item("note", "a").with_all("field_more", many).save().await;
        problem(&app.get(&format!("/api/items/{}?include=field_more", item.id)).await, 400);
    }
}
