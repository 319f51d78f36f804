//! Plugins' own pages.

use trovato_tests::{Package, TestApp, both};

use axum::http::StatusCode;

both! {
    async fn a_route_is_answered_by_its_plugin(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        let page = app.get("/probe").await;
        assert_eq!(page.status, 200);
        assert!(page.contains("probe of /probe for") && page.contains("Probed"), "{}", page.text);
    }

    async fn a_route_needs_its_permission(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        assert_eq!(app.get("/probe/this").await.status, 403);
    }

    async fn an_answer_that_is_no_page_becomes_what_it_says(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        for (answer, status) in [
            ("redirect", StatusCode::TEMPORARY_REDIRECT),
            ("moved", StatusCode::PERMANENT_REDIRECT),
            ("feed", StatusCode::OK),
            ("nothing", StatusCode::NOT_FOUND),
            ("denied", StatusCode::FORBIDDEN),
            ("invalid", StatusCode::BAD_REQUEST),
            ("away", StatusCode::SERVICE_UNAVAILABLE),
        ] {
            assert_eq!(app.get(&format!("/probe?answer={answer}")).await.status, status, "{answer}");
        }
        app.logged("/probe could not be answered: it rests");
        assert_eq!(app.get("/probe?answer=moved").await.header("location"), "/elsewhere");
        let feed = app.get("/probe?answer=feed").await;
        assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
        assert_eq!(app.get("/probe?answer=other").await.status, 500);
        app.logged("it broke");
    }

    async fn another_method_is_refused(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        assert_eq!(app.post("/probe", "").await.status, 405);
    }

    async fn a_plugin_that_fails_at_its_page_gives_an_error_page_and_the_next_is_fine(app: TestApp) {
        app.with(Package::tapper("alpha").setting("path", "/tapped").setting("fails_in", "page")).await;
        let page = app.get("/tapped").await;
        assert_eq!(page.status, 500);
        assert!(!page.contains("gives up"), "the cause is for the log: {}", page.text);
        app.logged("plugin 'alpha' failed in 'page'");
        app.logged("/tapped could not be answered: plugin 'alpha' failed");
        app.services().variables.store("alpha", "fails_in", None).await.unwrap();
        app.with(Package::tapper("alpha").setting("path", "/tapped").version("0.2.0")).await;
        assert!(app.get("/tapped").await.contains("alpha answers /tapped"));
    }

    async fn a_disabled_plugins_routes_are_gone(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        app.services().plugins.disable(app.site(), "prober").await.unwrap();
        assert_eq!(app.get("/probe").await.status, 404);
    }
}
