//! A WordPress export imported into the stock content types.

mod comments;
mod menus;

use std::path::{Path, PathBuf};

use trovato::subsystems::import::wxr::{Importer, Options};
use trovato::subsystems::import::{Error, Records, Report};
use trovato::subsystems::item::Value;
use trovato_tests::{TestApp, both};

/// The smallest PNG there is: one transparent point.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\
\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

const EXPORT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
<title>Harbour</title><link>https://harbour.example</link>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_login>ada</wp:author_login><wp:author_display_name><![CDATA[Ada L.]]></wp:author_display_name></wp:author>
<item><title>Boats &amp;amp; ships</title><link>https://harbour.example/2019/05/boats/</link>
<guid isPermaLink="false">https://harbour.example/?p=1</guid><dc:creator>ada</dc:creator>
<category domain="category" nicename="sea"><![CDATA[Sea]]></category><category><![CDATA[Uncategorized]]></category>
<content:encoded><![CDATA[They [caption id="a"]<img src="https://harbour.example/wp-content/uploads/2019/boat-300x200.png" alt="B"> A boat[/caption] float.

See <a href="https://harbour.example/?p=2#who">who</a> and <a href="https://elsewhere.example/">elsewhere</a>.<script>alert(1)</script>]]></content:encoded>
<excerpt:encoded><![CDATA[What floats.]]></excerpt:encoded>
<wp:post_id>1</wp:post_id><wp:post_date_gmt>2019-05-04 10:20:30</wp:post_date_gmt>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>
<wp:comment><wp:comment_id>5</wp:comment_id></wp:comment></item>
<item><title>Who we are</title><link>https://harbour.example/who/</link><guid>https://harbour.example/?page_id=2</guid>
<content:encoded><![CDATA[<!-- wp:paragraph --><p>We are few.</p><!-- /wp:paragraph -->]]></content:encoded>
<wp:post_id>2</wp:post_id><wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>
<item><title>Plans</title><link>https://harbour.example/?p=3</link><guid>https://harbour.example/?p=3</guid>
<content:encoded>Later. [gallery ids="1"]</content:encoded>
<wp:post_id>3</wp:post_id><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt><wp:status>private</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>boat.png</title><guid>https://harbour.example/?attachment_id=9</guid><wp:post_id>9</wp:post_id><wp:status>inherit</wp:status>
<wp:post_type>attachment</wp:post_type><wp:attachment_url>https://harbour.example/wp-content/uploads/2019/boat.png</wp:attachment_url></item>
<item><title>Old</title><guid>t</guid><wp:status>trash</wp:status><wp:post_type>post</wp:post_type></item>
</channel></rss>
"#;

struct Export {
    folder: tempfile::TempDir,
}

impl Export {
    fn of(xml: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("harbour.xml"), xml).unwrap();
        std::fs::create_dir_all(folder.path().join("uploads/2019")).unwrap();
        std::fs::write(folder.path().join("uploads/2019/boat.png"), PNG).unwrap();
        Self { folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("harbour.xml")
    }

    fn uploads(&self) -> Option<PathBuf> {
        Some(self.folder.path().join("uploads"))
    }
}

async fn import(app: &TestApp, file: &Path, uploads: Option<PathBuf>) -> Result<Report, Error> {
    for plugin in ["blog", "page"] {
        app.enable(plugin).await.unwrap();
    }
    let options = Options {
        posts: "blog".to_owned(),
        pages: "page".to_owned(),
        uploads,
    };
    let importer = Importer::new(app.site().clone(), records(app), options).unwrap();
    importer.run(file, |_| {}).await
}

fn records(app: &TestApp) -> Records {
    let services = app.services();
    Records::new(services.db.clone(), services.clock.clock(), services.ids.clone())
}

fn told(report: &Report) -> Vec<String> {
    report
        .notes
        .iter()
        .chain(&report.skipped)
        .map(ToString::to_string)
        .collect()
}

