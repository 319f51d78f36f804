//! Exports as they are read, and what of them can point to what.

use std::io::{BufReader, Cursor};

use super::super::Kind;
use super::entry::Entry;
use super::menus::{Menus, To};
use super::plan::Plan;
use super::read::{Export, Part};
use super::{body, pictures};
use crate::time::Timestamp;

fn parts(xml: &str) -> Result<Vec<Part>, String> {
    // A small buffer: whatever is read may end anywhere.
    let mut export = Export::new(BufReader::with_capacity(7, Cursor::new(xml.to_owned())));
    let mut parts = Vec::new();
    loop {
        match export.next() {
            Ok(Some(part)) => parts.push(part),
            Ok(None) => return Ok(parts),
            Err(fault) => return Err(format!("{}: {}", fault.line, fault.reason)),
        }
    }
}

fn export(channel: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel>\n<wp:wxr_version>1.2</wp:wxr_version>\n{channel}</channel></rss>\n"
    )
}

#[test]
fn an_entry_is_read_with_its_line_and_its_references_resolved() {
    let read = parts(&export(
        "<item><title>A &amp; &#66; &nbsp;</title>\n<category domain=\"post_tag\"><![CDATA[<sea>]]></category>\
         <wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>\
         <category domain=\"nav_menu\" nicename=\"a&amp;b\">A &amp; B</category></item>",
    ));
    let read = read.unwrap();
    let [Part::Version, Part::Entry(entry)] = read.as_slice() else {
        panic!("{read:?}");
    };
    assert_eq!((entry.line, entry.title.as_str()), (4, "A & B &nbsp;"));
    assert_eq!(entry.terms, ["<sea>"]);
    assert_eq!(entry.picture.as_deref(), Some("7"));
    assert_eq!(entry.menu, Some(("a&b".to_owned(), "A & B".to_owned())));
}

#[test]
fn what_is_no_export_is_told_with_its_line() {
    assert_eq!(
        parts("<html></html>").unwrap_err(),
        "1: it is no WordPress export: it begins with <html>"
    );
    let cut = export("<item><title>A</title></item>\n<item>");
    let cut = cut.split_once("</channel>").unwrap().0;
    assert_eq!(parts(cut).unwrap_err(), "5: it ends too early: it was cut off");
    let deep = export(&"<a>".repeat(40));
    assert!(parts(&deep).unwrap_err().contains("nested deeper than 32 levels"));
    let huge = export(&format!("<item><title>{}</title></item>", "x".repeat(9 << 20)));
    assert!(parts(&huge).unwrap_err().contains("more than 8 MiB of text"));
}

#[test]
fn entities_of_a_document_are_never_expanded() {
    let bomb = "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;\">]>";
    let bomb = export("<item><title>&b;</title></item>").replace("<rss", &format!("{bomb}<rss"));
    let read = parts(&bomb).unwrap();
    assert!(matches!(read.last(), Some(Part::Entry(entry)) if entry.title == "&b;"));
}

#[test]
fn links_within_the_site_find_their_entries() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.xml");
    let xml = export(
        "<link>https://a.example/blog</link>\n\
         <item><title>Boats</title><link>https://a.example/blog/2020/01/boats/</link>\
         <guid>http://a.example/blog/?p=7</guid><wp:post_id>7</wp:post_id></item>\n\
         <item><title>Twice</title><guid>http://a.example/blog/?p=7</guid></item>\n\
         <item><title>Menu</title><guid>m</guid><wp:post_type>nav_menu_item</wp:post_type></item>\n\
         <item><title>Draft</title><guid>d</guid><wp:status>draft</wp:status>\
         <wp:post_type>nav_menu_item</wp:post_type></item>",
    );
    std::fs::write(&file, xml).unwrap();
    let plan = Plan::of(&file, "export.xml").unwrap();
    assert_eq!(plan.keys, ["http://a.example/blog/?p=7"]);
    assert_eq!(plan.paths["http://a.example/blog/?p=7"], "2020/01/boats");
    for address in [
        "http://a.example/blog/2020/01/boats#sails",
        "//a.example/blog/?p=7#sails",
        "/2020/01/boats/#sails",
    ] {
        assert_eq!(
            plan.entry_at(address),
            Some(("http://a.example/blog/?p=7", "#sails")),
            "{address}"
        );
    }
    assert_eq!(plan.entry_at("https://a.example/blogs/?p=7"), None);
    assert_eq!(plan.entry_of("7"), Some("http://a.example/blog/?p=7"));
    assert_eq!(
        plan.path_on_site("https://a.example/blog/map/?a=b#c").as_deref(),
        Some("/map?a=b#c")
    );
    assert_eq!(plan.path_on_site("https://b.example/"), None);
    assert_eq!(plan.entry_at("mailto:a@a.example"), None);
    let skipped: Vec<_> = plan.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(
        skipped,
        [
            "export.xml:6: Twice: an entry before it has the same identifier",
            "export.xml:7: Menu: it is a link of no menu",
            "export.xml:8: Draft: it was the draft of a link",
        ]
    );
}

