//! The `item` resource: reading and changing through a handle.

use trovato::subsystems::item::{Item, Value};
use trovato_tests::{TestApp, both};

use super::{probe, with_prober};

/// A note with a value in fields of most kinds.
async fn note(app: &TestApp) -> Item {
    with_prober(app).await;
    let body = Value::Formatted {
        value: "*text*".to_owned(),
        format: "markdown".to_owned(),
    };
    app.item("note", "A note")
        .with("field_body", body)
        .with("field_flag", Value::Boolean(true))
        .with("field_price", Value::Decimal("-12.50".to_owned()))
        .with("field_data", Value::Json(serde_json::json!({ "a": 1 })))
        .with_all("field_tags", ["one", "two"])
        .save()
        .await
}

both! {
    async fn a_handle_tells_what_the_item_is(app: TestApp) {
        let note = note(&app).await;
        let identity = probe(&app, "item.identity", &note.id.to_string()).await;
        assert_eq!(identity, format!("{} note {} {}", note.id, note.author, note.revision));
        let state = probe(&app, "item.state", &note.id.to_string()).await;
        assert_eq!(state, "A note true 1700000000000 1700000000000");
    }

    async fn a_handle_tells_where_an_item_is_shown_and_when(app: TestApp) {
        let mut note = note(&app).await;
        note.sticky = true;
        note.promoted = false;
        note.alias = Some("a/note".to_owned());
        note.publish_on = Some(app.now());
        note.unpublish_on = Some(app.now().plus(std::time::Duration::from_millis(1)));
        let id = note.id.to_string();
        app.services().items.save(&app.system(), Box::new(note), "").await.1.unwrap();
        assert_eq!(probe(&app, "item.place", &id).await, "false true Some(\"a/note\")");
        assert_eq!(probe(&app, "item.dates", &id).await, "Some(1700000000000) Some(1700000000001)");
    }

    async fn a_field_is_read_as_what_it_holds(app: TestApp) {
        let id = note(&app).await.id;
        let reads = [
            ("item.text", "field_tags", "Some(\"one\")"),
            ("item.text", "field_body", "Some(\"*text*\")"),
            ("item.text", "field_price", "Some(\"-12.50\")"),
            ("item.text", "field_data", "Some(\"{\\\"a\\\":1}\")"),
            ("item.integer", "field_count", "Some(7)"),
            ("item.boolean", "field_flag", "Some(true)"),
            ("item.formatted", "field_body", "Some((\"*text*\", \"markdown\"))"),
            ("item.values", "field_tags", "[FieldValue::Text(\"one\"), FieldValue::Text(\"two\")]"),
        ];
        for (function, field, value) in reads {
            assert_eq!(probe(&app, function, &format!("{id}|{field}")).await, value, "{function} {field}");
        }
    }

    async fn a_field_of_another_kind_an_empty_and_an_unknown_one_give_nothing(app: TestApp) {
        let id = note(&app).await.id;
        let reads = [
            ("item.text", "field_count"),
            ("item.text", "field_flag"),
            ("item.integer", "field_tags"),
            ("item.boolean", "field_count"),
            ("item.formatted", "field_tags"),
        ];
        for (function, field) in reads {
            assert_eq!(probe(&app, function, &format!("{id}|{field}")).await, "None", "{function} {field}");
        }
        for function in ["item.text", "item.integer", "item.boolean", "item.formatted"] {
            for field in ["field_mail", "nothing", ""] {
                assert_eq!(probe(&app, function, &format!("{id}|{field}")).await, "None", "{function} {field}");
            }
        }
        assert_eq!(probe(&app, "item.values", &format!("{id}|nothing")).await, "[]");
    }

    async fn a_snapshot_has_everything(app: TestApp) {
        let id = note(&app).await.id;
        let snapshot = probe(&app, "item.snapshot", &id.to_string()).await;
        let fields = "field_body,field_count,field_flag,field_tags,field_price,field_data";
        assert_eq!(snapshot, format!("{id} A note {fields}"), "the fields come in the order of the content type");
    }

    async fn what_is_set_is_read_back_and_not_stored(app: TestApp) {
        let id = note(&app).await.id;
        let sets = [
            ("item.set-title", "Another", "Another"),
            ("item.set-published", "false", "false"),
            ("item.set-text", "field_tags|three", "[FieldValue::Text(\"three\")]"),
            ("item.set-integer", "field_count|8", "[FieldValue::Integer(8)]"),
            ("item.set-values", "field_flag|boolean|false", "[FieldValue::Boolean(false)]"),
            ("item.set-values", "field_flag|null|", "[]"),
            ("item.clear", "field_tags", "[]"),
        ];
        for (function, argument, read) in sets {
            assert_eq!(probe(&app, function, &format!("{id}|{argument}")).await, read, "{function} {argument}");
        }
        let stored = app.services().items.load(&app.system(), id).await.unwrap().unwrap();
        assert_eq!((stored.title.as_str(), stored.published), ("A note", true));
        assert_eq!(stored.values("field_tags").len(), 2);
    }

    async fn a_value_that_is_none_costs_the_plugin_its_answer(app: TestApp) {
        let id = note(&app).await.id;
        for (value, reason) in [
            ("floating|NaN", "a value for 'field_ratio' is wrong: no finite number"),
            ("item|somewhere", "a value for 'field_ratio' is wrong: 'somewhere' is no identifier"),
            ("json|{", "a value for 'field_ratio' is wrong: no valid JSON"),
        ] {
            let argument = format!("{id}|field_ratio|{value}");
            let failure = app.try_ask_in(&app.system(), "prober", "item.set-values", &argument).await.unwrap_err();
            assert!(failure.to_string().starts_with(reason), "{failure}");
            app.logged(reason);
        }
    }

    async fn a_handle_from_an_earlier_call_leads_nowhere(app: TestApp) {
        let id = note(&app).await.id;
        let session = app.system();
        app.ask_in(&session, "prober", "item.keep", &id.to_string()).await.unwrap();
        let failure = app.try_ask_in(&session, "prober", "item.use-kept", "").await.unwrap_err();
        let reason = "the item handle is no longer valid: its tap has returned, or it is being saved";
        assert!(failure.to_string().starts_with(reason), "{failure}");
        app.logged(reason);
    }
}
