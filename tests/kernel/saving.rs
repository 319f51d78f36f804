//! The taps of a save: before it they change and refuse, after it they take note.

use trovato::subsystems::item::{Error, Item};
use trovato_tests::{Package, TestApp, both};

/// Enables the content type `page` and these plugins.
async fn with(app: &TestApp, plugins: impl IntoIterator<Item = Package>) {
    app.enable("page").await.unwrap();
    for plugin in plugins {
        app.with(plugin).await;
    }
}

/// What is stored of an item.
async fn stored(app: &TestApp, item: &Item) -> Option<Item> {
    app.services().items.load(&app.system(), item.id).await.unwrap()
}

both! {
    async fn each_plugin_changes_what_those_before_it_made_of_the_item(app: TestApp) {
        with(&app, [Package::tapper("alpha").setting("suffix", "1"), Package::tapper("beta").setting("suffix", "2")])
            .await;
        let item = app.item("page", "A page").save().await;
        assert_eq!(stored(&app, &item).await.unwrap().title, "A page12");
    }

    async fn what_a_plugin_made_of_the_item_is_validated_again(app: TestApp) {
        with(&app, [Package::tapper("alpha").setting("suffix", "x".repeat(300))]).await;
        let (item, saved) = app.item("page", "A page").try_save().await;
        assert_eq!(saved.unwrap_err().to_string(), "Title has at most 255 characters");
        assert_eq!(stored(&app, &item).await, None);
    }

    async fn a_plugin_refuses_a_save_with_its_reason(app: TestApp) {
        with(&app, [Package::tapper("alpha").setting("refuses_in", "item-presave-insert")]).await;
        let (item, saved) = app.item("page", "A page").try_save().await;
        let Err(Error::Refused { plugin, reason }) = saved else { panic!("{saved:?}") };
        assert_eq!((plugin.as_str(), reason.as_str()), ("alpha", "alpha says no in item-presave-insert"));
        assert_eq!(stored(&app, &item).await, None);
        assert_eq!(app.calls("alpha", "item-insert"), (0, 0));
    }

    async fn a_refusal_ends_the_round(app: TestApp) {
        with(&app, [Package::tapper("alpha").setting("refuses_in", "item-presave-insert"), Package::tapper("beta")])
            .await;
        app.item("page", "A page").try_save().await.1.unwrap_err();
        assert_eq!(app.calls("beta", "item-presave"), (0, 0));
    }

    async fn a_plugin_that_fails_before_a_save_refuses_it_and_its_changes_are_undone(app: TestApp) {
        let fails = Package::tapper("alpha").setting("suffix", "!").setting("fails_in", "item-presave-insert");
        with(&app, [fails]).await;
        let (item, saved) = app.item("page", "A page").try_save().await;
        let Err(Error::Refused { reason, .. }) = saved else { panic!("{saved:?}") };
        assert!(reason.starts_with("it failed: panicked at tests/fixtures/tapper/src/lib.rs:"), "{reason}");
        assert_eq!(item.title, "A page");
        assert_eq!(stored(&app, &item).await, None);
        app.logged("plugin 'alpha' failed in 'item-presave'");
    }

    async fn a_refused_change_leaves_the_stored_item_as_it_was(app: TestApp) {
        with(&app, [Package::tapper("alpha").setting("refuses_in", "item-presave-update")]).await;
        let mut item = app.item("page", "Before").save().await;
        item.title = "After".to_owned();
        let (item, saved) = app.services().items.save(&app.system(), Box::new(item), "").await;
        assert!(matches!(saved, Err(Error::Refused { .. })), "{saved:?}");
        assert_eq!(stored(&app, &item).await.unwrap().title, "Before");
        let revisions = app.services().items.revisions(&app.system(), item.id, 0, 10).await.unwrap();
        assert_eq!(revisions.len(), 1);
    }

    async fn plugins_are_told_of_what_was_made_changed_and_deleted(app: TestApp) {
        with(&app, [Package::tapper("alpha")]).await;
        let item = app.item("page", "A page").save().await;
        assert_eq!(app.calls("alpha", "item-insert"), (1, 0));
        app.services().items.save(&app.system(), Box::new(item.clone()), "").await.1.unwrap();
        assert_eq!(app.calls("alpha", "item-update"), (1, 0));
        app.services().items.delete(&app.system(), item.id).await.unwrap();
        assert_eq!(app.calls("alpha", "item-delete"), (1, 0));
    }

    async fn a_failure_after_a_save_undoes_nothing(app: TestApp) {
        with(&app, [Package::tapper("alpha").setting("fails_in", "item-insert"), Package::tapper("beta")]).await;
        let item = app.item("page", "A page").save().await;
        assert_eq!(stored(&app, &item).await.unwrap().title, "A page");
        assert_eq!(app.calls("beta", "item-insert"), (1, 0));
        app.logged("plugin 'alpha' failed in 'item-insert' and is left out");
    }
}
