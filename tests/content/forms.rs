//! Items made, changed and deleted by forms.

use serde_json::json;
use trovato::request::Account;
use trovato::subsystems::admin::ENTER;
use trovato::subsystems::item::{Order, Query, Value};
use trovato::subsystems::item_type::{FieldType, Settings};
use trovato::time::Timestamp;
use trovato_tests::{TestApp, both};
use uuid::Uuid;

use crate::{PNG, content_type, field, image, load, markdown, other, picture, reference};

/// Somebody who may do everything with the content of a type.
pub(crate) fn editor(app: &TestApp, of: &str) -> Account {
    app.somebody(&[
        "access content",
        "view unpublished content",
        "use markdown text format",
        &format!("create {of} content"),
        &format!("edit any {of} content"),
        &format!("delete any {of} content"),
    ])
}

/// The same with another name.
pub(crate) fn another(account: &Account) -> Account {
    Account {
        id: Uuid::from_u128(0x018c_0000_0000_7000_8000_0000_0000_0def),
        ..account.clone()
    }
}

/// A type with a field of every kind.
async fn everything(app: &TestApp) {
    app.enable("page").await.unwrap();
    let reference = |kind: &str| FieldType::Reference(kind.to_owned());
    content_type(
        app,
        "all",
        vec![
            field("field_line", FieldType::Text(20)),
            field("field_lines", FieldType::Text(20)).with_cardinality(0),
            field("field_body", FieldType::LongText),
            field("field_number", FieldType::Integer),
            field("field_price", FieldType::Decimal),
            field("field_float", FieldType::Floating),
            field("field_flag", FieldType::Boolean),
            field("field_moment", FieldType::Moment),
            field("field_day", FieldType::Date),
            field("field_days", FieldType::DateRange),
            field("field_mail", FieldType::Email),
            field("field_url", FieldType::Url),
            field(
                "field_colour",
                FieldType::Choice(vec!["red".to_owned(), "blue".to_owned()]),
            ),
            field(
                "field_colours",
                FieldType::Choice(vec!["red".to_owned(), "blue".to_owned()]),
            )
            .with_cardinality(0),
            field("field_page", reference("item")).with_settings(Settings {
                targets: vec!["page".to_owned()],
                ..Settings::default()
            }),
            field("field_file", FieldType::File),
            field("field_image", FieldType::Image),
            field("field_json", FieldType::Json),
            field("field_blocks", FieldType::Blocks),
        ],
    )
    .await;
}

async fn newest(app: &TestApp, of: &str) -> Uuid {
    let query = Query {
        item_type: Some(of.to_owned()),
        order: Order::Newest,
        limit: 1,
        ..Query::default()
    };
    app.services()
        .items
        .query(&app.system(), &query)
        .await
        .unwrap()
        .items[0]
}

