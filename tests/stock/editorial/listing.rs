//! The list of what waits, and settings that make no sense.

use trovato_tests::{Package, TestApp, both};

use super::{body, load, post, post_called, ready, reason, reviewer, save, writer};

async fn set(app: &TestApp, name: &str, value: &str) {
    let variables = &app.services().variables;
    variables
        .store("editorial", name, Some(value.into()))
        .await
        .unwrap();
}

both! {
    async fn the_list_has_only_what_waits_and_whoever_looks_may_see(app: TestApp) {
        ready(&app).await;
        let listed = async || app.get_as(&reviewer(&app), "/moderation").await.text;
        post_called(&app, "In the open", "review").await;
        post_called(&app, "Secret", "review").await;
        assert!(listed().await.contains("In the open") && listed().await.contains("Secret"));
        app.with(Package::tapper("alpha").setting("hides_titles", "Secret")).await;
        assert!(listed().await.contains("In the open") && !listed().await.contains("Secret"));

        // What was published while the plugin was away waits for nobody.
        let gone = post_called(&app, "Gone on", "review").await;
        app.services().plugins.disable(app.site(), "editorial").await.unwrap();
        let mut published = load(&app, gone.id).await;
        published.published = true;
        save(&app, app.administrator(), published).await.unwrap();
        app.enable("editorial").await.unwrap();
        assert!(listed().await.contains("In the open") && !listed().await.contains("Gone on"));

        set(&app, "types", "page").await;
        assert!(listed().await.contains("Nothing waits for you"), "no post is moderated any more");
    }

    async fn a_page_of_the_list_may_have_nothing_for_somebody_and_leads_on(app: TestApp) {
        ready(&app).await;
        app.with(Package::tapper("alpha").setting("hides_titles", "Secret")).await;
        let variables = &app.services().variables;
        variables.store("editorial", "per_page", Some(1.into())).await.unwrap();
        let first = post(&app, "review").await;
        let second = post(&app, "review").await;
        let mut renamed = load(&app, first.id).await;
        renamed.title = "Secret".to_owned();
        save(&app, app.administrator(), renamed).await.unwrap();
        let page = app.get_as(&reviewer(&app), "/moderation").await;
        assert!(page.contains("?page=1") && !page.contains("Secret"), "{}", page.text);
        let page = app.get_as(&reviewer(&app), "/moderation?page=1").await;
        assert!(page.contains(&second.id.to_string()), "{}", page.text);
    }

    async fn settings_that_make_no_sense_stop_only_what_they_are_about(app: TestApp) {
        ready(&app).await;
        let post = post(&app, "draft").await;
        set(&app, "states", "nonsense").await;
        app.item("page", "A page").with("field_body", body()).save().await;
        let form = app.get_as(&app.administrator(), "/item/add/page").await;
        assert!(form.contains("name=\"published\""), "{}", form.text);
        let reason = reason(save(&app, writer(&app), load(&app, post.id).await).await);
        assert!(reason.contains("the setting `states` of the plugin 'editorial'"), "{reason}");
        app.logged("the setting `states`");
    }
}
