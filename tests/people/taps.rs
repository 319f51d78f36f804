//! What plugins are told of people.

use trovato::subsystems::user::{Changes, Content};
use trovato_tests::{PASSWORD, Package, TestApp, both};

both! {
    async fn plugins_are_told_what_happens_to_accounts(app: TestApp) {
        app.with(Package::tapper("alpha")).await;
        let session = app.session(app.account("admin").await);
        let services = app.services();
        let id = app.make_person("Ada", None).await.id;
        let change = Changes { active: Some(false), ..Changes::default() };
        services.users.update(&session, id, change, None).await.unwrap();
        services.cancellations.cancel(&session, id, Content::Delete).await.unwrap();
        super::sign_in(&app, "user", PASSWORD).await.unwrap();
        let browser = app.signed_in("user").await;
        let form = browser.form("/user/logout").await;
        assert_eq!(form.submit().await.status, 303);
        for (tap, calls) in
            [("user-insert", 1), ("user-update", 2), ("user-delete", 1), ("user-login", 1), ("user-logout", 1)]
        {
            assert_eq!(app.calls("alpha", tap), (calls, 0), "{tap}");
        }
    }

    async fn a_plugin_that_fails_keeps_nobody_from_signing_in(app: TestApp) {
        let fails = Package::tapper("alpha").setting("fails_in", "user-login:user");
        app.with(fails).await;
        super::sign_in(&app, "user", PASSWORD).await.unwrap();
        app.logged("plugin 'alpha' failed in 'user-login'");
    }
}
