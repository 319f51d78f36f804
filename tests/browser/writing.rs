//! Formatted text is written as it reads: with buttons and keys, from other programs, in any format, with and without
//! scripts. What nobody has changed stays as it is.

use std::collections::HashSet;
use std::sync::Arc;

use trovato::subsystems::item::{Item, Value};
use trovato::subsystems::item_type::{FieldType, ItemType};
use trovato_tests::chromium::Visitor;
use trovato_tests::{in_browser, shown_field};

async fn stories(editor: &Visitor) {
    let field = shown_field("field_body", "Body", FieldType::LongText);
    let of = ItemType::new("story", "Story", vec![field]);
    editor.app().content_type(of).await;
    editor.is(editor.app().administrator()).await;
}

async fn story(editor: &Visitor, format: &str, text: &str) -> Item {
    let body = Value::Formatted {
        value: text.to_owned(),
        format: format.to_owned(),
    };
    let draft = editor.app().item("story", "Harbour").with("field_body", body);
    let item = draft.save().await;
    editor.visit(&format!("/item/{}/edit", item.id)).await;
    item
}

/// What is stored of a story.
async fn stored(editor: &Visitor, item: &Item) -> String {
    let session = editor.app().system();
    let found = editor
        .app()
        .services()
        .items
        .find(&session, item.id)
        .await
        .unwrap();
    match found.values("field_body").first() {
        Some(Value::Formatted { value, .. }) => value.clone(),
        other => panic!("the body is {other:?}"),
    }
}

/// What comes by the clipboard of another program.
async fn pastes(editor: &Visitor, html: &str) {
    let script = format!(
        "(() => {{ const data = new DataTransfer(); data.setData('text/html', {}); \
         document.querySelector('.rich__text').dispatchEvent(new ClipboardEvent('paste', \
         {{ clipboardData: data, bubbles: true, cancelable: true }})); return 0 }})()",
        serde_json::to_string(html).unwrap()
    );
    editor.run(&script).await.unwrap();
}

