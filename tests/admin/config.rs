//! The site's own settings.

use trovato::subsystems::admin::ENTER;
use trovato_tests::{TestApp, both};

both! {
    async fn the_name_and_the_slogan_are_changed_by_those_who_may(app: TestApp) {
        let clerk = app.browser_of(app.somebody(&[ENTER, "administer site configuration"]));
        let form = clerk.form("/admin/config/site").await;
        assert_eq!(form.value("site_name"), Some("Trovato"));
        let form = form.fill("site_name", "Ada's notes").fill("site_slogan", "On engines");
        let answer = form.press("save").await;
        let page = form.in_browser().follow(&answer).await;
        assert!(page.contains("The settings are saved."), "{}", page.text);
        assert!(app.get("/").await.contains("<title>Ada&#39;s notes</title>") || app.get("/").await.contains("<title>Ada&#x27;s notes</title>"));
        let empty = form.browser().form("/admin/config/site").await.fill("site_name", "").press("save").await;
        assert_eq!(empty.status, 422);
        assert_eq!(app.get_as(&app.somebody(&[ENTER]), "/admin/config/site").await.status, 403);
    }
}
