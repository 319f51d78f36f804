//! Status and log.

use trovato_tests::{Package, TestApp, both};

both! {
    async fn the_status_says_what_is_well_and_what_is_not(app: TestApp) {
        let page = app.get_as(&app.administrator(), "/admin/reports/status").await;
        assert!(page.contains("note--fine") && page.contains("answers."), "{}", page.text);
        assert!(page.contains("note--warning") && page.contains("Set <code>public-url</code> in trovato.toml"), "{}", page.text);
    }

    async fn the_dashboard_has_only_what_wants_attention(app: TestApp) {
        app.with(Package::tapper("alpha").setting("path", "/tapped").setting("fails_in", "page")).await;
        app.get("/tapped").await;
        app.logged("plugin 'alpha' failed in 'page'");
        app.logged("/tapped could not be answered: plugin 'alpha' failed");
        let page = app.get_as(&app.administrator(), "/admin").await;
        assert!(page.contains("note--warning") && page.contains("errors in the last hour"), "{}", page.text);
        assert!(!page.contains("note--fine"), "{}", page.text);
    }

    async fn the_log_shows_the_latest_errors_by_plugin_and_text(app: TestApp) {
        app.with(Package::tapper("alpha").setting("path", "/tapped").setting("fails_in", "page")).await;
        app.get("/tapped").await;
        app.logged("plugin 'alpha' failed in 'page'");
        app.logged("/tapped could not be answered: plugin 'alpha' failed");
        let ada = app.administrator();
        let page = app.get_as(&ada, "/admin/reports/log").await;
        assert!(page.contains("failed in &#x27;page&#x27;") || page.contains("failed in &#39;page&#39;"), "{}", page.text);
        assert!(page.contains("/tapped could not be answered"), "{}", page.text);
        let of_alpha = app.get_as(&ada, "/admin/reports/log?plugin=alpha&level=error").await;
        assert!(of_alpha.contains("alpha") && !of_alpha.contains("could not be answered"), "{}", of_alpha.text);
        let none = app.get_as(&ada, "/admin/reports/log?q=zebra").await;
        assert!(none.contains("Nothing fits") && none.contains("Clear the filters"), "{}", none.text);
        assert!(app.get_as(&ada, "/admin").await.contains("errors in the last hour"), "the dashboard tells");
    }
}
