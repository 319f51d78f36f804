//! Every type of field: what it keeps, and what it refuses.

use std::collections::BTreeMap;

use serde_json::json;
use trovato::subsystems::item::Value;
use trovato::subsystems::item_type::{Allowed, FieldType, Settings};
use trovato::time::Timestamp;
use trovato_tests::{TestApp, both};
use uuid::Uuid;

use crate::{content_type, field, image, load, markdown, other, paths, picture, problems, reference};

/// A field of every type, with a value of it.
async fn every_type(app: &TestApp) -> Vec<(FieldType, Value)> {
    let target = app.item("page", "Target").save().await.id;
    let file = picture(app).await;
    vec![
        (FieldType::Text(20), Value::from("A line")),
        (FieldType::LongText, markdown("*Long*")),
        (FieldType::Integer, Value::Integer(-7)),
        (FieldType::Decimal, Value::Decimal("12.50".to_owned())),
        (FieldType::Floating, Value::Floating(2.0)),
        (FieldType::Boolean, Value::Boolean(true)),
        (FieldType::Moment, Value::Moment(Timestamp(1_700_000_000_000))),
        (FieldType::Date, Value::from("2024-02-29")),
        (
            FieldType::DateRange,
            other("date_range", json!({"from": "2024-01-01", "to": "2024-01-31"})),
        ),
        (FieldType::Email, Value::from("ada@example.org")),
        (FieldType::Url, Value::from("https://example.org/a")),
        (
            FieldType::Choice(vec!["red".into(), "blue".into()]),
            Value::from("blue"),
        ),
        (FieldType::Reference("item".into()), reference("item", target)),
        (
            FieldType::Reference("user".into()),
            reference("user", Uuid::nil()),
        ),
        (FieldType::File, reference("file", file)),
        (FieldType::Image, image(file, "A ship")),
        (FieldType::Json, Value::Json(json!({"a": [1, 2]}))),
        (
            FieldType::Blocks,
            other(
                "blocks",
                json!({"blocks": [
                    {"type": "heading", "text": "Ships", "level": 2},
                    {"type": "text", "value": "*Words*", "format": "markdown"},
                    {"type": "list", "items": ["one", "two"], "ordered": true},
                    {"type": "image", "target_id": file, "alt": "A ship", "caption": "At sea"},
                    {"type": "divider"},
                ]}),
            ),
        ),
    ]
}

fn name(index: usize) -> String {
    format!("field_{index:02}")
}

