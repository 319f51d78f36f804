//! In which order plugins are called: weight, then dependencies, then name.

use trovato_tests::{Package, TestApp, both};

/// The plugins in the order in which they were told of a new item, and before it was saved.
async fn order(app: &TestApp, tap: &str) -> Vec<String> {
    let session = app.system();
    let (_, saved) = app.item("page", "A page").try_save_in(&session).await;
    saved.unwrap();
    let notes = session.request().note("taps").unwrap();
    let called = notes
        .split_whitespace()
        .filter_map(|note| note.strip_suffix(&format!(".{tap}")));
    called.map(str::to_owned).collect()
}

/// Enables the content type `page` and these plugins.
async fn with(app: &TestApp, plugins: impl IntoIterator<Item = Package>) {
    app.enable("page").await.unwrap();
    for plugin in plugins {
        app.with(plugin).await;
    }
}

both! {
    async fn lower_weights_come_first(app: TestApp) {
        with(&app, [Package::tapper("alpha"), Package::tapper("beta").weight(-1), Package::tapper("gamma").weight(-2)])
            .await;
        assert_eq!(order(&app, "item-insert").await, ["gamma", "beta", "alpha"]);
    }

    async fn among_equal_weights_what_others_depend_on_comes_first(app: TestApp) {
        with(&app, [Package::tapper("zeta"), Package::tapper("alpha").depends("zeta", "0.1"), Package::tapper("beta")])
            .await;
        assert_eq!(order(&app, "item-insert").await, ["beta", "zeta", "alpha"]);
    }

    async fn among_equals_the_name_decides_whatever_was_enabled_first(app: TestApp) {
        with(&app, [Package::tapper("beta"), Package::tapper("gamma"), Package::tapper("alpha")]).await;
        assert_eq!(order(&app, "item-insert").await, ["alpha", "beta", "gamma"]);
    }

    async fn a_weight_goes_before_a_dependency(app: TestApp) {
        with(&app, [Package::tapper("zeta"), Package::tapper("alpha").depends("zeta", "*").weight(-1)]).await;
        assert_eq!(order(&app, "item-insert").await, ["alpha", "zeta"]);
    }

    async fn a_tap_may_have_a_weight_of_its_own(app: TestApp) {
        with(&app, [Package::tapper("alpha"), Package::tapper("beta").weight_in("item-insert", -1)]).await;
        assert_eq!(order(&app, "item-insert").await, ["beta", "alpha"]);
        assert_eq!(order(&app, "item-presave-insert").await, ["alpha", "beta"]);
    }

    async fn the_order_is_the_same_after_a_restart(app: TestApp) {
        with(&app, [Package::tapper("gamma").weight(3), Package::tapper("beta"), Package::tapper("alpha").weight(5)])
            .await;
        let app = app.restart().await;
        assert_eq!(order(&app, "item-insert").await, ["beta", "gamma", "alpha"]);
    }
}
