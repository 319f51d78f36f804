//! The menus of a WordPress export.

use trovato::request::Account;
use trovato::subsystems::admin::ENTER;
use trovato::subsystems::import::Report;
use trovato::subsystems::menu::{Entry, MOST, Menu};
use trovato_tests::{TestApp, both};

use super::{Export, import, told};

const LIST: &str = "/admin/structure/menus";

/// A link of a menu: its number, the one above it, its text, and what it says of where it leads.
fn link(menu: (&str, &str), number: u32, above: u32, title: &str, leads: &[(&str, &str)]) -> String {
    let above = above.to_string();
    let meta = [("menu_item_parent", above.as_str())];
    let meta = meta.iter().chain(leads).map(|(key, value)| {
        format!(
            "<wp:postmeta><wp:meta_key><![CDATA[_menu_item_{key}]]></wp:meta_key>\
             <wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        )
    });
    let meta: String = meta.collect();
    let (slug, label) = menu;
    format!(
        "<item><title><![CDATA[{title}]]></title><link>https://harbour.example/?p={number}</link>\
         <guid isPermaLink=\"false\">https://harbour.example/?p={number}</guid><wp:post_id>{number}</wp:post_id>\
         <wp:status>publish</wp:status><wp:menu_order>{number}</wp:menu_order><wp:post_type>nav_menu_item</wp:post_type>\
         <category domain=\"nav_menu\" nicename=\"{slug}\"><![CDATA[{label}]]></category>{meta}</item>\n"
    )
}

fn page(number: u32, title: &str, path: &str, status: &str) -> String {
    format!(
        "<item><title>{title}</title><link>https://harbour.example/{path}</link>\
         <guid>https://harbour.example/?page_id={number}</guid><content:encoded><![CDATA[<p>{title}</p>]]></content:encoded>\
         <wp:post_id>{number}</wp:post_id><wp:status>{status}</wp:status><wp:post_type>page</wp:post_type></item>\n"
    )
}

fn export(entries: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><link>https://harbour.example</link>\
         <wp:wxr_version>1.2</wp:wxr_version>\n{}</channel></rss>\n",
        entries.concat()
    )
}

const MAIN: (&str, &str) = ("main-menu", "Main &amp; more");

fn to(number: &str) -> [(&str, &str); 2] {
    [("type", "post_type"), ("object_id", number)]
}

fn at(address: &str) -> [(&str, &str); 2] {
    [("type", "custom"), ("url", address)]
}

/// Two menus as a site has them, with what can't be taken over.
fn harbour() -> String {
    let window = [
        ("type", "custom"),
        ("url", "https://elsewhere.example/"),
        ("target", "_blank"),
    ];
    let term = [("type", "taxonomy"), ("object", "category"), ("object_id", "4")];
    export(&[
        // A menu stands before what it leads to, as in real exports.
        link(MAIN, 100, 0, "Home", &at("https://harbour.example/")),
        link(MAIN, 101, 0, "", &to("2")),
        link(MAIN, 102, 101, "The <b>team</b>", &to("3")),
        link(MAIN, 103, 102, "Elsewhere", &window),
        link(MAIN, 104, 103, "Below", &at("http://harbour.example/who/#who")),
        link(MAIN, 105, 0, "Sea", &term),
        link(MAIN, 106, 105, "Map", &at("https://harbour.example/map/?a=b")),
        link(MAIN, 107, 0, "Gone", &to("77")),
        link(MAIN, 108, 0, "Write", &at("mailto:ada@harbour.example")),
        link(
            MAIN,
            109,
            0,
            "Archive",
            &[("type", "post_type_archive"), ("object", "boat")],
        ),
        link(MAIN, 110, 111, "Round", &at("/")),
        link(MAIN, 111, 110, "And round", &at("/")),
        link(("main", "Top"), 120, 0, "Secret", &to("5")),
        page(2, "Who we are", "who/", "publish"),
        page(3, "Who is who", "who/team/", "publish"),
        page(5, "Plans", "plans/", "private"),
    ])
}

async fn run(app: &TestApp, xml: &str) -> Report {
    let export = Export::of(xml);
    import(app, &export.file(), None).await.unwrap()
}

/// The links of a menu, those below others behind dashes.
fn laid(app: &TestApp, menu: &str) -> Vec<String> {
    let entries = app.services().menus.entries(&app.system(), menu);
    let depth = |entry: &Entry| {
        let mut depth = 0;
        let mut above = entry.parent.clone();
        while let Some(key) = above {
            depth += 1;
            above = entries
                .iter()
                .find(|entry| entry.key == key)
                .unwrap()
                .parent
                .clone();
        }
        depth
    };
    let lines = entries
        .iter()
        .map(|entry| format!("{}{} {}", "-".repeat(depth(entry)), entry.title, entry.path));
    lines.collect()
}

const LAID: [&str; 6] = [
    "Home /",
    "Who we are /who",
    "-The team /who/team",
    "--Elsewhere https://elsewhere.example/",
    "--Below /who#who",
    "Map /map?a=b",
];

fn keeper(app: &TestApp) -> Account {
    app.somebody(&[ENTER, "access content", "administer menus"])
}

