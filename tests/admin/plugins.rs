//! Plugins in the browser: consent, disabling, uninstalling, trying again.

use trovato::subsystems::admin::ENTER;
use trovato::subsystems::plugin::State;
use trovato_tests::{Package, TestApp, both};

async fn state(app: &TestApp, plugin: &str) -> Option<State> {
    let records = app.services().plugins.records().await.unwrap();
    let record = records.into_iter().find(|record| record.name == plugin);
    record.map(|record| record.state)
}

/// Fails a plugin's page as often as it takes to suspend it.
async fn suspend(app: &TestApp) {
    app.with(
        Package::tapper("alpha")
            .setting("path", "/tapped")
            .setting("fails_in", "page"),
    )
    .await;
    for _ in 0..5 {
        assert_eq!(app.get("/tapped").await.status, 500);
    }
    app.logged("plugin 'alpha' failed in 'page'");
    app.logged("/tapped could not be answered: plugin 'alpha' failed");
    app.logged("suspended");
}

both! {
    async fn the_list_says_how_each_plugin_stands(app: TestApp) {
        app.enable("page").await.unwrap();
        let page = app.get_as(&app.administrator(), "/admin/plugins").await;
        assert!(page.contains("<a class=\"rows__link\" href=\"/admin/plugins/blog\">blog</a>"), "{}", page.text);
        assert!(page.contains("badge--fine\">At work") && page.contains("badge--quiet\">Not installed"), "{}", page.text);
        let enabled = app.get_as(&app.administrator(), "/admin/plugins?state=at-work").await;
        assert!(enabled.contains("/admin/plugins/page") && !enabled.contains("/admin/plugins/blog\""), "{}", enabled.text);
        let sorted = app.get_as(&app.administrator(), "/admin/plugins?sort=-name").await;
        assert!(sorted.text.find("/admin/plugins/related\"") < sorted.text.find("/admin/plugins/blog\""), "{}", sorted.text);
        assert!(sorted.contains("aria-sort=\"descending\""), "{}", sorted.text);
    }

    async fn enabling_shows_in_words_what_the_plugin_will_be_able_to_do(app: TestApp) {
        app.add(&Package::fixture("prober"));
        let form = app.browser_of(app.administrator()).form("/admin/plugins/prober/enable").await;
        assert!(form.page.contains("find and read the content that the current user may see"), "{}", form.page.text);
        assert_eq!(state(&app, "prober").await, None, "looking changes nothing");
        let answer = form.press("enable").await;
        assert_eq!(answer.header("location"), "/admin/plugins/prober", "{}", answer.text);
        assert_eq!(state(&app, "prober").await, Some(State::Enabled));
        let told = form.in_browser().follow(&answer).await;
        assert!(told.contains("prober is at work."), "{}", told.text);
    }

    async fn nobody_enables_a_plugin_without_the_token_or_the_permission(app: TestApp) {
        app.add(&Package::fixture("prober"));
        let path = "/admin/plugins/prober/enable";
        let form = app.browser_of(app.administrator()).form(path).await;
        let stolen = app.post_as(&app.administrator(), path, &form.body()).await;
        assert_eq!(stolen.status, 403, "the token is another browser's");
        let clerk = app.browser_of(app.somebody(&[ENTER, "administer site configuration"]));
        assert_eq!(clerk.get(path).await.status, 403);
        assert_eq!(clerk.post(path, &form.body()).await.status, 403);
        assert_eq!(state(&app, "prober").await, None);
    }

    async fn what_changes_between_the_question_and_the_answer_is_asked_again(app: TestApp) {
        app.add(&Package::tapper("alpha"));
        let form = app.browser_of(app.administrator()).form("/admin/plugins/alpha/enable").await;
        app.add(&Package::tapper("alpha").version("0.2.0"));
        let answer = form.press("enable").await;
        assert_eq!(answer.status, 422);
        assert!(answer.contains("has changed since this page was shown"), "{}", answer.text);
        assert_eq!(state(&app, "alpha").await, None);
    }

    async fn a_plugin_that_refuses_says_why_on_the_page(app: TestApp) {
        app.add(&Package::tapper("alpha").setting("refuses_in", "install"));
        let form = app.browser_of(app.administrator()).form("/admin/plugins/alpha/enable").await;
        let answer = form.press("enable").await;
        assert_eq!(answer.status, 422);
        assert!(answer.contains("alpha says no in install"), "{}", answer.text);
        assert_eq!(state(&app, "alpha").await, None);
    }

    async fn another_version_is_an_upgrade_that_is_agreed_to_again(app: TestApp) {
        app.with(Package::tapper("alpha")).await;
        app.add(&Package::tapper("alpha").version("0.2.0"));
        let page = app.get_as(&app.administrator(), "/admin/plugins/alpha").await;
        assert!(page.contains("0.2.0, which differs from what is at work"), "{}", page.text);
        let form = app.browser_of(app.administrator()).form("/admin/plugins/alpha/enable").await;
        assert!(form.page.contains("in the place of 0.1.0"), "{}", form.page.text);
        form.press("enable").await;
        assert_eq!(app.site().registry().get("alpha").unwrap().manifest.version.to_string(), "0.2.0");
    }

    async fn a_plugin_that_others_need_names_them_and_has_no_button(app: TestApp) {
        app.with(Package::tapper("alpha")).await;
        app.with(Package::tapper("beta").depends("alpha", "0.1")).await;
        let page = app.get_as(&app.administrator(), "/admin/plugins/alpha/disable").await;
        assert!(page.contains("beta needs it") && !page.contains("Disable alpha</button>"), "{}", page.text);
    }

    async fn a_plugin_is_disabled_then_uninstalled_and_what_goes_is_said(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.ask("tapper", "note", "one").await.unwrap();
        assert_eq!(app.get_as(&app.administrator(), "/admin/plugins/tapper/uninstall").await.status, 404);
        let form = app.browser_of(app.administrator()).form("/admin/plugins/tapper/disable").await;
        form.press("leave").await;
        assert_eq!(state(&app, "tapper").await, Some(State::Disabled));
        let form = form.browser().form("/admin/plugins/tapper/uninstall").await;
        assert!(form.page.contains("<code>tapper_note</code>, 1 row"), "{}", form.page.text);
        let answer = form.press("leave").await;
        assert_eq!(answer.header("location"), "/admin/plugins");
        assert_eq!(state(&app, "tapper").await, None);
    }

    async fn a_suspended_plugin_is_told_of_and_tried_again_by_hand(app: TestApp) {
        suspend(&app).await;
        let ada = app.administrator();
        assert!(app.get_as(&ada, "/admin").await.contains("failed repeatedly"), "the dashboard tells");
        assert!(app.get_as(&ada, "/admin/plugins?state=trouble").await.contains("Suspended"));
        let form = app.browser_of(ada.clone()).form("/admin/plugins/alpha").await;
        assert!(form.page.contains("Suspended") && form.page.contains("gives up in page"), "{}", form.page.text);
        let answer = form.press("resume").await;
        let told = form.in_browser().follow(&answer).await;
        assert!(told.contains("alpha is tried again.") && told.contains("badge--fine\">At work"), "{}", told.text);
        assert!(told.contains("<code>page</code>"), "its calls are counted by tap: {}", told.text);
    }

    async fn the_settings_of_an_installed_plugin_are_changed_by_a_form(app: TestApp) {
        app.add(&Package::tapper("alpha"));
        let path = "/admin/plugins/alpha/settings";
        assert_eq!(app.get_as(&app.administrator(), path).await.status, 404, "it is not installed");
        app.with(Package::tapper("alpha")).await;
        let form = app.browser_of(app.administrator()).form(path).await.fill("setting_suffix", "!");
        let answer = form.press("save").await;
        assert_eq!(answer.header("location"), "/admin/plugins/alpha", "{}", answer.text);
        assert_eq!(app.services().variables.stored("alpha", "suffix"), Some("!".into()));
        assert_eq!(app.get_as(&app.somebody(&[ENTER]), path).await.status, 403);
    }

    async fn a_plugin_that_is_not_there_is_not_found(app: TestApp) {
        for path in ["/admin/plugins/nothing", "/admin/plugins/nothing/enable", "/admin/plugins/nothing/disable", "/admin/plugins/nothing/settings"] {
            assert_eq!(app.get_as(&app.administrator(), path).await.status, 404, "{path}");
        }
    }

    async fn an_earlier_version_is_put_to_work_again(app: TestApp) {
        app.with(Package::tapper("alpha").version("0.1.0")).await;
        let admin = app.browser_of(app.administrator());
        assert!(!admin.get("/admin/plugins/alpha").await.contains("/admin/plugins/alpha/rollback"));
        assert!(admin.get("/admin/plugins/alpha/rollback").await.contains("No other version"));
        app.with(Package::tapper("alpha").version("0.2.0")).await;
        assert!(admin.get("/admin/plugins/alpha").await.contains("/admin/plugins/alpha/rollback"));
        let form = app.browser_of(app.administrator()).form("/admin/plugins/alpha/rollback").await;
        assert!(form.page.contains("Version 0.2.0 is at work.") && form.page.contains("0.1.0 ("), "{}", form.page.text);
        let answer = form.press("roll_back").await;
        assert_eq!(answer.header("location"), "/admin/plugins/alpha", "{}", answer.text);
        assert_eq!(app.site().registry().get("alpha").unwrap().manifest.version.to_string(), "0.1.0");
        let page = app.get_as(&app.administrator(), "/admin/plugins/alpha/rollback").await;
        assert!(page.contains("which somebody has gone back from"), "{}", page.text);
        assert_eq!(app.get_as(&app.administrator(), "/admin/plugins/nothing/rollback").await.status, 404);
        assert_eq!(app.get_as(&app.somebody(&[ENTER]), "/admin/plugins/alpha/rollback").await.status, 403);
    }
}