#[test]
fn only_files_within_the_folder_of_uploads_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("uploads/2020")).unwrap();
    std::fs::write(folder.path().join("secret"), "x").unwrap();
    std::fs::write(folder.path().join("uploads/2020/a b.png"), "x").unwrap();
    let find = |address: &str| {
        let found = pictures::find(&folder.path().join("uploads"), address);
        found.map(|path| path.display().to_string())
    };
    let at = "https://a.example/wp-content/uploads/";
    assert_eq!(
        find(&format!("{at}2020/a%20b.png?x=1")).as_deref(),
        Some("2020/a b.png")
    );
    assert_eq!(
        find(&format!("{at}2020/a%20b-300x200.png")).as_deref(),
        Some("2020/a b.png")
    );
    for wrong in [
        "../secret",
        "..%2fsecret",
        "2020/../../secret",
        "/etc/passwd",
        "2020/c.png",
        "%ff",
    ] {
        assert_eq!(find(&format!("{at}{wrong}")), None, "{wrong}");
    }
}

/// The entries of a channel.
fn entries(channel: &str) -> Vec<Entry> {
    let parts = parts(&export(channel)).unwrap();
    let entries = parts.into_iter().filter_map(|part| match part {
        Part::Entry(entry) => Some(*entry),
        _ => None,
    });
    entries.collect()
}

fn link(number: u32, above: &str, order: u32, of: &str) -> String {
    let meta = |key: &str, value: &str| {
        format!(
            "<wp:postmeta><wp:meta_key>_menu_item_{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
        )
    };
    format!(
        "<item><title>L{number}</title><guid>g{number}</guid><wp:post_id>{number}</wp:post_id>\
         <wp:menu_order>{order}</wp:menu_order><wp:post_type>nav_menu_item</wp:post_type>\
         <category domain=\"nav_menu\" nicename=\"main\">Main</category>{}{of}</item>\n",
        meta("menu_item_parent", above)
    )
}

#[test]
fn links_of_a_menu_are_put_in_order_behind_those_above_them() {
    let channel = [
        link(4, "2", 5, ""),
        link(3, "2", 4, ""),
        link(2, "0", 3, ""),
        link(1, "", 1, ""),
        link(5, "99", 6, ""),
        link(6, "7", 7, ""),
        link(7, "6", 8, ""),
        link(8, "8", 9, ""),
        link(9, "3", 9, ""),
    ];
    let mut menus = Menus::default();
    for entry in entries(&channel.concat()) {
        menus.add(&entry).unwrap();
    }
    let [menu] = menus.0.as_slice() else {
        panic!("{menus:?}")
    };
    assert_eq!((menu.slug.as_str(), menu.label.as_str()), ("main", "Main"));
    let (placed, circling) = menu.placed();
    let placed: Vec<_> = placed
        .iter()
        .map(|placed| (placed.link.title.as_str(), placed.above))
        .collect();
    assert_eq!(
        placed,
        [
            ("L1", None),
            ("L2", None),
            ("L3", Some(1)),
            ("L9", Some(2)),
            ("L4", Some(1)),
            ("L5", None)
        ]
    );
    let circling: Vec<_> = circling.iter().map(|link| link.title.as_str()).collect();
    assert_eq!(circling, ["L6", "L7", "L8"]);
}

#[test]
fn where_a_link_leads_is_read_from_its_meta() {
    let meta = |pairs: &[(&str, &str)]| -> String {
        let meta = pairs.iter().map(|(key, value)| {
            format!("<wp:postmeta><wp:meta_key>_menu_item_{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>")
        });
        meta.collect()
    };
    let to = |pairs: &[(&str, &str)]| {
        let entries = entries(&link(1, "0", 1, &meta(pairs)));
        (entries[0].leads.to(), entries[0].leads.is_elsewhere())
    };
    assert_eq!(
        to(&[
            ("type", "post_type"),
            ("object", "page"),
            ("object_id", "7"),
            ("target", "")
        ]),
        (To::Entry("7".to_owned()), false)
    );
    assert_eq!(
        to(&[
            ("type", "custom"),
            ("object_id", "1"),
            ("url", " https://b.example/?a&b "),
            ("target", "_blank")
        ]),
        (To::Address("https://b.example/?a&b".to_owned()), true)
    );
    for (kind, part) in [
        ("taxonomy", "the posts of a term"),
        ("post_type_archive", "all entries"),
        ("", "does not say"),
    ] {
        let (To::Nothing(reason), _) = to(&[("type", kind), ("object", "x")]) else {
            panic!("{kind}")
        };
        assert!(reason.contains(part), "{reason}");
    }
}

