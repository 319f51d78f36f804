//! What a plugin asks for, and that it gets no more than was agreed to.

use trovato::subsystems::plugin::Outcome;
use trovato_tests::{Package, TestApp, both};

both! {
    async fn what_a_plugin_asks_for_is_told_in_words(app: TestApp) {
        app.add(&Package::fixture("prober").grant("memory-mib", 128));
        let asks = app.services().plugins.capabilities(app.site(), "prober").unwrap();
        let mut asks: Vec<&str> = asks.iter().map(String::as_str).collect();
        asks.sort_unstable();
        assert_eq!(
            asks,
            [
                "call functions of other plugins",
                "create, change and delete content of these types: note",
                "find and read the content that the current user may see",
                "keep data in tables of its own",
                "read these database views: published_item",
                "run any SQL on the site's database",
                "see who is using the site and what they may do",
                "send mail to the site's own address and to people who have an account",
                "use up to 128 MiB of memory",
            ]
        );
    }

    async fn a_plugin_that_uses_nothing_asks_for_nothing(app: TestApp) {
        assert_eq!(app.services().plugins.capabilities(app.site(), "page").unwrap(), [] as [String; 0]);
    }

    async fn a_plugin_is_not_enabled_before_somebody_agrees(app: TestApp) {
        app.add(&Package::tapper("tapper"));
        let plugins = &app.services().plugins;
        let error = plugins.enable(app.site(), "tapper", &[]).await.unwrap_err();
        let text = "the plugin 'tapper' asks for more than was agreed to: keep data in tables of its own; decide who may see, \
                    change and delete content";
        assert_eq!(error.to_string(), text);
        let agreed =
            ["keep data in tables of its own", "decide who may see, change and delete content"].map(str::to_owned);
        assert_eq!(plugins.enable(app.site(), "tapper", &agreed).await.unwrap(), Outcome::Installed);
    }

    async fn an_upgrade_that_asks_for_more_waits_for_consent(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        let agreed =
            ["keep data in tables of its own", "decide who may see, change and delete content"].map(str::to_owned);
        app.add(&Package::tapper("tapper").version("0.2.0").grant("write", vec!["page"]));
        let plugins = &app.services().plugins;
        let error = plugins.enable(app.site(), "tapper", &agreed).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the plugin 'tapper' asks for more than was agreed to: create, change and delete content of these types: page"
        );
        let version = |app: &TestApp| app.site().registry().get("tapper").unwrap().manifest.version.to_string();
        assert_eq!(version(&app), "0.1.0");
        app.enable("tapper").await.unwrap();
        assert_eq!(version(&app), "0.2.0");
    }
}
