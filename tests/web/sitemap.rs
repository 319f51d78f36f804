//! What search engines are told.

use trovato::db::sql;
use trovato::subsystems::item_type::ItemType;
use trovato::subsystems::variable::SITE;
use trovato_tests::{TestApp, both};

/// The addresses in a sitemap or in the list of them.
fn addresses(xml: &str) -> Vec<String> {
    let locations = xml.split("<loc>").skip(1);
    locations
        .map(|rest| rest.split("</loc>").next().unwrap().to_owned())
        .collect()
}

async fn all(app: &TestApp) -> Vec<String> {
    let index = app.get("/sitemap.xml").await;
    assert_eq!(
        (index.status.as_u16(), index.header("content-type")),
        (200, "application/xml; charset=utf-8")
    );
    let mut pages = Vec::new();
    for part in addresses(&index.text) {
        let path = part.split_once("/sitemap/").unwrap().1;
        let answer = app.get(&format!("/sitemap/{path}")).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text.ends_with("</urlset>\n"), "{}", answer.text);
        pages.extend(addresses(&answer.text));
    }
    pages
}

async fn story(app: &TestApp) {
    let mut of = ItemType::new("story", "Story", Vec::new());
    of.path_pattern = Some("stories/[title]".to_owned());
    app.content_type(of).await;
}

both! {
    async fn the_sitemap_has_what_visitors_may_see(app: TestApp) {
        let app = app.restart_with(|config| config.public_url = Some("https://example.org".to_owned())).await;
        assert_eq!(all(&app).await, ["https://example.org/"]);
        story(&app).await;
        app.item("story", "Größe & Co").save().await;
        app.item("story", "Hidden").unpublished().save().await;
        let expected = ["https://example.org/", "https://example.org/stories/gr%C3%B6%C3%9Fe-co"];
        assert_eq!(all(&app).await, expected);
        let part = app.get("/sitemap.xml").await.text;
        let path = part.split("https://example.org").nth(1).unwrap().split('<').next().unwrap();
        let shown = app.get_as(&app.administrator(), path).await;
        assert!(!shown.contains("hidden"), "whoever asks is told what visitors may see");
        assert!(shown.contains("<lastmod>2023-11-14T22:13:20Z</lastmod>"), "{}", shown.text);
        let revoked = sql("DELETE FROM role_permission WHERE permission = 'access content'", ());
        app.services().db.execute(revoked).await.unwrap();
        app.services().access.reload().await.unwrap();
        assert_eq!(all(&app).await, ["https://example.org/"]);
    }

    async fn a_sitemap_of_many_items_is_read_in_pieces(app: TestApp) {
        story(&app).await;
        for number in 0..450 {
            app.item("story", &format!("n{number}")).save().await;
        }
        assert_eq!(all(&app).await.len(), 451);
    }

    async fn sitemaps_that_are_none(app: TestApp) {
        for path in ["/sitemap/x", "/sitemap/7.xml", "/sitemap/018c0000-0000-7000-8000-000000000abc.xml"] {
            assert_eq!(app.get(path).await.status, 404, "{path}");
        }
    }

    async fn robots_are_told_where_the_sitemap_is(app: TestApp) {
        let app = app.restart_with(|config| config.public_url = Some("https://example.org".to_owned())).await;
        let robots = app.get("/robots.txt").await;
        assert_eq!(robots.header("content-type"), "text/plain; charset=utf-8");
        assert!(robots.contains("User-agent: *\nDisallow: /admin\n"), "{}", robots.text);
        assert!(robots.text.ends_with("\nSitemap: https://example.org/sitemap.xml\n"), "{}", robots.text);
        app.services().variables.store(SITE, "robots_txt", Some("User-agent: *\nDisallow: /".into())).await.unwrap();
        assert!(app.get("/robots.txt").await.text.starts_with("User-agent: *\nDisallow: /\n"));
    }
}
