//! What search engines and those who share a page are told.

use serde_json::Value as Json;
use trovato::request::Account;
use trovato::subsystems::item::Value;
use trovato_tests::{Answer, TestApp, both};

async fn ready(app: TestApp) -> TestApp {
    let app = app
        .restart_with(|config| config.public_url = Some("https://example.org".to_owned()))
        .await;
    for plugin in ["blog", "page", "seo"] {
        app.enable(plugin).await.unwrap();
    }
    app
}

fn body() -> Value {
    Value::Formatted {
        value: "It begins here.".to_owned(),
        format: "markdown".to_owned(),
    }
}

fn editor(app: &TestApp) -> Account {
    app.somebody(&[
        "access content",
        "use markdown text format",
        "create page content",
        "edit any page content",
        "delete any page content",
    ])
}

/// How many rows the plugin keeps.
async fn rows(app: &TestApp) -> i64 {
    let count = trovato::db::sql("SELECT CAST(COUNT(*) AS bigint) FROM seo_item", ());
    let rows: Vec<(i64,)> = app.services().db.fetch_all(count).await.unwrap();
    rows[0].0
}

both! {
    async fn what_nobody_has_said_comes_from_the_item_and_the_settings(app: TestApp) {
        let app = ready(app).await;
        let post = app.item("blog", "A post").with("field_body", body()).save().await;
        let page = app.get(&post.path()).await;
        assert!(page.contains("<title>A post | Trovato</title>"), "{}", page.text);
        for (name, content) in [
            ("description", "It begins here."),
            ("og:title", "A post"),
            ("og:description", "It begins here."),
            ("twitter:card", "summary"),
            ("twitter:title", "A post"),
        ] {
            assert_eq!(page.meta(name), Some(content), "{name} in {}", page.text);
        }
        let data = page.structured_data();
        assert_eq!((&data[0]["@type"], &data[0]["headline"]), (&Json::from("BlogPosting"), &Json::from("A post")));
        assert_eq!(data[0]["datePublished"], "2023-11-14T22:13:20Z");
        assert_eq!((&data[1]["@type"], data.len()), (&Json::from("BreadcrumbList"), 2));
        assert_eq!(data[1]["itemListElement"][0]["item"], "https://example.org/");
        let home = app.get("/").await;
        assert_eq!(data_of(&home, "@type"), "WebSite");
        let variables = &app.services().variables;
        variables.store("seo", "title", Some("[site] – [title]".into())).await.unwrap();
        variables.store("seo", "noindex", Some("blog".into())).await.unwrap();
        variables.store("seo", "home_title", Some("Home, sweet".into())).await.unwrap();
        let page = app.get(&post.path()).await;
        assert!(page.contains("<title>Trovato – A post</title>"), "{}", page.text);
        assert_eq!(page.meta("robots"), Some("noindex"));
        assert!(app.get("/").await.contains("<title>Home, sweet</title>"));
    }

    async fn an_editor_says_it_in_the_form_of_any_item(app: TestApp) {
        let app = ready(app).await;
        let browser = app.browser_of(editor(&app));
        let form = browser.form("/item/add/page").await;
        assert!(form.page.contains("Search engines") && form.page.contains("The beginning of the text."), "{}", form.page.text);
        let answer = form
            .fill("title", "About")
            .fill("field_body", "Us.")
            .fill("field_body.format", "markdown")
            .fill("seo_title", "About <us>")
            .fill("seo_description", "Who we are.")
            .fill("seo_picture", "/files/us.png")
            .press("save")
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let item = app.newest_item().await;
        let page = app.get(&item.path()).await;
        assert!(page.contains("<title>About &lt;us&gt;</title>") && page.contains(">About</h1>"), "{}", page.text);
        assert_eq!(page.meta("description"), Some("Who we are."));
        assert_eq!(page.meta("og:image"), Some("https://example.org/files/us.png"));
        assert_eq!((page.meta("twitter:card"), page.meta("robots")), (Some("summary_large_image"), None));
        let edit = format!("/item/{}/edit", item.id);
        let form = browser.form(&edit).await;
        assert_eq!(form.value("seo_title"), Some("About <us>"));
        let answer = form.fill("seo_title", "").fill("seo_noindex", "1").press("save").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let page = app.get(&item.path()).await;
        assert_eq!((page.meta("robots"), page.meta("description")), (Some("noindex"), Some("Who we are.")));
        assert!(page.contains("<title>About | Trovato</title>"), "{}", page.text);
        assert!(browser.form(&edit).await.page.contains("Search engines are asked to leave it out."));
        assert_eq!(rows(&app).await, 1);
        let form = browser.form(&format!("/item/{}/delete", item.id)).await;
        assert_eq!(form.press("delete").await.status, 303);
        assert_eq!(rows(&app).await, 0);
    }

    async fn what_is_refused_or_only_looked_at_is_not_kept(app: TestApp) {
        let app = ready(app).await;
        let browser = app.browser_of(editor(&app));
        let item = app.item("page", "About").with("field_body", body()).save().await;
        let edit = format!("/item/{}/edit", item.id);
        let form = browser.form(&edit).await.fill("seo_title", "Only looked at");
        let shown = form.press("preview").await;
        assert!(shown.contains("value=\"Only looked at\""), "{}", shown.text);
        let refused = browser.form(&edit).await.fill("title", "").fill("seo_title", "No").press("save").await;
        assert_eq!(refused.status, 422);
        let wrong = browser.form(&edit).await.fill("seo_picture", "javascript:alert(1)").press("save").await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.contains("seo_picture-error"), "{}", wrong.text);
        assert_eq!(rows(&app).await, 0);
        // Saved by others than the form, it stays as it was.
        let saved = browser.form(&edit).await.fill("seo_title", "Yes").press("save").await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let item = app.newest_item().await;
        app.services().items.save(&app.system(), Box::new(item.clone()), "").await.1.unwrap();
        assert!(app.get(&item.path()).await.contains("<title>Yes</title>"));
    }
}

fn data_of(page: &Answer, member: &str) -> String {
    page.structured_data()[0][member].as_str().unwrap().to_owned()
}
