//! The `request-context` interface.

use trovato::request::{Account, Request};
use trovato::subsystems::Session;
use trovato::wit::types::Error;
use trovato_tests::{Package, TestApp, both};

use super::{probe, refusal, with_prober};

/// A request for a path with a query.
fn request(app: &TestApp) -> Session {
    let mut request = Request::new(app.services().ids.next(), "/a/path", Account::system());
    request.query = [("q", "first"), ("q", "second"), ("empty", "")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    app.site().session(request)
}

both! {
    async fn a_plugin_knows_the_request(app: TestApp) {
        with_prober(&app).await;
        let session = request(&app);
        let ask = async |function, argument| app.ask_in(&session, "prober", function, argument).await.unwrap();
        assert_eq!(ask("request.id", "").await, session.request().id.to_string());
        assert_eq!(ask("request.path", "").await, "/a/path");
        assert_eq!(ask("request.query", "q").await, "Some(\"first\")");
        assert_eq!(ask("request.query", "empty").await, "Some(\"\")");
        assert_eq!(ask("request.query", "absent").await, "None");
        assert_eq!(ask("request.language", "").await, "en");
        assert_eq!(ask("request.stage", "").await, "live");
        assert_eq!(ask("request.theme", "").await, "trovato");
    }

    async fn outside_a_web_request_the_path_is_empty(app: TestApp) {
        with_prober(&app).await;
        assert_eq!(probe(&app, "request.path", "").await, "");
    }

    async fn the_notebook_is_shared_by_the_plugins_of_one_request_and_of_no_other(app: TestApp) {
        with_prober(&app).await;
        app.with(Package::other_prober()).await;
        let session = request(&app);
        app.ask_in(&session, "prober", "request.set", "key|value").await.unwrap();
        assert_eq!(app.ask_in(&session, "other", "request.get", "key").await.unwrap(), "Some(\"value\")");
        assert_eq!(app.ask_in(&request(&app), "other", "request.get", "key").await.unwrap(), "None");
    }

    async fn the_notebook_has_limits(app: TestApp) {
        with_prober(&app).await;
        let limit = |text: &str| Error::Limit(text.to_owned());
        probe(&app, "request.set", &format!("{}|value", "k".repeat(128))).await;
        let refused = refusal(&app, "request.set", &format!("{}|value", "k".repeat(129))).await;
        assert_eq!(refused, limit("a key of the request context has at most 128 bytes"));
        probe(&app, "request.set-long", "key|65536").await;
        let refused = refusal(&app, "request.set-long", "key|65537").await;
        assert_eq!(refused, limit("a value of the request context has at most 64 KiB"));
        probe(&app, "request.fill", "256").await;
        let refused = refusal(&app, "request.fill", "257").await;
        assert_eq!(refused, limit("the request context has at most 256 entries"));
    }

    async fn an_entry_of_a_full_notebook_can_still_be_changed(app: TestApp) {
        with_prober(&app).await;
        let session = request(&app);
        app.ask_in(&session, "prober", "request.fill", "256").await.unwrap();
        app.ask_in(&session, "prober", "request.set", "7|changed").await.unwrap();
        assert_eq!(app.ask_in(&session, "prober", "request.get", "7").await.unwrap(), "Some(\"changed\")");
    }
}