both! {
    async fn a_value_of_every_type_comes_back_as_it_was(app: TestApp) {
        app.enable("page").await.unwrap();
        let types = every_type(&app).await;
        let fields = types.iter().enumerate().flat_map(|(index, (kind, _))| [
            field(&name(index), kind.clone()),
            field(&format!("{}_list", name(index)), kind.clone()).with_cardinality(0),
        ]);
        content_type(&app, "all", fields.collect()).await;
        let mut draft = app.item("all", "Everything");
        for (index, (_, value)) in types.iter().enumerate() {
            draft = draft.with(&name(index), value.clone());
            draft = draft.with_all(&format!("{}_list", name(index)), [value.clone(), value.clone()]);
        }
        let saved = draft.save().await;
        let found = load(&app, saved.id).await;
        let expected: BTreeMap<String, Vec<Value>> = saved.fields;
        assert_eq!(found.fields, expected);
    }

    async fn a_value_of_another_type_is_refused_at_its_place(app: TestApp) {
        app.enable("page").await.unwrap();
        let types = every_type(&app).await;
        let fields = types.iter().enumerate().map(|(index, (kind, _))| field(&name(index), kind.clone()));
        content_type(&app, "all", fields.collect()).await;
        let mut draft = app.item("all", "Everything wrong");
        for (index, (kind, _)) in types.iter().enumerate() {
            let wrong = match kind {
                FieldType::Integer => Value::from("seven"),
                _ => Value::Integer(7),
            };
            draft = draft.with(&name(index), wrong);
        }
        let (_, saved) = draft.try_save().await;
        let found = problems(saved);
        let expected: Vec<String> = (0..types.len()).map(|index| format!("{}.0", name(index))).collect();
        assert_eq!(paths(&found), expected, "{found:?}");
    }

    async fn everything_that_is_wrong_is_told_at_once(app: TestApp) {
        let settings = |min: &str, max: &str| Settings {
            min: Some(min.to_owned()),
            max: Some(max.to_owned()),
            ..Settings::default()
        };
        let mut required = field("field_must", FieldType::Text(5));
        required.required = true;
        content_type(&app, "strict", vec![
            required,
            field("field_pair", FieldType::Integer).with_cardinality(2).with_settings(settings("1", "10")),
            field("field_price", FieldType::Decimal).with_settings(settings("0.10", "99.99")),
            field("field_day", FieldType::Date).with_settings(settings("2024-01-01", "2024-12-31")),
            field("field_days", FieldType::DateRange),
            field("field_code", FieldType::Text(20)).with_settings(Settings {
                pattern: Some("[A-Z]{3}".to_owned()),
                pattern_help: "three capital letters".to_owned(),
                ..Settings::default()
            }),
            field("field_size", FieldType::Text(5)).with_settings(Settings {
                allowed: vec![Allowed { value: "S".to_owned(), label: "Small".to_owned() }],
                ..Settings::default()
            }),
            field("field_body", FieldType::LongText),
            field("field_image", FieldType::Image),
            field("field_blocks", FieldType::Blocks),
        ])
        .await;
        let draft = app.item("strict", " ")
            .with_all("field_pair", [Value::Integer(0), Value::Integer(5), Value::Integer(11)])
            .with("field_price", Value::Decimal("100".to_owned()))
            .with("field_day", "2025-01-01")
            .with("field_days", other("date_range", json!({"from": "2024-02-30", "to": "soon", "why": 1})))
            .with("field_code", "abc")
            .with("field_size", "M")
            .with("field_body", Value::Formatted { value: "x".to_owned(), format: "nonsense".to_owned() })
            .with("field_image", other("image", json!({"target_id": "no"})))
            .with("field_blocks", other("blocks", json!({"blocks": [
                {"type": "heading", "level": 1}, {"type": "film"}, {"type": "divider", "colour": "red"}, 7,
            ]})))
            .with("field_nowhere", "x");
        let (_, saved) = draft.try_save().await;
        let found = problems(saved);
        let expected = [
            "title", "field_nowhere", "field_must", "field_pair", "field_pair.0", "field_pair.2", "field_price.0",
            "field_day.0", "field_days.0.why", "field_days.0.from", "field_days.0.to", "field_code.0", "field_size.0",
            "field_body.0", "field_image.0.target_id", "field_image.0.alt", "field_blocks.0.blocks.0.text",
            "field_blocks.0.blocks.0.level", "field_blocks.0.blocks.1.type", "field_blocks.0.blocks.2.colour",
            "field_blocks.0.blocks.3",
        ];
        assert_eq!(paths(&found), expected, "{found:#?}");
        let code = found.iter().find(|problem| problem.path == "field_code.0").unwrap();
        assert_eq!(code.message, "field_code: three capital letters");
    }

    async fn a_record_that_is_not_there_is_told_like_one_that_may_not_be_seen(app: TestApp) {
        app.enable("page").await.unwrap();
        let hidden = app.item("page", "Hidden").unpublished().save().await.id;
        let shown = app.item("page", "Shown").save().await.id;
        content_type(&app, "pointer", vec![
            field("field_to", FieldType::Reference("item".to_owned())).with_cardinality(0),
            field("field_blog", FieldType::Reference("item".to_owned())).with_settings(Settings {
                targets: vec!["pointer".to_owned()],
                ..Settings::default()
            }),
            field("field_who", FieldType::Reference("user".to_owned())),
            field("field_file", FieldType::File).with_settings(Settings {
                media: vec!["application/pdf".to_owned()],
                ..Settings::default()
            }),
            field("field_tag", FieldType::Reference("tag".to_owned())),
        ])
        .await;
        let session = app.session(app.somebody(&["access content", "create pointer content"]));
        let nowhere = Uuid::from_u128(77);
        let draft = app.item("pointer", "Points")
            .with_all("field_to", [reference("item", shown), reference("item", hidden), reference("item", nowhere)])
            .with("field_blog", reference("item", shown))
            .with("field_who", reference("user", nowhere))
            .with("field_file", reference("file", picture(&app).await))
            .with("field_tag", reference("tag", nowhere));
        let (_, saved) = draft.try_save_in(&session).await;
        let found = problems(saved);
        let expected = ["field_to.1", "field_to.2", "field_blog.0", "field_who.0", "field_file.0", "field_tag.0"];
        assert_eq!(paths(&found), expected, "{found:#?}");
        assert_eq!(found[0].message, found[1].message, "neither says which of the two it is");
    }

    async fn what_an_item_points_at_already_is_kept_by_those_who_may_not_see_it(app: TestApp) {
        app.enable("page").await.unwrap();
        let hidden = app.item("page", "Hidden").unpublished().save().await.id;
        content_type(&app, "pointer", vec![
            field("field_to", FieldType::Reference("item".to_owned())),
            field("field_body", FieldType::LongText),
        ])
        .await;
        let html = Value::Formatted { value: "<b>x</b>".to_owned(), format: "full_html".to_owned() };
        let saved = app.item("pointer", "Points")
            .with("field_to", reference("item", hidden))
            .with("field_body", html)
            .save()
            .await;
        let session = app.session(app.somebody(&["access content", "edit any pointer content"]));
        let mut item = load(&app, saved.id).await;
        item.title = "Points still".to_owned();
        let (mut item, saved) = app.services().items.save(&session, Box::new(item), "").await;
        saved.unwrap();
        let changed = Value::Formatted { value: "<i>x</i>".to_owned(), format: "full_html".to_owned() };
        item.fields.insert("field_body".to_owned(), vec![changed]);
        let (_, saved) = app.services().items.save(&session, item, "").await;
        assert_eq!(paths(&problems(saved)), ["field_body.0"], "the format is not theirs to write in");
    }

    async fn huge_and_deep_values_are_refused(app: TestApp) {
        content_type(&app, "big", vec![
            field("field_json", FieldType::Json),
            field("field_text", FieldType::LongText).with_cardinality(0),
        ])
        .await;
        let deep = (0..60).fold(json!(1), |inner, _| json!([inner]));
        let (_, saved) = app.item("big", "Deep").with("field_json", Value::Json(deep)).try_save().await;
        assert_eq!(paths(&problems(saved)), ["field_json.0"]);
        let long = "x".repeat(3 << 20);
        let (_, saved) = app.item("big", "Long").with("field_text", markdown(&long)).try_save().await;
        assert_eq!(paths(&problems(saved)), ["field_text.0"]);
        let part = "x".repeat(1 << 20);
        let parts = [&part; 5].map(|part| markdown(part));
        let (_, saved) = app.item("big", "Many").with_all("field_text", parts).try_save().await;
        assert_eq!(paths(&problems(saved)), ["fields"]);
        let (_, saved) = app.item("big", &"t".repeat(1 << 20)).try_save().await;
        assert_eq!(paths(&problems(saved)), ["title"]);
    }

    async fn a_plugin_s_new_declaration_leaves_what_the_site_changed(app: TestApp) {
        content_type(&app, "event", vec![field("field_a", FieldType::LongText)]).await;
        content_type(&app, "event", vec![
            field("field_a", FieldType::LongText),
            field("field_when", FieldType::Date),
        ])
        .await;
        let app = app.restart().await;
        let of = app.services().item_types.get("event").unwrap();
        let names: Vec<&str> = of.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["field_a", "field_when"]);
    }
}
