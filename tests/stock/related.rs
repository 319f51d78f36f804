//! The list of related items.

use trovato::subsystems::item::{Item, Value};
use trovato_tests::{Answer, Draft, TestApp, both};

fn post<'a>(app: &'a TestApp, title: &str, tags: &[&str]) -> Draft<'a> {
    let body = Value::Formatted {
        value: "Text.".to_owned(),
        format: "markdown".to_owned(),
    };
    app.item("blog", title)
        .with("field_body", body)
        .with_all("field_tags", tags.iter().copied())
}

async fn ready(app: &TestApp) {
    for plugin in ["blog", "related"] {
        app.enable(plugin).await.unwrap();
    }
}

/// The titles below "Related" on an item's page.
async fn related(app: &TestApp, item: &Item) -> Vec<String> {
    let Answer { status, text, .. } = app.get(&item.path()).await;
    assert_eq!(status, 200);
    let (_, list) = text.split_once("class=\"related\"").unwrap_or_default();
    let (list, _) = list.split_once("</aside>").unwrap_or_default();
    let links = list.split("<a ").skip(1);
    links
        .map(|link| link.split(['>', '<']).nth(1).unwrap().to_owned())
        .collect()
}

both! {
    async fn who_shares_more_tags_comes_first_and_the_newest_among_equals(app: TestApp) {
        ready(&app).await;
        post(&app, "Sails", &["wind"]).save().await;
        post(&app, "Tides", &["Sea", "moon"]).save().await;
        post(&app, "Storms", &["wind", "sea"]).save().await;
        post(&app, "Roads", &["land"]).save().await;
        let shown = post(&app, "Ships", &["sea", "Wind"]).save().await;
        assert_eq!(related(&app, &shown).await, ["Storms", "Tides", "Sails"]);
        let same_tags = post(&app, "Boats", &["wind", "sea"]).save().await;
        assert_eq!(related(&app, &same_tags).await, ["Ships", "Storms", "Tides", "Sails"]);
    }

    async fn a_list_is_shown_as_items_are_now(app: TestApp) {
        ready(&app).await;
        let shown = post(&app, "Ships", &["sea"]).save().await;
        assert!(related(&app, &shown).await.is_empty());
        let mut other = post(&app, "Tides", &["sea"]).save().await;
        assert_eq!(related(&app, &shown).await, ["Tides"]);
        let items = &app.services().items;
        other.title = "Ebb and flow".to_owned();
        let (mut other, saved) = items.save(&app.system(), Box::new(other), "").await;
        saved.unwrap();
        assert_eq!(related(&app, &shown).await, ["Ebb and flow"]);
        other.published = false;
        let (mut other, saved) = items.save(&app.system(), other, "").await;
        saved.unwrap();
        assert!(related(&app, &shown).await.is_empty());
        other.published = true;
        let (other, saved) = items.save(&app.system(), other, "").await;
        saved.unwrap();
        assert_eq!(related(&app, &shown).await, ["Ebb and flow"]);
        items.delete(&app.system(), other.id).await.unwrap();
        assert!(related(&app, &shown).await.is_empty());
    }

    async fn only_so_many_are_shown(app: TestApp) {
        ready(&app).await;
        app.services().variables.store("related", "limit", Some(2.into())).await.unwrap();
        for number in 0..4 {
            post(&app, &format!("Log {number}"), &["sea"]).save().await;
        }
        let shown = post(&app, "Ships", &["sea"]).save().await;
        assert_eq!(related(&app, &shown).await, ["Log 3", "Log 2"]);
    }

    async fn tags_too_long_for_the_cache_relate_items_all_the_same(app: TestApp) {
        ready(&app).await;
        let tags: Vec<String> = (0..6).map(|number| format!("{number}").repeat(60)).collect();
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        post(&app, "Long", &tags).save().await;
        let shown = post(&app, "Longer", &tags).save().await;
        assert_eq!(related(&app, &shown).await, ["Long"]);
    }
}
