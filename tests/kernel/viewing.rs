//! The taps of an item that is shown: what they add, what they see of each other, and what a failure costs.

use trovato::subsystems::item::{Item, Operation, Query, Value};
use trovato_tests::{Package, TestApp, both};

/// Enables the content type `page`, these plugins, and makes a page.
async fn page(app: &TestApp, plugins: impl IntoIterator<Item = Package>) -> Item {
    app.enable("page").await.unwrap();
    for plugin in plugins {
        app.with(plugin).await;
    }
    app.item("page", "The title").save().await
}

/// Whether a visitor sees the page.
async fn is_seen(app: &TestApp, item: &Item) -> bool {
    app.get(&item.path()).await.status == 200
}

both! {
    async fn the_parts_of_all_plugins_are_shown_in_order(app: TestApp) {
        let item = page(&app, [Package::tapper("alpha"), Package::tapper("beta").weight(-1)]).await;
        let shown = app.get(&item.path()).await;
        assert_eq!(shown.status, 200);
        let at = |text: &str| shown.text.find(text).unwrap_or_else(|| panic!("no '{text}' in {}", shown.text));
        assert!(at("The title") < at("beta saw"));
        assert!(at("beta saw") < at("alpha saw"));
    }

    async fn a_change_to_the_item_is_seen_by_the_plugins_after_it(app: TestApp) {
        let item = page(&app, [Package::tapper("alpha"), Package::tapper("beta"), Package::tapper("gamma")]).await;
        let shown = app.get(&item.path()).await;
        for text in ["alpha saw []", "beta saw [alpha,]", "gamma saw [alpha,beta,]"] {
            assert!(shown.contains(text), "no '{text}' in {}", shown.text);
        }
        let again = app.get(&item.path()).await;
        assert!(again.contains("alpha saw []"), "what a view tap changes is not stored");
    }

    async fn a_plugin_that_fails_is_left_out_with_its_changes_and_the_page_comes(app: TestApp) {
        let item = page(&app, [Package::tapper("alpha").setting("fails_in", "item-view"), Package::tapper("beta")]).await;
        let shown = app.get(&item.path()).await;
        assert_eq!(shown.status, 200);
        assert!(shown.contains("The title") && shown.contains("beta saw []") && !shown.contains("alpha"));
        app.logged("plugin 'alpha' failed in 'item-view' and is left out: panicked at");
        app.logged("alpha gives up in item-view");
    }

    async fn a_plugin_that_failed_is_out_for_the_rest_of_the_request(app: TestApp) {
        let item = page(&app, [Package::tapper("alpha").setting("fails_in", "item-view")]).await;
        app.get(&item.path()).await;
        assert_eq!(app.calls("alpha", "item-view"), (1, 1));
        assert_eq!(app.calls("alpha", "item-view-alter"), (0, 0));
        app.logged("alpha gives up in item-view");
    }

    async fn a_plugin_that_answers_with_an_error_adds_nothing_and_stays(app: TestApp) {
        let item = page(&app, [Package::tapper("alpha").setting("refuses_in", "item-view")]).await;
        let shown = app.get(&item.path()).await;
        assert!(!shown.contains("alpha saw") && shown.contains("altered by alpha"), "{}", shown.text);
        app.logged("alpha says no in item-view plugin.name=alpha plugin.tap=item-view");
    }

    async fn each_alteration_is_seen_by_the_plugins_after_it(app: TestApp) {
        let item = page(&app, [Package::tapper("alpha"), Package::tapper("beta")]).await;
        let shown = app.get(&item.path()).await;
        assert!(shown.contains("altered by alpha as number 0"), "{}", shown.text);
        assert!(shown.contains("altered by beta as number 1"), "{}", shown.text);
    }

    async fn an_alteration_that_fails_leaves_the_page_as_it_was(app: TestApp) {
        let item =
            page(&app, [Package::tapper("alpha").setting("fails_in", "item-view-alter"), Package::tapper("beta")]).await;
        let shown = app.get(&item.path()).await;
        assert!(shown.contains("altered by beta as number 0") && shown.contains("alpha saw []"), "{}", shown.text);
        app.logged("plugin 'alpha' failed in 'item-view-alter'");
    }

    async fn a_listing_is_announced_once_to_the_instance_that_shows_its_items(app: TestApp) {
        page(&app, [Package::tapper("alpha")]).await;
        for title in ["One", "Two", "Three"] {
            app.item("page", title).promoted().save().await;
        }
        let shown = app.get("/").await;
        assert_eq!(shown.text.matches("alpha saw [] after 3 were announced").count(), 3, "{}", shown.text);
        assert_eq!(app.calls("alpha", "item-view-prefetch"), (1, 0));
    }

    async fn what_a_plugin_shows_is_escaped(app: TestApp) {
        let name = "<script>alert(1)</script>";
        let item = page(&app, [Package::tapper("alpha").setting("name", name)]).await;
        let shown = app.get(&item.path()).await;
        assert!(shown.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt; saw") || shown.contains("&lt;script&gt;alert(1)&lt;/script&gt; saw"), "{}", shown.text);
        assert!(!shown.contains(name));
    }

    async fn a_denial_wins_over_a_grant_whatever_their_order(app: TestApp) {
        let grant = Package::tapper("alpha").setting("access", "grant");
        let deny = Package::tapper("beta").setting("access", "deny");
        let item = page(&app, [grant, deny]).await;
        assert!(!is_seen(&app, &item).await);
        app.with(Package::tapper("alpha").setting("access", "deny").version("0.2.0")).await;
        app.with(Package::tapper("beta").setting("access", "grant").version("0.2.0")).await;
        assert!(!is_seen(&app, &item).await);
        let item = Box::new(item);
        let (_, allowed) = app.services().items.may(&app.system(), item, Operation::View).await;
        assert!(!allowed, "a denial also holds for administrators");
    }

    async fn a_grant_opens_what_permissions_close(app: TestApp) {
        page(&app, []).await;
        let item = app.item("page", "Hidden").unpublished().save().await;
        assert!(!is_seen(&app, &item).await);
        app.with(Package::tapper("alpha").setting("access", "grant")).await;
        assert!(is_seen(&app, &item).await);
    }

    async fn a_page_of_a_list_is_full_though_plugins_hide_items(app: TestApp) {
        page(&app, [Package::tapper("alpha").setting("hides_titles", "secret")]).await;
        for number in 0..30 {
            let kind = if number % 3 == 0 { "shown" } else { "secret" };
            app.item("page", &format!("{kind} {number:02}")).promoted().save().await;
        }
        let query = |offset, limit| Query { promoted: Some(true), offset, limit, ..Query::default() };
        let items = &app.services().items;
        let session = app.session(app.visitor());
        let mut titles = Vec::new();
        for offset in [0, 4, 8] {
            let part = items.query(&session, &query(offset, 4)).await.unwrap();
            for item in items.find_many(&session, &part.items).await.unwrap() {
                titles.push(item.title);
            }
        }
        let expected: Vec<String> = (0..30).rev().filter(|number| number % 3 == 0).map(|number| format!("shown {number:02}")).collect();
        assert_eq!(titles, expected, "no item twice and none left out");
        let all = items.query(&session, &query(0, 100)).await.unwrap();
        assert_eq!((all.items.len(), all.total), (10, 10));
        let home = app.get("/").await;
        assert!(home.contains("shown 27") && home.contains("shown 00") && !home.contains("secret 2"), "{}", home.text);
    }

    async fn a_long_run_of_hidden_items_is_passed_by_few_queries(app: TestApp) {
        page(&app, [Package::tapper("alpha").setting("hides_titles", "secret")]).await;
        for number in 0..130 {
            let kind = if (10..120).contains(&number) { "secret" } else { "shown" };
            app.item("page", &format!("{kind} {number:03}")).promoted().save().await;
        }
        app.get("/").await;
        drop(app.statements());
        let first = app.get("/").await;
        assert!(first.contains("shown 129") && first.contains("shown 120") && first.contains("?page=1"), "{}", first.text);
        let second = app.get("/?page=1").await;
        assert!(second.contains("shown 009") && second.contains("shown 000") && !second.contains("?page=2"), "{}", second.text);
        let run = app.statements();
        let queries = run.iter().filter(|name| name.starts_with("item.")).count();
        assert!(queries <= 6, "{run:?}");
        let behind = app.get("/?page=12").await;
        assert_eq!((behind.status.as_u16(), behind.header("location")), (303, "/?page=1"), "its link stood on the first page");
    }

    async fn a_refusal_reads_like_an_absence(app: TestApp) {
        let item = page(&app, [Package::tapper("alpha").setting("access", "deny")]).await;
        let refused = app.get(&format!("/item/{}", item.id)).await;
        let absent = app.get("/item/018c0000-0000-7000-8000-00000000ffff").await;
        assert_eq!((refused.status, absent.status), (absent.status, 404.try_into().unwrap()));
    }

    async fn whoever_guards_a_type_and_fails_denies_and_others_are_neutral(app: TestApp) {
        let guard = Package::tapper("alpha").setting("item_type", "tapped").setting("fails_in", "item-access");
        page(&app, [guard]).await;
        let guarded = app.item("tapped", "Guarded").unpublished();
        let session = app.system();
        // A new item needs no access to one that is there.
        let (guarded, saved) = guarded.try_save_in(&session).await;
        saved.unwrap();
        let other = app.item("page", "Other").save().await;
        assert!(!is_seen(&app, &guarded).await);
        assert!(is_seen(&app, &other).await);
        app.logged("plugin 'alpha' failed in 'item-access'");
    }

    async fn a_field_that_a_plugin_closes_is_neither_shown_nor_changed(app: TestApp) {
        let body = |text: &str| Value::Formatted { value: text.to_owned(), format: "markdown".to_owned() };
        page(&app, []).await;
        let item = app.item("page", "Closed").with("field_body", body("secret words")).save().await;
        assert!(app.get(&item.path()).await.contains("secret words"));
        app.with(Package::tapper("alpha").setting("hides", "field_body").setting("locks", "field_body")).await;
        let page = app.get(&item.path()).await;
        assert!(page.status == 200 && !page.contains("secret words"), "{}", page.text);
        for path in [format!("/api/items/{}", item.id), "/api/items".to_owned()] {
            let told = app.get(&path).await;
            assert!(told.status == 200 && told.contains("Closed") && !told.contains("secret words"), "{}", told.text);
        }
        let mut changed = app.services().items.find(&app.system(), item.id).await.unwrap();
        changed.title = "Closed still".to_owned();
        let (mut changed, saved) = app.services().items.save(&app.system(), Box::new(changed), "").await;
        saved.unwrap();
        changed.fields.insert("field_body".to_owned(), vec![body("other words")]);
        let (_, saved) = app.services().items.save(&app.system(), changed, "").await;
        assert_eq!(saved.unwrap_err().to_string(), "you may not change it");
        let form = app.get_as(&app.administrator(), &format!("/item/{}/edit", item.id)).await;
        assert!(form.status == 200 && !form.contains("name=\"field_body\""), "{}", form.text);
    }
}
