//! Markup that wants to run code, in every format and every kind of field, shown by a real browser: with the policy of
//! the pages, which must have nothing to forbid, and without it, so that cleaning alone has to do.

mod vectors;

use serde_json::{Value as Json, json};
use trovato::subsystems::item::{Item, Value};
use trovato::subsystems::item_type::{Display, Field, FieldType, ItemType, LabelPosition};
use trovato::subsystems::variable::SITE;
use trovato_tests::chromium::Visitor;
use trovato_tests::in_browser;

use vectors::{LINES, MARKDOWN, MARKUP, deep};

const WATCH: &str = include_str!("attacks/watch.js");
const LOOK: &str = include_str!("attacks/look.js");
/// The formats that there are at first.
const FORMATS: [&str; 4] = ["plain_text", "filtered_html", "full_html", "markdown"];

/// A visitor whose browser writes down what runs.
async fn wary(visitor: &Visitor) {
    visitor.is(visitor.app().administrator()).await;
    visitor.runs_first(WATCH).await;
    // Pictures that are nowhere.
    visitor.bears("Failed to load resource");
}

/// Fails the test if anything in the page runs, or could.
async fn is_harmless(visitor: &Visitor) {
    let found = visitor.run(LOOK).await.unwrap();
    assert_eq!(found, json!([]), "at {}", visitor.path());
}

async fn all_are_harmless(visitor: &Visitor, paths: &[String]) {
    for without in [false, true] {
        visitor.without_policies(without).await;
        for path in paths {
            visitor.visit(path).await;
            assert_eq!(visitor.status(), 200, "{path}");
            is_harmless(visitor).await;
        }
    }
    visitor.without_policies(false).await;
}

/// Fails the test where a text is not in the editor: markup that is in none can't do anything there.
async fn all_are_in_the_editor(visitor: &Visitor, at_least: usize) {
    let bare = "[...document.querySelectorAll('textarea[data-form-rich]')].filter((text) => \
                !text.closest('.form-item').querySelector('.rich__text')).map((text) => text.value)";
    assert_eq!(visitor.run(bare).await.unwrap(), json!([]));
    let edited = visitor
        .run("document.querySelectorAll('.rich__text').length")
        .await
        .unwrap();
    assert!(
        edited.as_u64().unwrap() >= at_least as u64,
        "{edited} of {at_least}"
    );
}

/// Every vector that can be stored: there is no text with U+0000.
fn storable() -> Vec<String> {
    let all = MARKUP.iter().chain(MARKDOWN).map(|text| (*text).to_owned());
    all.chain(deep()).filter(|text| !text.contains('\0')).collect()
}

/// Every vector that can be sent by a form: there are no control characters in it.
fn sendable() -> Vec<String> {
    let is_sent = |text: &String| {
        !text
            .chars()
            .any(|char| char.is_control() && !matches!(char, '\t' | '\n'))
    };
    storable().into_iter().filter(is_sent).collect()
}

fn field(name: &str, kind: FieldType) -> Field {
    let mut field = Field::new(name, kind).with_cardinality(0);
    for mode in ["full", "teaser"] {
        field.display.push(Display {
            mode: mode.to_owned(),
            label: LabelPosition::Above,
            weight: 0,
            formatter: "default".to_owned(),
        });
    }
    field
}

async fn traps(visitor: &Visitor, fields: Vec<Field>) {
    let of = ItemType::new("trap", "Trap", fields);
    let types = &visitor.app().services().item_types;
    types.declare("tests", vec![of]).await.unwrap();
}

fn written(format: &str, text: &str) -> Value {
    Value::Formatted {
        value: text.to_owned(),
        format: format.to_owned(),
    }
}

/// The pages that show an item, and those on which it is edited.
fn pages(item: &Item) -> Vec<String> {
    let own = ["", "/edit", "/revisions", "/delete"].map(|page| format!("/item/{}{page}", item.id));
    own.into_iter()
        .chain(["/", "/admin/content"].map(str::to_owned))
        .collect()
}