fn comment(number: &str, above: &str, approved: &str, kind: &str, text: &str) -> String {
    format!(
        "<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author><![CDATA[Bea\n B.]]></wp:comment_author>\
         <wp:comment_author_email>bea@b.example</wp:comment_author_email><wp:comment_author_url>javascript:x</wp:comment_author_url>\
         <wp:comment_author_IP>192.0.2.7</wp:comment_author_IP><wp:comment_date>2020-01-01 11:00:00</wp:comment_date>\
         <wp:comment_date_gmt>2020-01-01 10:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[{text}]]></wp:comment_content>\
         <wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type>\
         <wp:comment_parent>{above}</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id>\
         <wp:commentmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>{}</wp:meta_value></wp:commentmeta></wp:comment>\n",
        "m".repeat(70_000)
    )
}

#[test]
fn comments_are_kept_without_refuse_and_without_what_is_nobodys_business() {
    let channel = [
        comment("1", "0", "1", "", "One\r\n<b>two</b>\u{7}"),
        comment("2", "1", "trash", "", "gone"),
        comment("3", "2", "0", "comment", "below what is gone"),
        comment("4", "5", "1", "pingback", "above what comes later"),
        comment("5", "4", "1", "trackback", "t"),
        comment("6", "0", "spam", "", "buy"),
        comment("7", "0", "1", "order_note", "paid"),
        comment("8", "0", "1", "", " "),
        comment("x", "0", "1", "", "no number"),
        comment("9", "0", "1", "", &"x".repeat(70_000)),
        comment("1", "0", "1", "", "twice"),
    ];
    let channel = format!("<item><title>A</title>{}<guid>g</guid></item>", channel.concat());
    let entries = entries(&channel);
    assert_eq!((entries[0].key(), entries[0].comments.refuse), ("g", 2));
    let kept = entries[0].comments.kept();
    let brief: Vec<_> = kept
        .iter()
        .map(|kept| {
            (
                kept.key.as_str(),
                kept.parent.as_deref(),
                kept.kind,
                kept.approved,
            )
        })
        .collect();
    assert_eq!(
        brief,
        [
            ("1", None, Kind::Comment, true),
            ("3", Some("1"), Kind::Comment, false),
            ("4", None, Kind::Pingback, true),
            ("5", Some("4"), Kind::Trackback, true),
        ]
    );
    let first = &kept[0];
    assert_eq!(
        (first.author.as_str(), first.body.as_str()),
        ("Bea B.", "One\n<b>two</b>")
    );
    assert_eq!(
        (first.mail.as_deref(), first.url.as_deref()),
        (Some("bea@b.example"), None)
    );
    assert_eq!(first.created.map(Timestamp::as_millis), Some(1_577_872_800_000));
    assert!(!format!("{kept:?}").contains("192.0.2.7"));
    let mut refused: Vec<_> = entries[0].comments.refused().collect();
    refused.sort_unstable();
    assert_eq!(refused, ["2", "6"]);
    assert_eq!(
        entries[0].comments.notes(),
        [
            "comments (1) are left out: they are longer than 64 KiB",
            "comments (2) are left out: they are without a number or a text",
            "comments (1) are left out: they are of kinds that are no comments",
        ]
    );
}

#[test]
fn no_more_comments_are_held_than_an_entry_may_have() {
    let many: String = (1..=5002)
        .map(|number| format!("<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_content>x</wp:comment_content></wp:comment>"))
        .collect();
    let large: String = (1..=200).map(|number| {
        let text = "x".repeat(60_000);
        format!("<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_content>{text}</wp:comment_content></wp:comment>")
    }).collect();
    let entries = entries(&format!(
        "<item><guid>a</guid>{many}</item><item><guid>b</guid>{large}</item>"
    ));
    assert_eq!(
        (entries[0].comments.kept().len(), entries[0].comments.many),
        (5000, 2)
    );
    assert_eq!(
        (entries[1].comments.kept().len(), entries[1].comments.many),
        (139, 61)
    );
}

#[test]
fn a_text_becomes_html_whichever_editor_wrote_it() {
    let blocks = "<!-- wp:paragraph {\"a\":1} -->\n<p>One</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:more -->";
    assert_eq!(body::html(blocks).0, "<p>One</p>");
    assert_eq!(
        body::html("One\n\nTwo <!--more--><b>x</b>").0,
        "<p>One</p>\n<p>Two <b>x</b></p>"
    );
}

#[test]
fn addresses_are_found_in_tags_and_nowhere_else() {
    let html = "src=\"no\" <a title='href=\"no\"' href = \"/a?b\">x</a><img data-src=\"no\" src='c.png'>";
    let found: Vec<&str> = body::addresses(html)
        .into_iter()
        .map(|range| &html[range])
        .collect();
    assert_eq!(found, ["/a?b", "c.png"]);
}
