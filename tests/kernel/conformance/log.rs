//! The `log` interface.

use trovato_tests::{TestApp, both};

use super::{probe, with_prober};

both! {
    async fn a_message_carries_its_fields_and_the_name_of_the_plugin_and_the_tap(app: TestApp) {
        with_prober(&app).await;
        probe(&app, "log.info", "it is done|well").await;
        app.logged("it is done; field=well plugin.name=prober plugin.tap=invoke");
    }

    async fn every_level_is_written(app: TestApp) {
        with_prober(&app).await;
        for level in ["debug", "info", "warning", "error"] {
            probe(&app, &format!("log.{level}"), &format!("at the level {level}")).await;
            app.logged(&format!("at the level {level}"));
        }
    }

    async fn a_message_is_one_line_whatever_is_in_it(app: TestApp) {
        with_prober(&app).await;
        probe(&app, "log.lines", "").await;
        app.logged("one trovato: two");
    }

    async fn a_long_message_is_cut(app: TestApp) {
        with_prober(&app).await;
        probe(&app, "log.long", "").await;
        app.logged(&format!("{}…", "y".repeat(8192)));
        assert_eq!(app.times_logged(&"y".repeat(8193)), 0);
    }
}
