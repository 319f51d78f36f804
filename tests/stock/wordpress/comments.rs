//! The comments of a WordPress export.

use trovato::subsystems::import::{Kept, Kind, Report};
use trovato::subsystems::item::Item;
use trovato_tests::{TestApp, both};

use super::{Export, import, records, told};

fn comment(number: u32, above: u32, approved: &str, kind: &str, text: &str) -> String {
    format!(
        "<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author><![CDATA[Bea]]></wp:comment_author>\
         <wp:comment_author_email>bea@elsewhere.example</wp:comment_author_email>\
         <wp:comment_author_url>https://elsewhere.example/</wp:comment_author_url>\
         <wp:comment_author_IP>192.0.2.7</wp:comment_author_IP><wp:comment_date_gmt>2020-01-0{number} 10:00:00</wp:comment_date_gmt>\
         <wp:comment_content><![CDATA[{text}]]></wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved>\
         <wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>{above}</wp:comment_parent>\
         <wp:comment_user_id>0</wp:comment_user_id></wp:comment>\n"
    )
}

fn export(comments: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><link>https://harbour.example</link>\
         <wp:wxr_version>1.2</wp:wxr_version>\n<item><title>Boats</title><link>https://harbour.example/boats/</link>\
         <guid>https://harbour.example/?p=1</guid><content:encoded><![CDATA[<p>They float.</p>]]></content:encoded>\
         <wp:post_id>1</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\n{}</item></channel></rss>\n",
        comments.concat()
    )
}

fn boats() -> Vec<String> {
    vec![
        comment(1, 0, "1", "comment", "Do they?\n\n<script>alert(1)</script>"),
        comment(2, 1, "1", "", "They <em>do</em>."),
        comment(3, 2, "spam", "", "Buy boats"),
        comment(4, 3, "0", "", "Which ones?"),
        comment(5, 0, "1", "pingback", "[...] boats [...]"),
        comment(6, 0, "trash", "", "x"),
    ]
}

async fn run(app: &TestApp, comments: &[String]) -> Report {
    let export = Export::of(&export(comments));
    import(app, &export.file(), None).await.unwrap()
}

async fn item(app: &TestApp) -> Item {
    use trovato::subsystems::alias::Target;
    let target = app.services().aliases.resolve("boats").await.unwrap().unwrap();
    let Target::Item(id) = *target else {
        panic!("{target:?}")
    };
    app.services().items.find(&app.system(), id).await.unwrap()
}

async fn kept(app: &TestApp) -> Vec<Kept> {
    records(app).kept(item(app).await.id).await.unwrap()
}

fn brief(kept: &[Kept]) -> Vec<(&str, Option<&str>, Kind, bool)> {
    let brief = kept.iter().map(|kept| {
        (
            kept.key.as_str(),
            kept.parent.as_deref(),
            kept.kind,
            kept.approved,
        )
    });
    brief.collect()
}

both! {
    async fn comments_are_kept_with_their_item_and_shown_nowhere(app: TestApp) {
        let report = run(&app, &boats()).await;
        assert_eq!((report.created, report.comments), (1, 4));
        assert_eq!(told(&report), ["harbour.xml: comments (2) are left out: they were spam or in the trash"]);
        let kept = kept(&app).await;
        assert_eq!(
            brief(&kept),
            [
                ("1", None, Kind::Comment, true),
                ("2", Some("1"), Kind::Comment, true),
                ("4", Some("2"), Kind::Comment, false),
                ("5", None, Kind::Pingback, true),
            ]
        );
        assert_eq!(kept[0].body, "Do they?\n\n<script>alert(1)</script>");
        assert_eq!((kept[0].author.as_str(), kept[0].mail.as_deref()), ("Bea", Some("bea@elsewhere.example")));
        assert_eq!(kept[0].url.as_deref(), Some("https://elsewhere.example/"));
        assert_eq!(kept[0].created.unwrap().as_millis(), 1_577_872_800_000);
        let page = app.get("/boats").await;
        assert!(page.text.contains("They float.") && !page.text.contains("Bea"), "{}", page.text);
    }

    async fn a_second_run_keeps_nothing_and_a_changed_export_what_has_changed(app: TestApp) {
        run(&app, &boats()).await;
        let again = run(&app, &boats()).await;
        assert!(!again.has_changes() && again.unchanged == 1, "{again:?}");
        let mut comments = boats();
        comments[0] = comment(1, 0, "trash", "", "x");
        comments[3] = comment(4, 3, "1", "", "Which ones?");
        comments.pop();
        comments.push(comment(7, 4, "1", "", "All."));
        // One that is not in the export any longer stays.
        comments.remove(4);
        let third = run(&app, &comments).await;
        assert_eq!((third.updated, third.unchanged, third.comments), (0, 1, 4));
        assert_eq!(
            brief(&kept(&app).await),
            [
                ("2", None, Kind::Comment, true),
                ("4", Some("2"), Kind::Comment, true),
                ("5", None, Kind::Pingback, true),
                ("7", Some("4"), Kind::Comment, true),
            ]
        );
        assert!(!run(&app, &comments).await.has_changes());
    }

    async fn comments_go_with_their_item_and_come_with_it_again(app: TestApp) {
        run(&app, &boats()).await;
        let id = item(&app).await.id;
        app.services().items.delete(&app.system(), id).await.unwrap();
        assert!(records(&app).kept(id).await.unwrap().is_empty());
        let again = run(&app, &boats()).await;
        assert_eq!((again.created, again.comments), (1, 4));
    }
}