both! {
    async fn an_item_is_made_with_a_value_in_every_kind_of_field(app: TestApp) {
        everything(&app).await;
        let target = app.item("page", "Harbour").save().await.id;
        let browser = app.browser_of(editor(&app, "all"));
        let form = browser.form("/item/add/all").await
            .fill("title", "Everything")
            .fill("field_line", "A line")
            .fill("field_lines.rows", "3")
            .fill("field_lines.0.val_lines", "one")
            .fill("field_lines.1.val_lines", "")
            .fill("field_lines.2.val_lines", "three")
            .fill("field_body", "*Long*")
            .fill("field_body.format", "markdown")
            .fill("field_number", "-7")
            .fill("field_price", "12.50")
            .fill("field_float", "2.5")
            .fill("field_flag", "1")
            .fill("field_moment", "2024-03-01T10:30")
            .fill("field_day", "2024-02-29")
            .fill("field_days.0.from_days", "2024-01-01")
            .fill("field_days.0.to_days", "2024-01-31")
            .fill("field_mail", "ada@example.org")
            .fill("field_url", "https://example.org/")
            .fill("field_colour", "blue")
            .choose("field_colours", "red")
            .choose("field_colours", "blue")
            .fill("field_page", "Harbour")
            .fill("field_json", "{\"a\": 1}")
            .fill("field_image.0.alt_image", "A ship")
            .fill("field_blocks.rows", "2")
            .fill("field_blocks.0.type_blocks", "heading")
            .fill("field_blocks.0.text_blocks", "Ships")
            .fill("field_blocks.0.lvl_blocks", "3")
            .fill("field_blocks.1.type_blocks", "list")
            .fill("field_blocks.1.text_blocks", "one\ntwo")
            .attach("field_image.0.file_image", "ship.png", "image/png", PNG)
            .attach("field_file.0.file_file", "notes.txt", "text/plain", b"Some notes");
        let answer = form.press("save").await;
        assert!(browser.follow(&answer).await.contains("“Everything” is saved."), "{}", answer.text);
        let item = load(&app, newest(&app, "all").await).await;
        let expected = [
            ("field_line", vec![Value::from("A line")]),
            ("field_lines", vec![Value::from("one"), Value::from("three")]),
            ("field_body", vec![markdown("*Long*")]),
            ("field_number", vec![Value::Integer(-7)]),
            ("field_price", vec![Value::Decimal("12.50".to_owned())]),
            ("field_float", vec![Value::Floating(2.5)]),
            ("field_flag", vec![Value::Boolean(true)]),
            ("field_moment", vec![Value::Moment(Timestamp(1_709_289_000_000))]),
            ("field_day", vec![Value::from("2024-02-29")]),
            ("field_days", vec![other("date_range", json!({"from": "2024-01-01", "to": "2024-01-31"}))]),
            ("field_mail", vec![Value::from("ada@example.org")]),
            ("field_url", vec![Value::from("https://example.org/")]),
            ("field_colour", vec![Value::from("blue")]),
            ("field_colours", vec![Value::from("red"), Value::from("blue")]),
            ("field_page", vec![reference("item", target)]),
            ("field_json", vec![Value::Json(json!({"a": 1}))]),
            ("field_blocks", vec![other("blocks", json!({"blocks": [
                {"type": "heading", "text": "Ships", "level": 3},
                {"type": "list", "items": ["one", "two"]},
            ]}))]),
        ];
        for (name, values) in expected {
            assert_eq!(item.values(name), values, "{name}");
        }
        assert_eq!(item.values("field_image").len(), 1);
        assert!(matches!(item.first("field_file"), Some(Value::Reference { kind, .. }) if kind == "file"));
        // The form of what was saved gives back the same.
        let form = browser.form(&format!("/item/{}/edit", item.id)).await;
        assert_eq!(form.value("field_blocks.0.text_blocks"), Some("Ships"));
        assert_eq!(form.value("field_page"), Some("Harbour"));
        let answer = form.press("save").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(load(&app, item.id).await.fields, item.fields);
    }

    async fn everything_that_is_wrong_is_told_beside_its_field(app: TestApp) {
        everything(&app).await;
        let browser = app.browser_of(editor(&app, "all"));
        let answer = browser.form("/item/add/all").await
            .fill("field_line", &"x".repeat(30))
            .fill("field_lines.0.val_lines", &"y".repeat(30))
            .fill("field_number", "seven")
            .fill("field_days.0.from_days", "2024-02-01")
            .fill("field_days.0.to_days", "2024-01-01")
            .fill("field_json", "{")
            .fill("field_page", "Nowhere")
            .fill("field_blocks.0.type_blocks", "link")
            .fill("field_blocks.0.more_blocks", "javascript:alert(1)")
            .attach("field_file.0.file_file", "notes.txt", "text/plain", b"Some notes")
            .press("save")
            .await;
        assert_eq!(answer.status, 422);
        for path in ["title", "field_line", "field_lines-0-val_lines", "field_number", "field_days-0-to_days", "field_json",
            "field_page", "field_blocks-0-more_blocks", "field_blocks-0-text_blocks"] {
            assert!(answer.contains(&format!("{path}-error")), "{path} in {}", answer.text);
        }
        assert!(!answer.contains("id=\"field_file-0-file_file-error\""), "a file that comes along is in order");
    }

    async fn who_may_not_is_refused_and_learns_nothing(app: TestApp) {
        app.enable("page").await.unwrap();
        let shown = app.item("page", "Shown").save().await.id;
        let hidden = app.item("page", "Hidden").unpublished().save().await.id;
        let reader = app.somebody(&["access content"]);
        for path in ["edit", "delete", "revisions"] {
            assert_eq!(app.get_as(&reader, &format!("/item/{shown}/{path}")).await.status, 403, "{path}");
            assert_eq!(app.get(&format!("/item/{shown}/{path}")).await.status, 403, "{path} as a visitor");
            assert_eq!(app.get_as(&reader, &format!("/item/{hidden}/{path}")).await.status, 404, "{path}");
            assert_eq!(app.get_as(&reader, &format!("/item/{}/{path}", Uuid::nil())).await.status, 404);
        }
        assert_eq!(app.get_as(&reader, "/item/add/page").await.status, 403);
        assert_eq!(app.get_as(&reader, "/item/add").await.status, 403);
        assert_eq!(app.get_as(&app.administrator(), "/item/add/nothing").await.status, 404);
        assert!(!app.get_as(&reader, &format!("/item/{shown}")).await.contains("local-tasks"));
        let own = app.somebody(&["access content", "edit own page content"]);
        assert_eq!(app.get_as(&own, &format!("/item/{shown}/edit")).await.status, 403, "it is another's");
        let mine = app.item("page", "Mine").by(own.id).save().await.id;
        assert_eq!(app.get_as(&own, &format!("/item/{mine}/edit")).await.status, 200);
    }

    async fn an_item_is_deleted_by_a_confirmed_post(app: TestApp) {
        app.enable("page").await.unwrap();
        let item = app.item("page", "Old").save().await;
        let browser = app.browser_of(editor(&app, "page"));
        let path = format!("/item/{}/delete", item.id);
        let form = browser.form(&path).await;
        assert!(form.page.contains("be undone"));
        assert_eq!(app.services().items.find(&app.system(), item.id).await.unwrap().title, "Old");
        let answer = form.press("delete").await;
        assert!(form.in_browser().follow(&answer).await.contains("“Old” was deleted."));
        assert_eq!(browser.get(&path).await.status, 404);
    }

    async fn an_item_page_has_tabs_for_those_who_may(app: TestApp) {
        app.enable("page").await.unwrap();
        let item = app.item("page", "Tabs").save().await;
        let page = app.get_as(&editor(&app, "page"), &item.path()).await;
        let page = if page.status.is_redirection() { app.get_as(&editor(&app, "page"), page.header("location")).await } else { page };
        for (title, path) in [("Edit", "edit"), ("Revisions", "revisions"), ("Delete", "delete")] {
            assert!(page.contains(&format!("href=\"/item/{}/{path}\">{title}</a>", item.id)), "{title} in {}", page.text);
        }
        let form = app.browser_of(app.administrator());
        let list = form.get("/item/add").await;
        assert!(list.contains("href=\"/item/add/page\""), "{}", list.text);
    }

    async fn a_preview_shows_what_would_be_saved_and_saves_nothing(app: TestApp) {
        app.enable("page").await.unwrap();
        let browser = app.browser_of(editor(&app, "page"));
        let form = browser.form("/item/add/page").await
            .fill("title", "Soon")
            .fill("field_body", "Words <script>alert(1)</script> *strong*")
            .fill("field_body.format", "markdown");
        let preview = form.press_and_go_on("preview").await;
        assert!(preview.page.contains("Preview of “Soon”") && preview.page.contains("<em>strong</em>"), "{}", preview.page.text);
        assert!(!preview.page.contains("<script>alert"));
        assert_eq!(preview.value("title"), Some("Soon"));
        let list = app.services().items.query(&app.system(), &Query { limit: 1, ..Query::default() }).await.unwrap();
        assert_eq!(list.total, 0);
        assert_eq!(preview.press("save").await.status, 303);
    }

    async fn a_path_that_is_taken_is_told_at_its_field(app: TestApp) {
        app.enable("page").await.unwrap();
        let browser = app.browser_of(editor(&app, "page"));
        let mut answers = Vec::new();
        for title in ["First", "Second"] {
            let form = browser.form("/item/add/page").await;
            let form = form.fill("title", title).fill("field_body", "x").fill("path", "/about/us/");
            answers.push(form.press("save").await);
        }
        let [first, answer] = answers.try_into().ok().unwrap();
        assert_eq!(first.header("location"), "/about/us");
        assert_eq!(answer.status, 422);
        assert!(answer.contains("/about/us is taken"), "{}", answer.text);
    }

    async fn formats_that_somebody_may_not_use_are_not_offered_and_their_texts_stay(app: TestApp) {
        app.enable("page").await.unwrap();
        let html = Value::Formatted { value: "<b>x</b>".to_owned(), format: "full_html".to_owned() };
        let item = app.item("page", "Html").with("field_body", html.clone()).save().await;
        let browser = app.browser_of(editor(&app, "page"));
        let form = browser.form(&format!("/item/{}/edit", item.id)).await;
        assert!(form.page.contains("which you may not use, so it stays as it is"), "{}", form.page.text);
        let form = form.fill("title", "Html still").fill("field_body", "<i>forged</i>").fill("field_body.format", "full_html");
        assert_eq!(form.press("save").await.status, 303);
        assert_eq!(load(&app, item.id).await.values("field_body"), [html]);
        let blank = browser.form("/item/add/page").await;
        assert!(!blank.page.contains("value=\"full_html\"") && blank.page.contains("value=\"markdown\""));
        let answer = blank.fill("title", "Forged").fill("field_body", "x").fill("field_body.format", "full_html").press("save").await;
        assert_eq!(answer.status, 422);
    }

    async fn a_draft_is_kept_and_restored(app: TestApp) {
        app.enable("page").await.unwrap();
        let item = app.item("page", "Plain").with("field_body", markdown("old")).save().await;
        let who = editor(&app, "page");
        let browser = app.browser_of(who.clone());
        let path = format!("/item/{}/edit", item.id);
        let form = browser.form(&path).await.fill("title", "Half-written").fill("field_body", "new words");
        let kept = form.press("draft").await;
        assert!(kept.status == 200 && kept.contains("kept as your draft") && kept.contains("new words"), "{}", kept.text);
        assert_eq!(load(&app, item.id).await.title, "Plain", "nothing is saved");
        let later = app.browser_of(who.clone());
        let form = later.form(&path).await;
        assert_eq!(form.value("title"), Some("Plain"));
        assert!(form.page.contains("You have a draft of"), "{}", form.page.text);
        let form = later.form(&format!("{path}?draft=1")).await;
        assert_eq!((form.value("title"), form.value("field_body")), (Some("Half-written"), Some("new words")));
        assert_eq!(form.press("save").await.status, 303);
        assert_eq!(load(&app, item.id).await.title, "Half-written");
        assert!(!later.form(&path).await.page.contains("You have a draft"), "a saved draft is none");
        let mine = later.form("/item/add/page").await.fill("title", "Another").press_and_go_on("draft").await;
        assert!(mine.page.contains("kept as your draft"));
        let other = app.browser_of(another(&who));
        assert!(!other.form("/item/add/page").await.page.contains("You have a draft"), "drafts are one's own");
        let form = later.form("/item/add/page").await.press_and_go_on("discard").await;
        assert!(form.page.contains("Your draft is gone."));
    }

    async fn whoever_comes_second_sees_who_is_at_work_and_may_take_over(app: TestApp) {
        app.enable("page").await.unwrap();
        let item = app.item("page", "Busy").save().await;
        let who = editor(&app, "page");
        let (first, second) = (app.browser_of(who.clone()), app.browser_of(another(&who)));
        let path = format!("/item/{}/edit", item.id);
        first.form(&path).await;
        let form = second.form(&path).await;
        assert!(form.page.contains("is at work on this since") && form.value("title").is_none(), "{}", form.page.text);
        let form = form.press_and_go_on("take_over").await;
        assert_eq!(form.value("title"), Some("Busy"));
        assert!(first.form(&path).await.page.contains("is at work on this"));
        app.wait(std::time::Duration::from_secs(11 * 60));
        assert_eq!(first.form(&path).await.value("title"), Some("Busy"), "who gives no sign is gone");
    }

    async fn two_who_save_at_once_both_keep_their_words(app: TestApp) {
        app.enable("page").await.unwrap();
        let item = app.item("page", "Shared").with("field_body", markdown("the old quay")).save().await;
        let who = editor(&app, "page");
        let (first, second) = (app.browser_of(who.clone()), app.browser_of(another(&who)));
        let path = format!("/item/{}/edit", item.id);
        let one = first.form(&path).await.fill("field_body", "the new quay").fill("field_body.format", "markdown");
        let two = second.form(&path).await.press_and_go_on("take_over").await;
        let two = two.fill("title", "Shared by two").fill("field_body", "the old harbour").fill("field_body.format", "markdown");
        assert_eq!(two.press("save").await.status, 303);
        let answer = one.press("save").await;
        assert_eq!(answer.status, 409, "{}", answer.text);
        for words in ["Somebody has saved this item", "harbour<span", "new", "the new quay", "Shared by two"] {
            assert!(answer.contains(words) || answer.text.contains(words), "{words} in {}", answer.text);
        }
        assert_eq!(load(&app, item.id).await.title, "Shared by two", "what was saved is not lost");
        let again = trovato_tests::Filling::of(one.browser(), answer, &path);
        assert_eq!(again.value("field_body"), Some("the new quay"), "what was written is not lost");
        assert_eq!(again.fill("keep_title", "theirs").fill("keep_field_body", "mine").press("save").await.status, 303);
        let found = load(&app, item.id).await;
        assert_eq!(found.title, "Shared by two");
        assert_eq!(found.values("field_body"), [markdown("the new quay")]);
        let revisions = app.services().items.revisions(&app.system(), item.id, 0, 10).await.unwrap();
        assert_eq!(revisions.len(), 3);
    }

    async fn fields_are_shown_by_their_formatters(app: TestApp) {
        use trovato::subsystems::item_type::{Display, LabelPosition};
        app.enable("page").await.unwrap();
        let hidden = app.item("page", "Hidden").unpublished().save().await.id;
        let shown = app.item("page", "Harbour").save().await;
        let file = picture(&app).await;
        let mut fields = vec![
            field("field_image", FieldType::Image),
            field("field_to", FieldType::Reference("item".to_owned())).with_cardinality(0),
            field("field_mail", FieldType::Email),
            field("field_days", FieldType::DateRange),
            field("field_blocks", FieldType::Blocks),
        ];
        for field in &mut fields {
            field.display.push(Display { mode: "full".to_owned(), label: LabelPosition::Above, weight: 0, formatter: "default".to_owned() });
        }
        content_type(&app, "rich", fields).await;
        let item = app.item("rich", "Rich")
            .with("field_image", image(file, "A \"ship\""))
            .with_all("field_to", [reference("item", shown.id), reference("item", hidden)])
            .with("field_mail", "ada@example.org")
            .with("field_days", other("date_range", json!({"from": "2024-01-01", "to": "2024-01-31"})))
            .with("field_blocks", other("blocks", json!({"blocks": [
                {"type": "quote", "text": "<script>alert(1)</script>"},
                {"type": "text", "value": "<b onclick=x>bold</b>", "format": "filtered_html"},
                {"type": "image", "target_id": file, "alt": "At sea"},
            ]})))
            .save()
            .await;
        let page = app.get(&item.path()).await;
        for words in [
            &format!("src=\"/files/{file}/ship.png\""), "alt=\"A &quot;ship&quot;\"", ">Harbour</a>", "href=\"mailto:ada@example.org\"",
            "<time datetime=\"2024-01-01\">", "&lt;script&gt;", "<b>bold</b>", "alt=\"At sea\"",
        ] {
            assert!(page.contains(words), "{words} in {}", page.text);
        }
        assert!(!page.contains(&hidden.to_string()) && !page.contains("Hidden"), "what may not be seen is not named");
    }

    async fn the_add_page_is_for_editors_in_the_administration_too(app: TestApp) {
        app.enable("page").await.unwrap();
        let page = app.get_as(&app.somebody(&[ENTER, "access content"]), "/item/add").await;
        assert!(page.contains("There is no kind of content that you may make."), "{}", page.text);
    }
}