/// What the field of the form holds, as it would be sent.
async fn source(editor: &Visitor) -> String {
    let script = "new FormData(document.querySelector('form[data-form]')).get('field_body')";
    editor
        .run(script)
        .await
        .unwrap()
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

const WORD: &str = "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><style>p.MsoNormal { margin: 0 }</style>\
    <!--[if gte mso 9]><xml><o:x/></xml><![endif]--></head><body lang=EN-GB style='tab-interval:36pt'>\
    <h1 style='margin:0'>Tides<o:p></o:p></h1><p class=MsoNormal style='margin:0'><b style='mso-bidi-font-weight:normal'>High</b> \
    <span style='color:red;mso-themecolor:accent1'>and low</span><o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>\
    <p class=MsoListParagraphCxSpFirst style='text-indent:-18pt;mso-list:l0 level1 lfo1'><![if !supportLists]>\
    <span style='mso-list:Ignore'>·<span style='font:7pt'>&nbsp; </span></span><![endif]>Morning<o:p></o:p></p>\
    <p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp;</span></span>Early</p>\
    <p class=MsoNormal onclick='alert(1)'><a href='javascript:alert(1)'>No</a> <a href='https://example.org/'>Yes</a>\
    <script>alert(1)</script></p></body></html>";

const DOCS: &str = "<meta charset='utf-8'><b style=\"font-weight:normal;\" id=\"docs-internal-guid-1\"><p dir=\"ltr\" \
    style=\"line-height:1.38\"><span style=\"font-weight:700\">Bold</span><span style=\"font-weight:400\"> and </span>\
    <span style=\"font-style:italic\">slanted</span></p><ul><li dir=\"ltr\" style=\"list-style-type:disc\"><p dir=\"ltr\" \
    role=\"presentation\"><span style=\"color:#000\">one</span></p></li></ul></b><br class=\"Apple-interchange-newline\">";

in_browser! {
    async fn a_text_is_written_as_it_reads(editor: Visitor) {
        stories(&editor).await;
        editor.visit("/item/add/story").await;
        editor.finds_no_barrier_anywhere().await;
        editor.fill("Title", "Harbour").await;
        editor.fill("Body", "The quay").await;
        editor.choose("Kind of paragraph", "Heading 2").await;
        editor.types("Enter").await;
        editor.types("Old ").await;
        editor.types("Control+b").await;
        editor.types("stones").await;
        editor.types("Control+b").await;
        editor.types("Enter").await;
        editor.press("Bulleted list").await;
        editor.types("one").await;
        editor.types("Enter").await;
        editor.types("two").await;
        editor.finds_no_barrier_anywhere().await;
        assert_eq!(
            source(&editor).await,
            "<h2>The quay</h2>\n<p>Old <strong>stones</strong></p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
        );
        editor.press("Save").await;
        editor.sees("“Harbour” is saved.").await;
        editor.sees_heading("The quay").await;
        editor.within("two").sees("two").await;
    }

    async fn what_nobody_has_changed_stays_to_the_letter(editor: Visitor) {
        stories(&editor).await;
        let odd = "Line one\nline two\n\n<DIV CLASS=a><b>x</b></DIV><p style=\"color: red\">y<!-- more -->";
        let item = story(&editor, "full_html", odd).await;
        editor.fill("Title", "Haven").await;
        editor.press("Save").await;
        editor.sees("“Haven” is saved.").await;
        assert_eq!(stored(&editor, &item).await, odd);
    }

    async fn what_the_editor_does_not_know_outlives_a_change(editor: Visitor) {
        stories(&editor).await;
        let table = "<table><tbody><tr><th scope=\"row\">Low</th><td>4:10</td></tr></tbody></table>";
        let rest = format!("<!-- more -->\n{table}\n<div class=\"note\">\n<p>H<sub>2</sub>O <abbr title=\"World\">W</abbr></p>\n</div>");
        let item = story(&editor, "full_html", &format!("<p id=\"a\">Tides</p>\n{rest}")).await;
        editor.run("document.querySelector('.rich__text').focus(); 0").await.unwrap();
        editor.types("Control+Home").await;
        editor.types("High ").await;
        editor.press("Save").await;
        editor.sees("“Harbour” is saved.").await;
        assert_eq!(stored(&editor, &item).await, format!("<p id=\"a\">High Tides</p>\n{rest}"));
    }

    async fn what_would_be_lost_is_told_before_anything_is(editor: Visitor) {
        stories(&editor).await;
        let text = "<p>a</p><h1>b</h1><iframe src=\"https://example.org/\"></iframe>";
        story(&editor, "filtered_html", text).await;
        editor.sees("This text has parts that the editor can’t show or the format does not keep: <h1>, <iframe>.").await;
        assert_eq!(editor.value("Body").await, text);
        editor.finds_no_barrier_anywhere().await;
        editor.press("Edit without them").await;
        editor.is_focused_on("Body").await;
        assert_eq!(source(&editor).await, text, "until something is written");
        editor.types("x").await;
        assert_eq!(source(&editor).await, "<p>xa</p>\n<p>b</p>");
    }

    async fn a_text_that_can_t_be_shown_keeps_no_other_from_it(editor: Visitor) {
        let field = |name, label| shown_field(name, label, FieldType::LongText);
        let fields = vec![field("field_first", "First"), field("field_second", "Second"), field("field_third", "Third")];
        editor.app().content_type(ItemType::new("story", "Story", fields)).await;
        editor.is(editor.app().administrator()).await;
        // There is always a text that nobody has thought of.
        editor.runs_first(
            "(() => { let read; window.trovatoEditor = { set read(known) { read = known }, get read() { return (html, schema) => { \
             if (html.includes('unthought')) throw new Error('unthought of'); return read(html, schema) } } } })()",
        )
        .await;
        editor.bears("unthought of");
        let written = |value: &str| Value::Formatted { value: value.to_owned(), format: "full_html".to_owned() };
        let draft = editor.app().item("story", "Harbour")
            .with("field_first", written("<p>unthought</p>"))
            .with("field_second", written("<p>a<trovato-comment data-place=\"line\"></trovato-comment></p><trovato-comment data-place=\"block\"></trovato-comment>"))
            .with("field_third", written("<p>b</p>"));
        let item = draft.save().await;
        editor.visit(&format!("/item/{}/edit", item.id)).await;
        let shown = editor.run("document.querySelectorAll('.rich__text').length").await.unwrap();
        assert_eq!(shown, 2);
        assert!(!editor.has("toolbar", "Formatting of First").await && editor.has("toolbar", "Formatting of Third").await);
        assert_eq!(editor.value("First").await, "<p>unthought</p>");
        editor.fill("First", "<p>Thought of</p>").await;
        editor.press("Save").await;
        editor.sees("“Harbour” is saved.").await;
        editor.sees("Thought of").await;
    }

    async fn the_format_says_what_can_be_written(editor: Visitor) {
        stories(&editor).await;
        story(&editor, "filtered_html", "<p>a</p>").await;
        assert!(editor.has("button", "Bold").await);
        editor.choose("Text format", "Plain text").await;
        assert!(!editor.has("button", "Bold").await);
        editor.fill("Body", "a < b\nc\n\nd").await;
        editor.choose("Text format", "Full HTML").await;
        assert_eq!(source(&editor).await, "<p>a &lt; b<br>\nc</p>\n<p>d</p>");
        editor.choose("Text format", "Plain text").await;
        assert_eq!(source(&editor).await, "a < b\nc\n\nd");
        editor.choose("Text format", "Markdown").await;
        assert!(!editor.has("toolbar", "Formatting of Body").await);
    }

    async fn other_programs_bring_only_what_was_meant(editor: Visitor) {
        stories(&editor).await;
        story(&editor, "filtered_html", "").await;
        editor.fill("Body", "").await;
        pastes(&editor, WORD).await;
        assert_eq!(
            source(&editor).await,
            "<h2>Tides</h2>\n<p><b>High</b> and low</p>\n<ul>\n<li>Morning\n<ul>\n<li>Early</li>\n</ul>\n</li>\n</ul>\n\
             <p>No <a href=\"https://example.org/\">Yes</a></p>"
        );
        editor.types("Control+a").await;
        pastes(&editor, DOCS).await;
        assert_eq!(
            source(&editor).await,
            "<p><strong>Bold</strong> and <em>slanted</em></p>\n<ul>\n<li>one</li>\n</ul>"
        );
    }

    async fn a_link_leads_only_where_the_format_lets_it(editor: Visitor) {
        stories(&editor).await;
        story(&editor, "filtered_html", "<p>Tides</p>").await;
        editor.run("document.querySelector('.rich__text').focus(); 0").await.unwrap();
        editor.types("Control+a").await;
        editor.types("Control+k").await;
        editor.is_focused_on("Address").await;
        editor.finds_no_barrier_anywhere().await;
        editor.types("javascript:alert(1)").await;
        editor.types("Enter").await;
        editor.sees("This format does not keep links to such an address.").await;
        assert!(editor.is_marked_wrong("Address").await);
        editor.within("Link").fill("Address", "/tides").await;
        editor.within("Link").press("Apply").await;
        editor.is_focused_on("Body").await;
        assert_eq!(source(&editor).await, "<p><a href=\"/tides\">Tides</a></p>");
        editor.press("Link").await;
        editor.press("Remove the link").await;
        editor.is_focused_on("Body").await;
        assert_eq!(source(&editor).await, "<p>Tides</p>");
    }

    async fn the_toolbar_is_one_stop_and_tab_leads_on(editor: Visitor) {
        stories(&editor).await;
        story(&editor, "filtered_html", "<p>Tides</p>").await;
        editor.run("document.querySelector('.rich__text').focus(); 0").await.unwrap();
        editor.types("Shift+Tab").await;
        editor.is_focused_on("Kind of paragraph").await;
        editor.types("ArrowRight").await;
        editor.is_focused_on("Bold").await;
        editor.types("End").await;
        editor.is_focused_on("Edit source").await;
        editor.types("Enter").await;
        editor.is_focused_on("Body").await;
        assert_eq!(editor.value("Body").await, "<p>Tides</p>");
        editor.fill("Body", "<p>Low <em>tides</em></p>").await;
        editor.press("Edit source").await;
        editor.is_focused_on("Body").await;
        editor.types("Tab").await;
        editor.is_focused_on("Text format").await;
        assert_eq!(source(&editor).await, "<p>Low <em>tides</em></p>");
    }

    async fn a_draft_holds_what_is_written(editor: Visitor) {
        stories(&editor).await;
        editor.visit("/item/add/story").await;
        editor.fill("Body", "Half a thought").await;
        editor.sees("Draft kept").await;
        editor.visit("/item/add/story?draft=1").await;
        assert_eq!(source(&editor).await, "<p>Half a thought</p>");
    }

    async fn without_scripts_the_source_is_written(editor: Visitor) {
        stories(&editor).await;
        editor.without_script().await;
        let item = story(&editor, "filtered_html", "<p>Tides</p>").await;
        assert!(!editor.has("button", "Bold").await);
        editor.fill("Body", "<p>Low <em>tides</em></p>").await;
        editor.press("Save").await;
        editor.sees("Low tides").await;
        assert_eq!(stored(&editor, &item).await, "<p>Low <em>tides</em></p>");
    }

    async fn who_may_write_no_html_waits_for_no_editor(editor: Visitor) {
        stories(&editor).await;
        let mut account = editor.app().administrator();
        account.is_admin = false;
        account.permissions = Arc::new(HashSet::from(["create story content".to_owned()]));
        editor.is(account).await;
        editor.visit("/item/add/story").await;
        editor.fill("Body", "Plain").await;
        let scripts = editor.run("document.querySelectorAll('script[src*=\"prosemirror\"]').length").await.unwrap();
        assert_eq!(scripts, 0);
    }
}
