//! The command palette and its page.

use trovato::subsystems::admin::ENTER;
use trovato_tests::{TestApp, both};

fn titles(json: &str) -> Vec<String> {
    let found: serde_json::Value = serde_json::from_str(json).unwrap();
    let hits = found["hits"].as_array().unwrap().iter();
    hits.map(|hit| hit["title"].as_str().unwrap().to_owned())
        .collect()
}

both! {
    async fn the_palette_has_the_pages_that_somebody_may_see(app: TestApp) {
        let clerk = app.get_as(&app.somebody(&[ENTER]), "/admin/search.json").await;
        assert_eq!(titles(&clerk.text), ["Dashboard", "Content", "Add content"]);
        let reader = app.get_as(&app.somebody(&[ENTER, "access site reports"]), "/admin/search.json").await;
        assert_eq!(titles(&reader.text), ["Dashboard", "Content", "Add content", "Reports", "Status", "Log"]);
        assert_eq!(reader.header("cache-control"), "private, no-store");
    }

    async fn a_word_finds_pages_and_the_content_that_somebody_may_see(app: TestApp) {
        app.enable("page").await.unwrap();
        app.item("page", "About 50% of the log").save().await;
        app.item("page", "The log of a secret").unpublished().save().await;
        let reader = app.somebody(&[ENTER, "access site reports", "access content"]);
        let json = app.get_as(&reader, "/admin/search.json?q=LOG").await;
        assert_eq!(titles(&json.text), ["Log", "About 50% of the log"]);
        assert_eq!(titles(&app.get_as(&reader, "/admin/search.json?q=50%25").await.text), ["About 50% of the log"]);
        let all = app.get_as(&app.administrator(), "/admin/search.json?q=secret").await;
        assert_eq!(titles(&all.text), ["The log of a secret"]);
    }

    async fn the_page_finds_the_same_without_a_script(app: TestApp) {
        let page = app.get_as(&app.administrator(), "/admin/search?q=log").await;
        assert!(page.contains("<a class=\"hits__title\" href=\"/admin/reports/log\">Log</a>"), "{}", page.text);
        let none = app.get_as(&app.administrator(), "/admin/search?q=%3Cb%3Ezebra").await;
        assert!(none.contains("Nothing found for “&lt;b&gt;zebra”"), "{}", none.text);
    }
}
