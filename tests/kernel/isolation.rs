//! What a plugin does wrong costs its own part of the page: the page comes, the cause is named, the next one is fine.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use trovato::subsystems::admin::ENTER;
use trovato_tests::{Package, TestApp, both};

const FAILED: &str = "plugin 'hostile' failed in 'item-view' and is left out: ";

/// Makes a page.
async fn page(app: &TestApp) -> String {
    app.enable("page").await.unwrap();
    app.item("page", "The title").save().await.path()
}

/// Another behaviour from now on.
async fn behave(app: &TestApp, behaviour: &str) {
    app.services()
        .variables
        .store("hostile", "behaviour", Some(behaviour.into()))
        .await
        .unwrap();
}

/// Shows a page where the guest behaves so.
async fn survives(app: &TestApp, behaviour: &str, cause: &str) {
    let path = page(app).await;
    app.with(Package::hostile(behaviour)).await;
    let shown = app.get(&path).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert!(
        shown.contains("The title") && !shown.contains("flood"),
        "{}",
        shown.text
    );
    app.logged(&format!("{FAILED}{cause}"));
    behave(app, "well").await;
    let shown = app.get(&path).await;
    assert!(shown.contains("peace"), "{}", shown.text);
}

both! {
    async fn an_endless_loop_is_ended(app: TestApp) {
        let app = app.restart_with(|config| config.limits.view_ms = 300).await;
        let cause = "it ran for more than 300ms of processor time; the limit is `[limits]` in the site's configuration";
        survives(&app, "loop", cause).await;
    }

    async fn an_endless_wait_is_ended(app: TestApp) {
        let app = app.restart_with(|config| config.limits.view_ms = 50).await;
        survives(&app, "wait", "it took longer than 1s, waiting included").await;
    }

    async fn a_hunger_for_memory_is_ended(app: TestApp) {
        let cause = "it asked for 65 MiB of memory, and the limit is 64 MiB; raise it by `memory-mib` in `[grants]` of \
                     its plugin.toml";
        survives(&app, "memory", cause).await;
    }

    async fn an_endless_recursion_is_ended(app: TestApp) {
        survives(&app, "recursion", "it ran out of stack: its recursion is too deep").await;
    }

    async fn a_panic_is_named_with_its_place(app: TestApp) {
        survives(&app, "panic", "panicked at tests/fixtures/hostile/src/lib.rs:").await;
        app.logged(": it gives up\n    at fixture_hostile::");
    }

    async fn a_trap_is_named_with_the_functions_that_led_to_it(app: TestApp) {
        survives(&app, "trap", "wasm trap: wasm `unreachable` instruction executed\n    at fixture_hostile::").await;
    }

    async fn a_flood_of_nodes_is_stopped(app: TestApp) {
        survives(&app, "nodes", "it passed more than 4 MiB to the host in one call").await;
    }

    async fn a_flood_of_text_is_stopped(app: TestApp) {
        survives(&app, "text", "it passed more than 4 MiB to the host in one call").await;
    }

    async fn a_flood_in_an_argument_is_stopped(app: TestApp) {
        survives(&app, "argument", "it passed more than 4 MiB to the host in one call").await;
    }

    async fn a_hundred_thousand_calls_of_the_host_are_stopped(app: TestApp) {
        let cause = "it called the host more than 20000 times; fetch more at once, by `snapshot` or a query";
        survives(&app, "calls", cause).await;
    }

    async fn a_flood_of_messages_is_cut_off_and_costs_nothing_else(app: TestApp) {
        let path = page(&app).await;
        app.with(Package::hostile("log")).await;
        let shown = app.get(&path).await;
        assert!(shown.contains("said enough"), "{}", shown.text);
        assert_eq!(app.times_logged("flood"), 100);
        app.logged("plugin 'hostile' logs more than 100 messages in one call; the rest are dropped");
    }

    async fn plugins_that_call_each_other_without_end_are_stopped(app: TestApp) {
        let path = page(&app).await;
        app.with(Package::hostile("nest")).await;
        assert_eq!(app.get(&path).await.status, 200);
        app.logged("calls from plugin to plugin nest deeper than 6");
        behave(&app, "well").await;
        assert!(app.get(&path).await.contains("peace"));
    }

    async fn one_plugins_failure_costs_another_nothing(app: TestApp) {
        let path = page(&app).await;
        app.with(Package::tapper("alpha")).await;
        app.with(Package::hostile("panic")).await;
        app.with(Package::tapper("zeta")).await;
        let shown = app.get(&path).await;
        assert!(shown.contains("alpha saw []") && shown.contains("zeta saw [alpha,]"), "{}", shown.text);
        app.logged(FAILED);
    }

    async fn repeated_failures_suspend_a_plugin(app: TestApp) {
        let path = page(&app).await;
        app.with(Package::hostile("panic")).await;
        for _ in 0..5 {
            assert_eq!(app.get(&path).await.status, 200);
        }
        app.logged("plugin 'hostile' is suspended for a while after repeated failures; the last one: panicked at");
        app.logged(FAILED);
        assert_eq!(app.calls("hostile", "item-view"), (5, 5));
        let registry = app.site().registry();
        let (left, cause) = registry.get("hostile").unwrap().health.suspended().unwrap();
        assert!(left.as_secs() <= 30 && cause.contains("it gives up"), "{left:?} {cause}");
        assert_eq!(app.get(&path).await.status, 200);
        assert_eq!(app.calls("hostile", "item-view"), (5, 5), "it is not called while it is suspended");
        behave(&app, "well").await;
        app.wait(Duration::from_secs(29));
        assert!(!app.get(&path).await.contains("peace"));
        app.wait(Duration::from_secs(1));
        assert!(app.get(&path).await.contains("peace"), "it is tried again when the clock says so");
    }

    async fn editors_are_told_that_a_part_of_the_page_is_missing(app: TestApp) {
        let path = page(&app).await;
        app.with(Package::hostile("panic")).await;
        let told = "A part of this page is missing: the plugin &#x27;hostile&#x27; failed.";
        let shown = app.get_as(&app.somebody(&["access content", ENTER]), &path).await;
        assert!(shown.text.replace("&#39;", "&#x27;").contains(told), "{}", shown.text);
        let shown = app.get(&path).await;
        assert!(shown.status == 200 && !shown.contains("is missing"), "{}", shown.text);
        app.logged(FAILED);
        behave(&app, "well").await;
        assert!(!app.get_as(&app.administrator(), &path).await.contains("is missing"));
    }

    async fn a_plugin_that_may_not_save_costs_no_save(app: TestApp) {
        page(&app).await;
        app.with(Package::hostile("panic")).await;
        app.item("page", "Another").save().await;
    }

    async fn a_request_that_is_given_up_ends_its_guests(app: TestApp) {
        // Room for 8 at once: if guests went on, the last request would wait for them.
        let app = app.restart_with(|config| config.kernel.instances = 16).await;
        let path = page(&app).await;
        app.with(Package::hostile("loop")).await;
        for _ in 0..20 {
            let given_up = tokio::time::timeout(Duration::from_millis(30), app.get(&path)).await;
            assert!(given_up.is_err());
        }
        behave(&app, "well").await;
        assert!(app.get(&path).await.contains("peace"));
    }

    async fn more_requests_than_there_is_room_for_wait_and_none_fails(app: TestApp) {
        let app = app.restart_with(|config| config.kernel.instances = 16).await;
        let path = page(&app).await;
        for name in ["alpha", "beta", "gamma"] {
            app.with(Package::tapper(name)).await;
        }
        app.with(Package::fixture("prober")).await;
        let pages = join_all((0..100).map(|_| app.get(&path)));
        let calls = join_all((0..100).map(|_| app.ask("prober", "plugins.invoke", "alpha|upper|words")));
        let (pages, calls) = futures_util::future::join(pages, calls).await;
        assert!(pages.iter().all(|page| page.status == 200 && page.contains("gamma saw [alpha,beta,]")));
        assert!(calls.iter().all(|answer| answer.as_deref() == Ok("WORDS")));
    }

    async fn many_requests_fail_alone(app: TestApp) {
        let path = page(&app).await;
        app.with(Package::hostile("memory")).await;
        // Each a task of its own, as a server has them: one that waits for the database is not held up by another's
        // guest.
        let app = Arc::new(app);
        let visits = (0..100).map(|_| {
            let (app, path) = (app.clone(), path.clone());
            tokio::spawn(async move { app.get(&path).await })
        });
        for page in join_all(visits).await {
            let page = page.unwrap();
            assert!(page.status == 200 && page.contains("The title"), "{} {}", page.status, page.text);
        }
        app.logged(FAILED);
        app.logged("is suspended");
    }
}
