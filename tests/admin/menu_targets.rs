//! What the links of menus lead to, and by which address.

use std::time::Duration;

use trovato::subsystems::item::Item;
use trovato::subsystems::item_type::ItemType;
use trovato_tests::{Package, TestApp, both};

use super::menus::{arrange, link, nav, shown};

/// A content type of the site itself.
async fn stories(app: &TestApp) {
    let of = ItemType::new("story", "Story", Vec::new());
    app.services().item_types.create(&app.system(), of).await.unwrap();
}

/// An item that is known by a path.
async fn story(app: &TestApp, path: &str) -> Item {
    let item = app.item("story", path).save().await;
    app.services().aliases.give(path, item.id).await.unwrap();
    item
}

/// The address of the only link of the main navigation.
async fn address(app: &TestApp, page: &str) -> (String, bool) {
    let main = nav(&app.get(page).await, "Main");
    let address = main.split_once("href=\"").unwrap_or_else(|| panic!("{main}")).1;
    let address = address.split_once('"').unwrap().0;
    (address.to_owned(), main.contains("aria-current=\"page\""))
}

both! {
    async fn a_link_to_an_item_of_a_deleted_type_is_shown_to_nobody(app: TestApp) {
        stories(&app).await;
        story(&app, "one").await;
        arrange(&app, "main", vec![link("One", "/one")]).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "One");
        app.services().item_types.delete(&app.system(), "story").await.unwrap();
        assert_eq!(app.get("/one").await.status, 404);
        assert_eq!(shown(&app, &app.visitor()).await, "");
        assert_eq!(shown(&app, &app.administrator()).await, "");
    }

    async fn a_redirect_is_shown_to_those_who_may_see_where_it_ends(app: TestApp) {
        stories(&app).await;
        let draft = app.item("story", "Draft").unpublished().save().await;
        let aliases = &app.services().aliases;
        aliases.give("draft", draft.id).await.unwrap();
        for (from, to) in [
            ("to-draft", "/draft?a=b"), ("on", "/to-draft"), ("by-id", &format!("/item/{}", draft.id)),
            ("reports", "/admin/reports"), ("nowhere", "/nothing/here"), ("front", "/"), ("way", "/user/login"),
        ] {
            aliases.lead(from, to).await.unwrap();
        }
        let links = ["to-draft", "on", "by-id", "reports", "nowhere", "front", "way"];
        arrange(&app, "main", links.map(|name| link(name, &format!("/{name}"))).to_vec()).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "front way");
        let sees = app.somebody(&["access content", "view unpublished content"]);
        assert_eq!(shown(&app, &sees).await, "to-draft on by-id front way");
        assert_eq!(shown(&app, &app.administrator()).await, "to-draft on by-id reports front way");
    }

    async fn items_are_loaded_for_no_menu_unless_a_plugin_decides_about_them(app: TestApp) {
        stories(&app).await;
        let reader = app.somebody(&["access content"]);
        let own = app.item("story", "Own").by(reader.id).unpublished().save().await;
        let other = app.item("story", "Other").unpublished().save().await;
        let links = vec![link("Own", &format!("/item/{}", own.id)), link("Other", &format!("/item/{}", other.id))];
        arrange(&app, "main", links).await.unwrap();
        drop(app.statements());
        assert_eq!(shown(&app, &reader).await, "Own");
        assert_eq!(shown(&app, &app.visitor()).await, "");
        let statements = app.statements();
        assert!(statements.contains(&"menu.items") && !statements.contains(&"item.load-many"), "{statements:?}");
        app.with(Package::tapper("alpha").setting("hides_titles", "Own")).await;
        assert_eq!(shown(&app, &reader).await, "");
    }

    async fn a_link_leads_to_the_address_that_the_item_says_is_its_own(app: TestApp) {
        stories(&app).await;
        let item = story(&app, "größe 1").await;
        let own = "/gr%C3%B6%C3%9Fe%201";
        for path in ["/größe%201", own, "/gr%C3%B6%C3%9Fe%201/", &format!("/item/{}/", item.id), &format!("/item/{}", item.id)] {
            arrange(&app, "main", vec![link("Size", path)]).await.unwrap();
            assert_eq!(address(&app, own).await, (own.to_owned(), true), "{path}");
        }
        app.services().aliases.give("weite", item.id).await.unwrap();
        app.wait(Duration::from_secs(6));
        arrange(&app, "main", vec![link("Size", "/gr%C3%B6%C3%9Fe%201#top")]).await.unwrap();
        // A part of the page is not the page.
        assert_eq!(address(&app, "/weite").await, ("/weite#top".to_owned(), false));
    }
}