in_browser! {
    async fn markup_runs_in_no_format(visitor: Visitor) {
        wary(&visitor).await;
        traps(&visitor, vec![field("field_body", FieldType::LongText)]).await;
        let mut paths = vec!["/".to_owned()];
        for format in FORMATS {
            let bodies: Vec<Value> = storable().iter().map(|text| written(format, text)).collect();
            let draft = visitor.app().item("trap", format).promoted();
            let item = draft.with_all("field_body", bodies).save().await;
            paths.push(item.path());
        }
        all_are_harmless(&visitor, &paths).await;
    }

    async fn markup_does_not_run_where_it_is_edited(visitor: Visitor) {
        wary(&visitor).await;
        traps(&visitor, vec![field("field_body", FieldType::LongText)]).await;
        for format in ["filtered_html", "full_html"] {
            for (number, some) in sendable().chunks(60).enumerate() {
                let bodies: Vec<Value> = some.iter().map(|text| written(format, text)).collect();
                let draft = visitor.app().item("trap", &format!("{format} {number}"));
                let item = draft.with_all("field_body", bodies).save().await;
                visitor.without_policies(true).await;
                visitor.visit(&format!("/item/{}/edit", item.id)).await;
                all_are_in_the_editor(&visitor, some.len()).await;
                is_harmless(&visitor).await;
                // What can't be edited as it is, is put into the editor all the same.
                visitor.run("document.querySelectorAll('.rich__note button').forEach((button) => button.click())").await.unwrap();
                is_harmless(&visitor).await;
                visitor.press("Preview").await;
                visitor.sees("Preview of").await;
                is_harmless(&visitor).await;
            }
        }
    }

    async fn markup_from_the_clipboard_does_not_run(visitor: Visitor) {
        wary(&visitor).await;
        traps(&visitor, vec![Field::new("field_body", FieldType::LongText)]).await;
        let script = format!(
            "(() => {{ const text = document.querySelector('.rich__text'); for (const html of {}) {{ \
             const data = new DataTransfer(); data.setData('text/html', html); \
             text.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }})); \
             }} }})()",
            json!(sendable())
        );
        for without in [false, true] {
            visitor.without_policies(without).await;
            visitor.visit("/item/add/trap").await;
            visitor.run(&script).await.unwrap();
            is_harmless(&visitor).await;
        }
        visitor.fill("Title", "Pasted").await;
        visitor.press("Save").await;
        visitor.sees("“Pasted” is saved.").await;
        is_harmless(&visitor).await;
    }

    async fn lines_stay_text_wherever_they_stand(visitor: Visitor) {
        wary(&visitor).await;
        let line = LINES.first().unwrap();
        let mut fields = vec![
            field("field_line", FieldType::Text(400)),
            field("field_choice", FieldType::Choice(LINES.iter().map(|line| (*line).to_owned()).collect())),
            field("field_json", FieldType::Json),
            field("field_url", FieldType::Url),
        ];
        for field in &mut fields {
            field.label = (*line).to_owned();
            field.help = (*line).to_owned();
        }
        traps(&visitor, fields).await;
        let services = visitor.app().services();
        for name in ["site_name", "site_slogan"] {
            services.variables.store(SITE, name, Some(json!(line))).await.unwrap();
        }
        let mut paths = vec!["/admin/structure/types/trap/fields".to_owned(), "/item/add/trap".to_owned()];
        for line in LINES {
            let draft = visitor.app().item("trap", line).promoted();
            let draft = draft
                .with_all("field_line", LINES.iter().map(|line| Value::Text((*line).to_owned())))
                .with("field_choice", Value::Text((*line).to_owned()))
                .with("field_json", Value::Json(json!({ *line: [line] })))
                .with("field_url", Value::Text("/?\"><img/src=x/onerror=alert(1)>".to_owned()));
            paths.extend(pages(&draft.save().await));
        }
        all_are_harmless(&visitor, &paths).await;
    }

    async fn blocks_run_nothing(visitor: Visitor) {
        wary(&visitor).await;
        traps(&visitor, vec![field("field_blocks", FieldType::Blocks).with_cardinality(1)]).await;
        let texts = storable();
        let mut paths = Vec::new();
        for format in FORMATS {
            let mut blocks: Vec<Json> = texts.iter().map(|text| json!({ "type": "text", "value": text, "format": format })).collect();
            blocks.truncate(400);
            for line in LINES {
                blocks.extend([
                    json!({ "type": "heading", "text": line, "level": 2 }),
                    json!({ "type": "quote", "text": line, "source": line }),
                    json!({ "type": "code", "code": line, "language": line }),
                    json!({ "type": "list", "items": [line], "ordered": true }),
                    json!({ "type": "link", "url": "/?\"onclick=alert(1)", "text": line }),
                ]);
            }
            let body = Value::Other { kind: "blocks".to_owned(), json: json!({ "blocks": blocks }) };
            let item = visitor.app().item("trap", format).with("field_blocks", body).save().await;
            paths.push(item.path());
        }
        all_are_harmless(&visitor, &paths).await;
    }

    async fn what_is_asked_for_is_not_run(visitor: Visitor) {
        wary(&visitor).await;
        visitor.bears("404");
        for line in LINES {
            let line: String = form_urlencoded::byte_serialize(line.as_bytes()).collect();
            for path in [format!("/{line}"), format!("/?{line}={line}"), format!("/admin/content?title={line}&{line}"), format!("/user/login?destination={line}"), format!("/admin/people?name={line}")] {
                for without in [false, true] {
                    visitor.without_policies(without).await;
                    visitor.visit(&path).await;
                    is_harmless(&visitor).await;
                }
            }
        }
    }
}
