//! Too much of anything: titles of a megabyte, JSON without end, texts that grow when they are read. All of it is refused
//! with words, or shown within bounds.

use serde_json::{Value as Json, json};
use trovato::subsystems::item::Value;
use trovato::subsystems::item_type::FieldType;
use trovato_tests::{Answer, TestApp, both};

use crate::forms::editor;
use crate::{content_type, field, other};

const MEGABYTE: usize = 1 << 20;

async fn floods(app: &TestApp) {
    let fields = vec![
        field("field_body", FieldType::LongText),
        field("field_json", FieldType::Json),
        field("field_blocks", FieldType::Blocks),
    ];
    content_type(app, "flood", fields).await;
}

async fn post(app: &TestApp, item: &Json) -> Answer {
    let body = item.to_string().into_bytes();
    let browser = app.browser_of(editor(app, "flood"));
    let request = axum::http::Request::post("/api/items").header("content-type", "application/json");
    browser.send(request, axum::body::Body::from(body)).await
}

/// JSON in JSON, so many deep.
fn nested(depth: usize) -> String {
    format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
}

both! {
    async fn a_title_of_a_megabyte_is_refused_at_its_field(app: TestApp) {
        floods(&app).await;
        let title = "x".repeat(MEGABYTE);
        let form = app.browser_of(editor(&app, "flood")).form("/item/add/flood").await;
        let answer = form.fill("title", &title).press("save").await;
        assert_eq!(answer.status, 422);
        assert!(answer.contains("255 characters at most; this has 1048576"));
        let answer = post(&app, &json!({ "type": "flood", "title": title })).await;
        assert_eq!(answer.status, 422);
        assert!(answer.contains("title") && answer.text.len() < 4096, "{} bytes", answer.text.len());
    }

    async fn json_without_end_is_refused_at_its_field(app: TestApp) {
        floods(&app).await;
        let browser = app.browser_of(editor(&app, "flood"));
        let deep = "at most 32 lists and objects within each other";
        for (json, said) in [
            (nested(33), deep),
            (nested(100_000), deep),
            ("{\"a\":".repeat(50_000), deep),
            (format!("[{}1]", "1,".repeat(900_000)), "at most 2 MiB"),
            ("[1,".to_owned(), "no JSON: EOF while parsing a value at line 1 column 3"),
            ("{'a': 1}".to_owned(), "no JSON: key must be a string at line 1 column 2"),
        ] {
            let form = browser.form("/item/add/flood").await.fill("title", "Flood");
            let answer = form.fill("field_json", &json).press("save").await;
            assert_eq!(answer.status, 422, "{said}");
            assert!(answer.contains(&format!("-error\">Field_json: {said}")), "{said}");
        }
    }

    async fn a_form_of_more_than_two_megabytes_is_refused_whole(app: TestApp) {
        floods(&app).await;
        let browser = app.browser_of(editor(&app, "flood"));
        let form = browser.form("/item/add/flood").await.fill("title", "Flood");
        let answer = form.fill("field_json", &format!("[{}1]", "1,".repeat(1_100_000))).press("save").await;
        assert_eq!(answer.status, 413);
        assert!(answer.contains("Request too large"), "{}", answer.text);
    }

    async fn bodies_of_too_many_blocks_are_refused(app: TestApp) {
        floods(&app).await;
        for blocks in [
            vec![json!({ "type": "divider" }); 501],
            vec![json!({ "type": "list", "items": vec!["x"; 501] })],
            vec![json!({ "type": "heading", "text": "x".repeat(MEGABYTE), "level": 2 })],
        ] {
            let body = other("blocks", json!({ "blocks": blocks }));
            let (_, saved) = app.item("flood", "Flood").with("field_blocks", body).try_save().await;
            assert!(saved.is_err());
        }
    }

    async fn texts_that_grow_when_they_are_read_are_shown_within_bounds(app: TestApp) {
        floods(&app).await;
        let formats = ["plain_text", "filtered_html", "full_html", "markdown"];
        for unit in ["<", "&", "\n", "[", "![", "[a](", "*a ", "**a _b ", "`", "~", "<b>", "<b ", "<!--", "</p>", "<a href=", "\"", "> ", "- ", "1. ", "| a ", "\n| - |", "www.a.b ", "https://a.b/(", ":a:", "[^1]", "\\", "&#", "$", "<table>", "a@b.c ", "^", "==", "\u{301}"] {
            let text = unit.repeat(50_000 / unit.len());
            for format in formats {
                let html = app.services().formats.render(format, &text);
                assert!(html.len() < 8 * MEGABYTE, "{unit:?} in {format} is {} bytes", html.len());
            }
        }
        for format in formats {
            let body = Value::Formatted { value: "<".repeat(MEGABYTE), format: format.to_owned() };
            let item = app.item("flood", format).with("field_body", body).save().await;
            assert_eq!(app.get(&item.path()).await.status, 200);
        }
    }
}
