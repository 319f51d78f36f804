//! The bar on public pages.

use trovato::subsystems::admin::ENTER;
use trovato_tests::{TestApp, both};

both! {
    async fn those_who_may_enter_the_administration_have_a_bar_on_public_pages(app: TestApp) {
        let page = app.get_as(&app.somebody(&[ENTER, "access content"]), "/").await;
        assert!(page.contains("class=\"trovato-bar\"") && page.contains("/theme/admin/css/toolbar.css?v="), "{}", page.text);
        assert!(page.contains("Somebody") && page.contains("href=\"/admin\""), "{}", page.text);
    }

    async fn others_pay_nothing_for_it(app: TestApp) {
        let visitor = app.get("/").await;
        let member = app.get_as(&app.somebody(&["access content"]), "/").await;
        for page in [visitor, member] {
            assert!(!page.contains("trovato-bar") && !page.contains("toolbar.css"), "{}", page.text);
        }
    }
}
