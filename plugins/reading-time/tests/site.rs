//! The component in the real kernel: `trovato plugin test plugins/reading-time`.

use trovato_sdk_test::{Site, Value, on_each_database};

const LINE: &str = "3 min read";

/// A page with so many words.
fn page(site: &Site, words: usize) -> trovato_sdk_test::Item {
    site.enable("page");
    let text = Value::formatted("word ".repeat(words), "plain_text");
    site.item("page", "A page").with("field_body", text).save()
}

#[test]
fn a_page_says_how_long_it_takes_to_read() {
    on_each_database(|site| {
        let page = page(site, 600);
        let shown = site.get(&page.path);
        assert_eq!(shown.status, 200);
        assert!(shown.text.contains(LINE), "{}", shown.text);
    });
}

#[test]
fn the_setting_decides_how_fast_people_read() {
    on_each_database(|site| {
        let page = page(site, 600);
        site.set("words_per_minute", 100);
        assert!(site.get(&page.path).text.contains("6 min read"));
    });
}

#[test]
fn an_item_without_the_field_gets_no_line() {
    on_each_database(|site| {
        let page = page(site, 600);
        site.set("field", "field_other");
        let shown = site.get(&page.path);
        assert!(
            shown.status == 200 && !shown.text.contains("min read"),
            "{}",
            shown.text
        );
    });
}
