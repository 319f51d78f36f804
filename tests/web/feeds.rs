//! Feeds of the home page and of content types.

use axum::body::Body;
use axum::http::Request;
use trovato::subsystems::item::{Item, Value};
use trovato::subsystems::item_type::{Field, FieldType, ItemType};
use trovato_tests::{Answer, Package, TestApp, both, shown_field};

async fn on_the_web(app: TestApp) -> TestApp {
    let app = app
        .restart_with(|config| config.public_url = Some("https://example.org".to_owned()))
        .await;
    app.enable("page").await.unwrap();
    app
}

async fn note(app: &TestApp, title: &str) -> Item {
    let body = Value::Formatted {
        value: "Some *words* & more.\u{1}".to_owned(),
        format: "markdown".to_owned(),
    };
    app.item("page", title)
        .with("field_body", body)
        .promoted()
        .save()
        .await
}

async fn ask(app: &TestApp, path: &str, header: (&str, &str)) -> Answer {
    let request = Request::builder().uri(path).header(header.0, header.1);
    app.answer(request.body(Body::empty()).unwrap()).await
}

/// The text of each element of a name.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let found = xml.split(&begin).skip(1);
    found
        .map(|rest| rest.split(&end).next().unwrap().to_owned())
        .collect()
}

both! {
    async fn the_home_page_and_each_content_type_have_feeds_in_two_forms(app: TestApp) {
        let app = on_the_web(app).await;
        let item = note(&app, "Größe & more").await;
        app.item("page", "Hidden").promoted().unpublished().save().await;
        let address = format!("https://example.org{}", trovato::subsystems::menu::encoded(&item.path()));
        for path in ["/feed/rss.xml", "/feed/page/rss.xml"] {
            let feed = app.get(path).await;
            assert_eq!((feed.status.as_u16(), feed.header("content-type")), (200, "application/rss+xml; charset=utf-8"));
            assert_eq!(texts(&feed.text, "title")[1..], ["Größe &amp; more"], "{}", feed.text);
            assert_eq!(texts(&feed.text, "link"), ["https://example.org/", &address], "{}", feed.text);
            assert_eq!(texts(&feed.text, "pubDate"), ["Tue, 14 Nov 2023 22:13:20 GMT"]);
            assert!(feed.contains(&format!("<guid isPermaLink=\"false\">urn:uuid:{}</guid>", item.id)));
            assert!(feed.contains("&lt;em&gt;words&lt;/em&gt; &amp;amp; more."), "{}", feed.text);
            assert!(feed.contains(&format!("rel=\"self\" type=\"application/rss+xml\" href=\"https://example.org{path}\"")));
        }
        let feed = app.get("/feed/atom.xml").await;
        assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
        assert!(feed.contains(&format!("<link rel=\"alternate\" type=\"text/html\" href=\"{address}\"/>")), "{}", feed.text);
        for path in ["/feed/json.xml", "/feed/rss", "/feed/nothing/rss.xml", "/feed/page/x"] {
            assert_eq!(app.get(path).await.status, 404, "{path}");
        }
    }

    async fn who_has_a_feed_is_told_that_nothing_is_new(app: TestApp) {
        let app = on_the_web(app).await;
        let item = note(&app, "One").await;
        let feed = app.get("/feed/atom.xml").await;
        let (tag, modified) = (feed.header("etag").to_owned(), feed.header("last-modified").to_owned());
        assert_eq!(modified, "Tue, 14 Nov 2023 22:13:20 GMT");
        assert_eq!(feed.header("cache-control"), "public, max-age=300");
        let mine = app.get_as(&app.administrator(), "/feed/atom.xml").await;
        assert_eq!(mine.header("cache-control"), "private, no-cache");
        let known = ask(&app, "/feed/atom.xml", ("if-none-match", &tag)).await;
        assert_eq!((known.status.as_u16(), known.text.as_str(), known.header("etag")), (304, "", tag.as_str()));
        app.wait(std::time::Duration::from_secs(60));
        app.services().items.save(&app.system(), Box::new(item), "").await.1.unwrap();
        for header in [("if-none-match", tag.as_str()), ("if-modified-since", modified.as_str())] {
            assert_eq!(ask(&app, "/feed/atom.xml", header).await.status, 200);
        }
    }

    async fn what_has_left_a_feed_is_told_though_its_newest_date_stays(app: TestApp) {
        let app = on_the_web(app).await;
        let mut first = note(&app, "One").await;
        app.wait(std::time::Duration::from_secs(60));
        note(&app, "Two").await;
        let feed = app.get("/feed/atom.xml").await;
        let modified = feed.header("last-modified").to_owned();
        assert_eq!(texts(&feed.text, "title").len(), 3);
        first.published = false;
        app.services().items.save(&app.system(), Box::new(first), "").await.1.unwrap();
        let feed = ask(&app, "/feed/atom.xml", ("if-modified-since", &modified)).await;
        assert_eq!((feed.status.as_u16(), texts(&feed.text, "title").len()), (200, 2));
    }

    async fn a_feed_that_comes_with_a_cookie_is_kept_by_nobody_else(app: TestApp) {
        let app = on_the_web(app).await;
        let browser = app.browser();
        browser.set_cookie("__Host-session", "0123456789abcdef0123456789abcdef");
        let feed = browser.get("/feed/atom.xml").await;
        assert!(feed.header("set-cookie").contains("Max-Age=0"), "{:?}", feed.headers);
        assert_eq!(feed.header("cache-control"), "private, max-age=300");
    }

    async fn what_no_page_shows_is_in_no_feed_and_no_head(app: TestApp) {
        let app = on_the_web(app).await;
        let notes = Field::new("field_notes", FieldType::LongText);
        let body = shown_field("field_body", "Body", FieldType::LongText);
        app.content_type(ItemType::new("story", "Story", vec![notes, body])).await;
        let words = |text: &str| Value::Formatted { value: text.to_owned(), format: "plain_text".to_owned() };
        let item = app.item("story", "One").with("field_notes", words("Between us")).with("field_body", words("For all")).save().await;
        let feed = app.get("/feed/story/rss.xml").await;
        assert!(feed.contains("For all") && !feed.contains("Between us"), "{}", feed.text);
        let page = app.get(&item.path()).await;
        assert_eq!(page.meta("description"), Some("For all"));
        assert!(!page.contains("Between us"), "{}", page.text);
    }

    async fn a_feed_is_full_though_a_plugin_hides_what_is_new(app: TestApp) {
        let app = on_the_web(app).await;
        for number in 0..20 {
            note(&app, &format!("n{number}")).await;
        }
        for number in 0..5 {
            note(&app, &format!("Secret {number}")).await;
        }
        let feed = app.get("/feed/page/rss.xml").await;
        assert_eq!(texts(&feed.text, "pubDate").len(), 20);
        app.with(Package::tapper("beta").setting("hides_titles", "Secret")).await;
        let feed = app.get("/feed/page/rss.xml").await;
        let mut titles = texts(&feed.text, "title").split_off(1);
        titles.sort_by_key(|title| (title.len(), title.clone()));
        let expected: Vec<String> = (0..20).map(|number| format!("n{number}")).collect();
        assert_eq!(titles, expected, "what is hidden makes room for what is behind it");
        app.with(Package::tapper("alpha").setting("access", "deny")).await;
        let feed = app.get("/feed/page/rss.xml").await;
        assert_eq!((feed.status.as_u16(), texts(&feed.text, "pubDate").len()), (200, 0));
        assert!(feed.text.ends_with("</rss>\n") || feed.text.ends_with("</rss>"), "{}", feed.text);
    }

    async fn a_plugin_s_feed_comes_in_both_forms_too(app: TestApp) {
        let app = on_the_web(app).await;
        app.enable("blog").await.unwrap();
        let body = Value::Formatted { value: "Text.".to_owned(), format: "plain_text".to_owned() };
        app.item("blog", "Post").with("field_body", body).save().await;
        let page = app.get("/blog").await;
        assert!(page.contains("href=\"/blog/feed.xml\"") && page.contains("href=\"/blog/feed.xml?format=rss\""), "{}", page.text);
        assert_eq!(app.get("/blog/feed.xml").await.header("content-type"), "application/atom+xml; charset=utf-8");
        let rss = app.get("/blog/feed.xml?format=rss").await;
        assert_eq!(rss.header("content-type"), "application/rss+xml; charset=utf-8");
        let known = ask(&app, "/blog/feed.xml?format=rss", ("if-none-match", rss.header("etag"))).await;
        assert_eq!(known.status, 304);
        assert_eq!(app.get("/blog/feed.xml?format=x").await.status, 404);
    }
}
