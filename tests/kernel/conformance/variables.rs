//! The `variables` interface, and the tap that tells of changes.

use trovato::wit::types::Error;
use trovato_tests::{Package, TestApp, both};

use super::{probe, problems, refusal, with_prober};

both! {
    async fn a_setting_has_its_default_until_it_is_set_and_again_when_it_is_reset(app: TestApp) {
        with_prober(&app).await;
        assert_eq!(probe(&app, "variables.get", "count").await, "FieldValue::Integer(3)");
        probe(&app, "variables.set", "count|integer|7").await;
        assert_eq!(probe(&app, "variables.get", "count").await, "FieldValue::Integer(7)");
        probe(&app, "variables.reset", "count").await;
        assert_eq!(probe(&app, "variables.get", "count").await, "FieldValue::Integer(3)");
    }

    async fn every_kind_of_setting_is_stored(app: TestApp) {
        with_prober(&app).await;
        let settings = [
            ("flag", "boolean|false", "FieldValue::Boolean(false)"),
            ("count", "integer|10", "FieldValue::Integer(10)"),
            ("ratio", "floating|2.5", "FieldValue::Floating(2.5)"),
            ("words", "text|other words", "FieldValue::Text(\"other words\")"),
            ("colour", "text|green", "FieldValue::Text(\"green\")"),
        ];
        for (name, value, _) in settings {
            probe(&app, "variables.set", &format!("{name}|{value}")).await;
        }
        let app = app.restart().await;
        for (name, _, stored) in settings {
            assert_eq!(probe(&app, "variables.get", name).await, stored);
        }
    }

    async fn a_value_that_does_not_fit_is_refused_with_what_would(app: TestApp) {
        with_prober(&app).await;
        let refused = [
            ("flag|integer|1", "flag: the setting 'flag' takes a boolean"),
            ("count|integer|0", "count: the setting 'count' takes a number of at least 1 and at most 10"),
            ("count|integer|11", "count: the setting 'count' takes a number of at least 1 and at most 10"),
            ("count|text|three", "count: the setting 'count' takes a number of at least 1 and at most 10"),
            ("ratio|floating|-0.1", "ratio: the setting 'ratio' takes a number of at least 0"),
            ("words|boolean|true", "words: the setting 'words' takes a text"),
            ("colour|text|blue", "colour: the setting 'colour' takes one of red, green"),
        ];
        for (argument, problem) in refused {
            assert_eq!(problems(refusal(&app, "variables.set", argument).await), [problem]);
        }
    }

    async fn a_number_that_is_none_is_refused(app: TestApp) {
        with_prober(&app).await;
        let found = problems(refusal(&app, "variables.set", "ratio|floating|NaN").await);
        assert_eq!(found, ["ratio: the setting 'ratio' takes a number of at least 0"]);
        assert_eq!(probe(&app, "variables.get", "ratio").await, "FieldValue::Floating(0.5)");
    }

    async fn a_setting_that_the_manifest_does_not_declare_is_not_found(app: TestApp) {
        with_prober(&app).await;
        for (function, argument) in
            [("variables.get", "other"), ("variables.set", "other|integer|1"), ("variables.reset", "other")]
        {
            assert_eq!(refusal(&app, function, argument).await, Error::NotFound);
        }
    }

    async fn the_plugin_is_told_of_each_change(app: TestApp) {
        with_prober(&app).await;
        let session = app.system();
        app.ask_in(&session, "prober", "variables.set", "count|integer|7").await.unwrap();
        app.ask_in(&session, "prober", "variables.reset", "words").await.unwrap();
        assert_eq!(session.request().note("changed").as_deref(), Some("count words "));
    }

    async fn two_plugins_have_settings_of_their_own(app: TestApp) {
        with_prober(&app).await;
        app.with(Package::other_prober()).await;
        probe(&app, "variables.set", "count|integer|7").await;
        let theirs = app.ask("other", "variables.get", "count").await.unwrap();
        assert_eq!(theirs, "FieldValue::Integer(3)");
    }

    async fn another_node_takes_up_a_change_and_tells_its_plugin(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        let other = app.another_node().await;
        let plugins = &other.services().plugins;
        let before = plugins.generation().await.unwrap();
        app.services().variables.store("tapper", "suffix", Some("!".into())).await.unwrap();
        assert_ne!(plugins.generation().await.unwrap(), before);
        plugins.follow(other.site(), true).await.unwrap();
        assert_eq!(other.services().variables.stored("tapper", "suffix"), Some("!".into()));
        assert_eq!(other.calls("tapper", "variable-change"), (1, 0));
    }
}
