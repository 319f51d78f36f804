//! WASI, through a guest whose standard library imports it.

use std::time::Duration;

use trovato_tests::{Package, TestApp, both};

async fn tried(app: &TestApp, what: &str, argument: &str) -> String {
    app.with(Package::fixture("wasi")).await;
    app.ask("wasi", what, argument).await.unwrap()
}

async fn failure(app: &TestApp, what: &str) -> String {
    app.with(Package::fixture("wasi")).await;
    let failed = app.try_ask_in(&app.system(), "wasi", what, "").await;
    failed.unwrap_err().to_string()
}

both! {
    async fn nothing_has_to_be_agreed_to(app: TestApp) {
        app.add(&Package::fixture("wasi"));
        assert_eq!(app.services().plugins.capabilities(app.site(), "wasi").unwrap(), [] as [String; 0]);
        app.enable("wasi").await.unwrap();
        let imports = app.site().registry().get("wasi").unwrap().imports.clone();
        assert_eq!(imports.iter().filter(|import| *import == "wasi").count(), 1, "{imports:?}");
    }

    async fn what_is_printed_is_logged_line_by_line(app: TestApp) {
        tried(&app, "print", "a word").await;
        app.logged("out: a word plugin.name=wasi plugin.tap=invoke");
        app.logged("err: a word plugin.name=wasi plugin.tap=invoke");
    }

    async fn a_line_is_logged_when_it_ends_or_the_call_does(app: TestApp) {
        tried(&app, "halves", "half").await;
        assert_eq!(app.times_logged("one half two plugin.name=wasi"), 1);
        assert_eq!(app.times_logged("open half plugin.name=wasi"), 1);
    }

    async fn a_flood_of_lines_is_cut_off(app: TestApp) {
        tried(&app, "flood", "").await;
        assert_eq!(app.times_logged("flood "), 100);
        app.logged("plugin 'wasi' logs more than 100 messages in one call; the rest are dropped");
    }

    async fn the_time_is_the_sites(app: TestApp) {
        assert_eq!(tried(&app, "now", "").await, "1700000000000");
        app.wait(Duration::from_millis(1234));
        assert_eq!(tried(&app, "now", "").await, "1700000001234");
    }

    async fn a_plugin_can_sleep_for_a_while(app: TestApp) {
        assert_eq!(tried(&app, "sleep", "20").await, "true");
    }

    async fn maps_are_seeded(app: TestApp) {
        assert_eq!(tried(&app, "random", "").await, "true");
    }

    async fn there_are_no_variables_arguments_or_input(app: TestApp) {
        assert_eq!(tried(&app, "environment", "").await, "0 0");
        assert_eq!(tried(&app, "input", "").await, "0");
    }

    async fn there_are_no_files(app: TestApp) {
        for what in ["read", "write", "list"] {
            for path in ["/etc/passwd", "relative", "/", "."] {
                let answer = tried(&app, what, path).await;
                assert!(answer.starts_with("refused: "), "{what} {path}: {answer}");
            }
        }
    }

    async fn an_exit_ends_the_call_and_is_told(app: TestApp) {
        let failed = failure(&app, "exit").await;
        assert!(failed.starts_with("it called exit, with failure: a plugin has no process to end"), "{failed}");
        app.logged("plugin 'wasi' failed in 'invoke' and is left out: it called exit");
    }

    async fn a_panic_is_told_once_whoever_reports_it(app: TestApp) {
        let failed = failure(&app, "panic").await;
        assert!(failed.starts_with("panicked at tests/fixtures/wasi/src/lib.rs:"), "{failed}");
        app.logged("plugin 'wasi' failed in 'invoke' and is left out: panicked at");
        assert_eq!(app.times_logged("it gives up with the SDK's hook"), 1);
        let failed = failure(&app, "plain-panic").await;
        app.logged("it gives up with the library's own hook");
        assert!(failed.starts_with("panicked at tests/fixtures/wasi/src/lib.rs:"), "{failed}");
        assert!(failed.contains("it gives up with the library's own hook"), "{failed}");
        assert_eq!(app.times_logged("it gives up with the library's own hook"), 1);
    }

    async fn what_wasi_has_besides_is_refused_by_name(app: TestApp) {
        let component = "(component (import \"wasi:sockets/tcp@0.2.6\" (instance)))";
        let error = app.take(&Package::of_text("talker", component)).await.unwrap_err().to_string();
        assert_eq!(
            error,
            "Plugin 'talker' imports 'wasi:sockets/tcp@0.2.6', which this host does not have; a plugin has no file \
             system, no sockets and no environment, only the interfaces of trovato:kernel and, of WASI 0.2, clocks, \
             randomness and output"
        );
    }

    async fn another_wasi_is_refused(app: TestApp) {
        let component = "(component (import \"wasi:clocks/wall-clock@0.3.0\" (instance)))";
        let error = app.take(&Package::of_text("newer", component)).await.unwrap_err().to_string();
        assert!(error.starts_with("Plugin 'newer' imports 'wasi:clocks/wall-clock@0.3.0'"), "{error}");
    }
}
