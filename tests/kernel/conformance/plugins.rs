//! The `plugins` interface.

use trovato::wit::types::Error;
use trovato_tests::{Package, TestApp, both};

use super::{probe, refusal, with_prober};

both! {
    async fn a_plugin_knows_which_others_are_enabled(app: TestApp) {
        with_prober(&app).await;
        app.add(&Package::tapper("tapper"));
        assert_eq!(probe(&app, "plugins.exists", "tapper").await, "false");
        app.enable("tapper").await.unwrap();
        assert_eq!(probe(&app, "plugins.exists", "tapper").await, "true");
    }

    async fn a_plugin_calls_a_function_of_another(app: TestApp) {
        with_prober(&app).await;
        app.with(Package::tapper("tapper")).await;
        assert_eq!(probe(&app, "plugins.invoke", "tapper|upper|words").await, "WORDS");
    }

    async fn the_host_says_who_calls(app: TestApp) {
        with_prober(&app).await;
        app.with(Package::tapper("tapper")).await;
        assert_eq!(probe(&app, "plugins.invoke", "tapper|caller|").await, "prober");
    }

    async fn a_plugin_can_call_itself(app: TestApp) {
        with_prober(&app).await;
        assert_eq!(probe(&app, "plugins.invoke", "prober|plugins.caller|").await, "prober");
    }

    async fn what_is_not_enabled_or_offers_nothing_is_not_found(app: TestApp) {
        with_prober(&app).await;
        app.with(Package::tapper("tapper")).await;
        app.enable("page").await.unwrap();
        for call in ["absent|upper|words", "page|upper|words", "tapper|absent|words"] {
            assert_eq!(refusal(&app, "plugins.invoke", call).await, Error::NotFound, "{call}");
        }
    }

    async fn the_failure_of_another_plugin_is_an_answer_and_not_the_callers_failure(app: TestApp) {
        with_prober(&app).await;
        app.with(Package::tapper("tapper").setting("fails_in", "invoke")).await;
        let refused = refusal(&app, "plugins.invoke", "tapper|upper|words").await;
        let Error::Unavailable(reason) = refused else { panic!("{refused:?}") };
        assert!(reason.starts_with("plugin 'tapper': panicked at tests/fixtures/tapper/src/lib.rs:"), "{reason}");
        assert!(reason.contains("tapper gives up in invoke"), "{reason}");
        app.logged("tapper gives up in invoke");
    }
}