both! {
    async fn menus_come_with_links_that_lead_to_the_items(app: TestApp) {
        let report = run(&app, &harbour()).await;
        assert_eq!((report.created, report.menus), (3, 2));
        assert_eq!(laid(&app, "main_menu"), LAID);
        let list = app.get_as(&keeper(&app), LIST).await;
        assert!(list.text.contains("Main &amp; more") && list.text.contains(">main_menu<"), "{}", list.text);
        let form = app.get_as(&keeper(&app), &format!("{LIST}/main_menu")).await;
        for part in ["value=\"Who we are\"", "value=\"/who\"", "value=\"/who/team\"", "value=\"https://elsewhere.example/\""] {
            assert!(form.text.contains(part), "no {part} in {}", form.text);
        }
        for (path, text) in [("/who", "Who we are"), ("/who/team", "Who is who")] {
            let page = app.get(path).await;
            assert!(page.status == 200 && page.text.contains(text), "{}", page.text);
        }
    }

    async fn what_is_left_out_of_menus_is_told_with_line_and_reason(app: TestApp) {
        let report = run(&app, &harbour()).await;
        let told = told(&report).join("\n");
        for part in [
            "harbour.xml:7: Below in the menu Main &amp; more: it lay deeper than 3, and lies beside what was above it",
            "harbour.xml:9: Map in the menu Main &amp; more: nothing is at /map?a=b yet: it is not shown until something is",
            "harbour.xml:6: links of the menu Main &amp; more (1) opened in another window and open in the same one here",
            "harbour.xml:8: Sea in the menu Main &amp; more: it leads to the posts of a term (category), of which this site has no page",
            "harbour.xml:10: Gone in the menu Main &amp; more: it leads to the entry 77, which is not imported",
            "harbour.xml:11: Write in the menu Main &amp; more: A link leads to a path of this site",
            "harbour.xml:12: Archive in the menu Main &amp; more: it leads to all entries of the type 'boat'",
            "harbour.xml:13: Round in the menu Main &amp; more: it lies below itself",
            "harbour.xml:14: And round in the menu Main &amp; more: it lies below itself",
        ] {
            assert!(told.contains(part), "no {part} in {told}");
        }
        assert_eq!(told.lines().count(), 10, "{told}");
    }

    async fn a_menu_that_themes_show_is_filled_and_keeps_the_links_of_plugins(app: TestApp) {
        run(&app, &harbour()).await;
        assert_eq!(laid(&app, "main"), ["Blog /blog", "Secret /plans"]);
        assert_eq!(app.services().menus.find("main").unwrap().label, "Main menu");
        let page = app.get("/").await;
        assert!(page.text.contains(">Blog<") && !page.text.contains("Secret"), "{}", page.text);
        assert!(app.get_as(&app.administrator(), "/").await.text.contains("href=\"/plans\""));
    }

    async fn a_second_run_leaves_menus_alone_and_a_changed_export_changes_them(app: TestApp) {
        run(&app, &harbour()).await;
        let again = run(&app, &harbour()).await;
        assert!(!again.has_changes(), "{again:?}");
        let menus = &app.services().menus;
        let before = menus.stored("main_menu");
        let mine = Menu { label: "Mine".to_owned(), ..menus.find("main_menu").unwrap() };
        menus.arrange(&app.system(), mine.clone(), before[..2].to_vec()).await.unwrap();
        assert!(!run(&app, &harbour()).await.has_changes());
        assert_eq!((laid(&app, "main_menu").len(), menus.find("main_menu")), (2, Some(mine)));
        let third = run(&app, &harbour().replace("The <b>team</b>", "Crew")).await;
        assert_eq!((third.menus, third.updated), (1, 0));
        let mut wanted = LAID;
        wanted[2] = "-Crew /who/team";
        assert_eq!(laid(&app, "main_menu"), wanted);
        // Links that are the same keep their keys.
        assert_eq!(menus.stored("main_menu")[1].key, before[1].key);
        let fourth = run(&app, &harbour().replace("Who we are", "Who we were")).await;
        assert_eq!((fourth.menus, fourth.updated), (1, 1));
        assert_eq!(laid(&app, "main_menu")[1], "Who we were /who");
    }

    async fn a_menu_that_the_site_has_made_itself_stays_as_it_is(app: TestApp) {
        let menus = &app.services().menus;
        let own = Menu { name: "main_menu".to_owned(), label: "Own".to_owned() };
        menus.create(&app.system(), own.clone()).await.unwrap();
        run(&app, &harbour()).await;
        assert_eq!((menus.find("main_menu"), laid(&app, "main_menu").len()), (Some(own), 0));
        assert_eq!(laid(&app, "main_menu_2"), LAID);
        assert!(!run(&app, &harbour()).await.has_changes());
        // Removed, it comes again, as items do.
        menus.delete(&app.system(), "main_menu_2").await.unwrap();
        assert_eq!(run(&app, &harbour()).await.menus, 1);
        assert_eq!(laid(&app, "main_menu_2"), LAID);
    }

    async fn a_menu_of_too_many_links_is_imported_as_far_as_it_can_be(app: TestApp) {
        let most = u32::try_from(MOST).unwrap();
        let links = (1..=most + 2).map(|number| link(MAIN, number, 0, &format!("L{number}"), &at("/blog")));
        let links: Vec<String> = links.chain([link(("admin", "Admin"), 900, 0, "A", &at("/"))]).collect();
        let report = run(&app, &export(&links)).await;
        assert_eq!((report.menus, report.skipped.len()), (2, 2));
        assert!(told(&report)[0].ends_with("L201 in the menu Main &amp; more: a menu has at most 200 links"));
        assert_eq!(laid(&app, "main_menu").len(), MOST);
        assert_eq!(laid(&app, "admin_2"), ["A /"]);
    }

    async fn a_menu_of_which_nothing_can_be_taken_is_left_out(app: TestApp) {
        let report = run(&app, &export(&[link(MAIN, 1, 0, "W", &at("tel:1"))])).await;
        assert!(app.services().menus.find("main_menu").is_none() && !report.has_changes());
        let told = told(&report).join("\n");
        assert!(told.contains("harbour.xml:3: the menu Main &amp; more is left out: none of its links is imported"), "{told}");
    }
}
