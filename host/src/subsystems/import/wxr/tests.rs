//! Exports as they are read, and what of them can point to what.

use std::io::{BufReader, Cursor};

use super::plan::Plan;
use super::read::{Export, Part};
use super::{body, pictures};

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
         <wp:comment><wp:comment_id>1</wp:comment_id></wp:comment></item>",
    ));
    let read = read.unwrap();
    let [Part::Version, Part::Entry(entry)] = read.as_slice() else {
        panic!("{read:?}");
    };
    assert_eq!((entry.line, entry.title.as_str()), (4, "A & B &nbsp;"));
    assert_eq!(entry.terms, ["<sea>"]);
    assert_eq!((entry.picture.as_deref(), entry.comments), (Some("7"), 1));
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
         <item><title>Menu</title><guid>m</guid><wp:post_type>nav_menu_item</wp:post_type></item>",
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
    assert_eq!(plan.entry_at("mailto:a@a.example"), None);
    let skipped: Vec<_> = plan.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(
        skipped,
        [
            "export.xml:6: Twice: an entry before it has the same identifier",
            "export.xml:7: Menu: links of menus are not imported",
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