both! {
    async fn posts_and_pages_come_with_all_that_belongs_to_them(app: TestApp) {
        let export = Export::of(EXPORT);
        let report = import(&app, &export.file(), export.uploads()).await.unwrap();
        assert_eq!((report.created, report.updated, report.files), (3, 0, 1));
        assert_eq!(
            told(&report),
            [
                "harbour.xml:6: Boats &amp; ships: comments (1) are left out: they are without a number or a text",
                "harbour.xml:20: Plans: it was private: it is imported unpublished",
                "harbour.xml:20: Plans: the shortcode [gallery] stays as text",
                "harbour.xml:25: Old: it was in the trash",
            ]
        );
        let page = app.get("/2019/05/boats").await;
        assert_eq!(page.status, 200);
        for part in [
            "<h1", "Boats &amp; ships", "Ada L.", ">Sea<", "<figcaption>A boat</figcaption>", "boat.png\"",
            "href=\"/who#who\"", "href=\"https://elsewhere.example/\"", "2019-05-04",
        ] {
            assert!(page.text.contains(part), "no {part} in {}", page.text);
        }
        for part in ["Uncategorized", "[caption", "harbour.example", "alert(1)"] {
            assert!(!page.text.contains(part), "{part} in {}", page.text);
        }
        assert!(app.get("/who").await.text.contains("<p>We are few.</p>"));
        assert!(!app.get("/").await.text.contains("Plans"), "what was private is not published");
    }

    async fn a_second_run_changes_nothing_and_a_third_what_has_changed(app: TestApp) {
        let export = Export::of(EXPORT);
        import(&app, &export.file(), export.uploads()).await.unwrap();
        let again = import(&app, &export.file(), export.uploads()).await.unwrap();
        assert!(!again.has_changes() && again.unchanged == 3, "{again:?}");
        std::fs::write(export.file(), EXPORT.replace("We are few.", "We are many.")).unwrap();
        let third = import(&app, &export.file(), export.uploads()).await.unwrap();
        assert_eq!((third.created, third.updated, third.unchanged), (0, 1, 2));
        assert!(app.get("/who").await.text.contains("We are many."));
    }

    async fn without_the_folder_of_uploads_addresses_stay_and_are_told(app: TestApp) {
        let export = Export::of(EXPORT);
        let report = import(&app, &export.file(), None).await.unwrap();
        let told = told(&report).join("\n");
        assert!(told.contains("Boats &amp; ships: addresses of files (1) stay as they are: name a copy"), "{told}");
        assert!(told.contains("its picture https://harbour.example/wp-content/uploads/2019/boat.png is left out"), "{told}");
    }

    async fn a_file_that_was_cut_off_is_imported_as_far_as_it_goes(app: TestApp) {
        let (cut, _) = EXPORT.split_once("<item><title>Plans").unwrap();
        let export = Export::of(&format!("{cut}<item><title>Pl"));
        let report = import(&app, &export.file(), export.uploads()).await.unwrap();
        assert_eq!(report.created, 2);
        let told = told(&report).join("\n");
        assert!(told.contains("harbour.xml:20: it ends too early: it was cut off; what comes behind is left out"), "{told}");
    }

    async fn a_taken_path_is_told_and_another_one_given(app: TestApp) {
        app.enable("page").await.unwrap();
        let other = app.item("page", "Who").with("field_body", Value::Formatted {
            value: "Mine".to_owned(),
            format: "plain_text".to_owned(),
        });
        let other = other.save().await;
        assert_eq!(other.alias.as_deref(), Some("who"));
        let export = Export::of(EXPORT);
        let report = import(&app, &export.file(), export.uploads()).await.unwrap();
        let told = told(&report).join("\n");
        assert!(told.contains("Who we are: its path /who leads elsewhere already"), "{told}");
        assert!(app.get("/who").await.text.contains("Mine"));
        assert!(app.get("/who-we-are").await.text.contains("We are few."));
    }

    async fn what_is_no_export_is_refused_in_one_line(app: TestApp) {
        let export = Export::of("<html></html>");
        let error = import(&app, &export.file(), None).await.unwrap_err().to_string();
        assert!(error.ends_with("harbour.xml: line 1: it is no WordPress export: it begins with <html>"), "{error}");
        let feed = Export::of("<rss><channel><item><title>A</title></item></channel></rss>");
        let error = import(&app, &feed.file(), None).await.unwrap_err().to_string();
        assert!(error.contains("it does not say its version"), "{error}");
    }
}
