//! What stands in the head of a page, and what plugins say there.

use serde_json::Value as Json;
use trovato::subsystems::item::{Item, Value};
use trovato::subsystems::item_type::{Field, FieldType, ItemType};
use trovato_tests::{Package, TestApp, both};

const ORIGIN: &str = "https://example.org";

async fn on_the_web(app: TestApp) -> TestApp {
    app.restart_with(|config| config.public_url = Some(ORIGIN.to_owned()))
        .await
}

async fn story(app: &TestApp) -> Item {
    let body = Field::new("field_body", FieldType::LongText);
    let mut of = ItemType::new("story", "Story", vec![body]);
    of.path_pattern = Some("stories/[title]".to_owned());
    app.content_type(of).await;
    let words = Value::Formatted {
        value: "Once \"upon\" a time </script><script>alert(1)</script>.".to_owned(),
        format: "plain_text".to_owned(),
    };
    app.item("story", "Größe & </script>")
        .with("field_body", words)
        .promoted()
        .save()
        .await
}

both! {
    async fn an_item_tells_its_address_and_what_previews_show(app: TestApp) {
        let app = on_the_web(app).await;
        let item = story(&app).await;
        let page = app.get(&item.path()).await;
        let address = "https://example.org/stories/gr%C3%B6%C3%9Fe-script";
        assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{address}\">")), "{}", page.text);
        for (name, content) in [
            ("og:type", "article"),
            ("og:title", "Größe &amp; &lt;/script&gt;"),
            ("og:url", address),
            ("og:site_name", "Trovato"),
            ("article:published_time", "2023-11-14T22:13:20Z"),
        ] {
            assert_eq!(page.meta(name), Some(content), "{name} in {}", page.text);
        }
        assert_eq!(page.meta("og:description"), page.meta("description"));
        assert_eq!(page.meta("og:image"), None);
        let data = page.structured_data();
        assert_eq!(data[0]["@type"], "WebPage");
        assert_eq!((&data[0]["url"], &data[0]["name"]), (&Json::from(address), &Json::from("Größe & </script>")));
        assert_eq!(data[0]["breadcrumb"]["itemListElement"][0]["item"], "https://example.org/");
        assert!(!page.contains("alert(1)</script>"), "{}", page.text);
        assert!(page.contains("<link rel=\"alternate\" type=\"application/rss+xml\" title=\"Story (RSS)\" href=\"/feed/story/rss.xml\">"));
    }

    async fn the_first_picture_of_an_item_stands_for_it(app: TestApp) {
        let app = on_the_web(app).await;
        app.enable("blog").await.unwrap();
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
        let file = app.services().files.store(uuid::Uuid::nil(), "a b.png", png.to_vec().into()).await.unwrap();
        let body = Value::Formatted { value: "Text.".to_owned(), format: "plain_text".to_owned() };
        let picture = Value::Reference { target: file.id, kind: "file".to_owned() };
        let item = app.item("blog", "Post").with("field_body", body).with("field_image", picture).save().await;
        let page = app.get(&item.path()).await;
        let expected = format!("https://example.org/files/{}/a%20b.png", file.id);
        assert_eq!(page.meta("og:image"), Some(expected.as_str()), "{}", page.text);
        assert_eq!(page.structured_data()[0]["primaryImageOfPage"]["url"], expected.as_str());
    }

    async fn every_page_of_the_home_page_has_an_address_of_its_own(app: TestApp) {
        let app = on_the_web(app).await;
        story(&app).await;
        for number in 0..12 {
            app.item("story", &format!("n{number}")).promoted().save().await;
        }
        let page = app.get("/").await;
        assert_eq!((page.meta("og:type"), page.meta("og:url")), (Some("website"), Some("https://example.org/")));
        assert!(page.contains("href=\"/feed/atom.xml\"") && page.contains("href=\"/feed/rss.xml\""), "{}", page.text);
        assert!(page.structured_data().is_empty());
        let second = app.get("/?page=1").await;
        assert!(second.contains("<link rel=\"canonical\" href=\"https://example.org/?page=1\">"), "{}", second.text);
        let lost = app.get("/nowhere").await;
        assert_eq!((lost.meta("og:url"), lost.meta("og:title")), (None, None), "an error is nobody's to share");
    }

    async fn what_a_plugin_says_goes_before_what_the_site_says(app: TestApp) {
        let app = on_the_web(app).await;
        let item = story(&app).await;
        let says = "title,Another & title|description,In short|robots,noindex|canonical,/elsewhere|meta,twitter:card,summary|\
                    property,og:title,Shared|property,og:description,|link,license,https://example.org/l|\
                    data,{\"@type\":\"Thing\", \"name\":\"</script>\"}";
        app.with(Package::tapper("alpha").setting("head", says)).await;
        let page = app.get(&item.path()).await;
        assert!(page.contains("<title>Another &amp; title</title>"), "{}", page.text);
        assert!(page.contains("<link rel=\"canonical\" href=\"https://example.org/elsewhere\">"), "{}", page.text);
        assert!(page.contains("<link rel=\"license\" href=\"https://example.org/l\">"), "{}", page.text);
        for (name, content) in [
            ("description", Some("In short")), ("robots", Some("noindex")), ("twitter:card", Some("summary")),
            ("og:title", Some("Shared")), ("og:description", None),
        ] {
            assert_eq!(page.meta(name), content, "{name} in {}", page.text);
        }
        let data = page.structured_data();
        assert_eq!((data.len(), &data[0]["name"]), (1, &Json::from("</script>")));
        let administration = app.get_as(&app.administrator(), "/admin").await;
        assert!(!administration.contains("twitter:card"), "{}", administration.text);
    }

    async fn what_may_not_stand_in_a_head_is_left_out_and_logged(app: TestApp) {
        let app = on_the_web(app).await;
        let item = story(&app).await;
        let says = "meta,viewport,x|meta,bad name,x|link,stylesheet,/x.css|canonical,javascript:x|canonical,//elsewhere|\
                    data,[1]|data,nonsense|meta,fine,yes";
        app.with(Package::tapper("alpha").setting("head", says)).await;
        let page = app.get(&item.path()).await;
        assert_eq!(page.meta("fine"), Some("yes"), "{}", page.text);
        assert!(page.contains("<link rel=\"canonical\" href=\"https://example.org/stories/"), "{}", page.text);
        assert!(!page.contains("bad name") && !page.contains("/x.css") && !page.contains("javascript:x"), "{}", page.text);
        assert_eq!(page.structured_data()[0]["@type"], "WebPage");
        for reason in ["the name `viewport`", "`bad name` is no name", "a link can't be `stylesheet`",
            "`javascript:x` is neither", "`//elsewhere` is neither", "structured data is a JSON object", "structured data is no JSON"] {
            app.logged(&format!("in the head of a page is left out: {reason}"));
        }
        app.services().variables.store("alpha", "head", Some("many,150".into())).await.unwrap();
        app.get(&item.path()).await;
        app.logged("it says 150 things, and 100 are taken");
    }

    async fn a_plugin_that_fails_at_the_head_leaves_it_as_it_was(app: TestApp) {
        let app = on_the_web(app).await;
        let item = story(&app).await;
        app.with(Package::tapper("alpha").setting("fails_in", "page-head")).await;
        let page = app.get(&item.path()).await;
        assert_eq!((page.status.as_u16(), page.meta("og:type")), (200, Some("article")));
        app.logged("plugin 'alpha' failed in 'page-head'");
        app.with(Package::tapper("alpha").setting("refuses_in", "page-head").version("0.2.0")).await;
        assert_eq!(app.get(&item.path()).await.meta("og:type"), Some("article"));
        app.logged("alpha says no in page-head");
    }
}
