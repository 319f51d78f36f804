//! Field types of plugins: offered, asked for, checked and shown as the plugin says, and kept when it is gone or fails.

use trovato::subsystems::item::{Item, Value};
use trovato::subsystems::item_type::{DeclaredType, FieldType};
use trovato_tests::{Package, TestApp, both, shown_field};

use crate::forms::editor;
use crate::{content_type, field, load, paths, problems};

const TYPES: &str = "/admin/structure/types";

/// A field's type that a plugin declares over whole numbers.
fn declared(name: &str) -> FieldType {
    let name = name.to_owned();
    let base = FieldType::Integer;
    FieldType::Declared(Box::new(DeclaredType { name, base }))
}

/// A record of four stars, of the content type of the plugin `rating`.
async fn record(app: &TestApp) -> Item {
    app.with(Package::fixture("rating")).await;
    app.item("record", "Blue")
        .with("field_stars", Value::Integer(4))
        .with_all("field_colours", ["#3366ff", "#000000"])
        .save()
        .await
}

/// A content type with a field of the hostile plugin, which behaves well so far, and an item of it.
async fn oddity(app: &TestApp, place: &str) -> Item {
    app.with(Package::hostile("well").setting("in", place)).await;
    content_type(
        app,
        "oddity",
        vec![shown_field("field_odd", "Odd", declared("hostile.odd"))],
    )
    .await;
    app.item("oddity", "Seven")
        .with("field_odd", Value::Integer(7))
        .save()
        .await
}

/// Another behaviour from now on, of a plugin that nobody has suspended.
async fn behave(app: &TestApp, behaviour: &str) {
    let variables = &app.services().variables;
    variables
        .store("hostile", "behaviour", Some(behaviour.into()))
        .await
        .unwrap();
    for plugin in app.site().registry().plugins() {
        plugin.health.pardon();
    }
}

both! {
    async fn a_type_of_a_plugin_is_offered_and_its_values_are_chosen_and_shown_as_the_plugin_says(app: TestApp) {
        app.with(Package::fixture("rating")).await;
        content_type(&app, "film", Vec::new()).await;
        let admin = app.browser_of(app.administrator());
        let form = admin.form(&format!("{TYPES}/film/fields/add")).await;
        assert!(form.page.contains("Rating in stars") && form.page.contains("Plugin rating"), "{}", form.page.text);
        let answer = form.fill("label", "Verdict").fill("type", "rating.stars").press("save").await;
        let page = admin.follow(&answer).await;
        assert!(page.contains("From 1 to 5 stars, or to"), "{}", page.text);
        let form = admin.form(&format!("{TYPES}/film/fields/field_verdict")).await;
        assert_eq!(form.fill("max", "3").press("save").await.status, 303);
        assert_eq!(app.services().item_types.get("film").unwrap().fields[0].field_type, declared("rating.stars"));
        let listed = admin.get(&format!("{TYPES}/film/fields")).await;
        assert!(listed.contains("Rating in stars") && !listed.contains("not at work"), "{}", listed.text);

        let browser = app.browser_of(editor(&app, "film"));
        let form = browser.form("/item/add/film").await;
        assert!(form.page.contains("★★★") && form.page.contains("How good it is."), "{}", form.page.text);
        assert!(!form.page.contains("★★★★"), "the field says at most three");
        let answer = form.fill("title", "Metropolis").fill("field_verdict", "3").press("save").await;
        let page = browser.follow(&answer).await;
        assert!(page.contains("aria-label=\"3 of 3 stars\"") && page.contains(">★★★<"), "{}", page.text);
        assert!(page.contains("field--type-rating-stars"), "{}", page.text);
        let film = app.newest_item().await;
        assert_eq!(film.values("field_verdict"), [Value::Integer(3)]);
        let form = browser.form(&format!("/item/{}/edit", film.id)).await;
        assert_eq!(form.value("field_verdict"), Some("3"));
        assert_eq!(form.press("save").await.status, 303);
        assert_eq!(load(&app, film.id).await.fields, film.fields);
    }

    async fn what_the_plugin_does_not_take_is_told_beside_its_value(app: TestApp) {
        let record = record(&app).await;
        let browser = app.browser_of(editor(&app, "record"));
        let form = browser.form(&format!("/item/{}/edit", record.id)).await;
        let answer = form
            .fill("field_colours.rows", "3")
            .fill("field_colours.1.val_colours", "")
            .fill("field_colours.2.val_colours", "red")
            .press("save")
            .await;
        assert_eq!(answer.status, 422);
        assert!(answer.contains("field_colours-2-val_colours-error"), "{}", answer.text);
        assert!(answer.contains("Colours: a colour is # and six digits, such as #3366ff."), "{}", answer.text);

        let (_, saved) = app
            .item("record", "Red")
            .with("field_stars", Value::Integer(6))
            .with_all("field_colours", ["#ff0000", "red", "much too long"])
            .try_save()
            .await;
        let found = problems(saved);
        // What the site finds wrong itself is not handed to the plugin.
        assert_eq!(paths(&found), ["field_colours.2", "field_stars.0"], "{found:?}");
        assert_eq!(found[1].message, "Stars: a rating has 1 to 5 stars");
    }

    async fn a_value_that_the_widget_can_not_show_is_asked_for_as_what_it_is(app: TestApp) {
        let mut record = record(&app).await;
        app.services().plugins.disable(app.site(), "rating").await.unwrap();
        record.fields.insert("field_stars".to_owned(), vec![Value::Integer(9)]);
        app.services().items.save(&app.system(), Box::new(record.clone()), "").await.1.unwrap();
        app.enable("rating").await.unwrap();
        let form = app.browser_of(editor(&app, "record")).form(&format!("/item/{}/edit", record.id)).await;
        assert_eq!(form.value("field_stars"), Some("9"), "{}", form.page.text);
        assert!(!form.page.contains("★★★"));
    }

    async fn a_field_whose_plugin_is_gone_keeps_its_values_and_is_what_it_is_based_on(app: TestApp) {
        let record = record(&app).await;
        let before = load(&app, record.id).await;
        app.services().plugins.disable(app.site(), "rating").await.unwrap();
        assert_eq!(load(&app, record.id).await.fields, before.fields);
        let shown = app.get(&record.path()).await;
        assert!(!shown.contains('★'.to_string().as_str()) && shown.contains(">4<"), "{}", shown.text);
        let browser = app.browser_of(editor(&app, "record"));
        let form = browser.form(&format!("/item/{}/edit", record.id)).await;
        assert_eq!(form.value("field_stars"), Some("4"));
        assert_eq!(form.fill("field_stars", "2").press("save").await.status, 303);
        let admin = app.administrator();
        let told = "plugin rating is not at work; the values are kept, shown and edited as: Number, whole";
        for path in ["", "/fields", "/fields/field_stars"] {
            let page = app.get_as(&admin, &format!("{TYPES}/record{path}")).await;
            assert!(page.contains(told), "{path}: {}", page.text);
        }
        assert!(!app.get_as(&admin, &format!("{TYPES}/record/fields/add")).await.contains("Rating in stars"));

        app.enable("rating").await.unwrap();
        assert_eq!(app.services().item_types.get("record").unwrap().fields[0].field_type, declared("rating.stars"));
        assert!(app.get(&record.path()).await.contains("aria-label=\"2 of 5 stars\""));
        assert!(!app.get_as(&admin, &format!("{TYPES}/record")).await.contains("not at work"));
    }

    async fn revisions_are_compared_as_what_the_type_is_based_on(app: TestApp) {
        let record = record(&app).await;
        let first = record.revision;
        let mut changed = load(&app, record.id).await;
        changed.fields.insert("field_stars".to_owned(), vec![Value::Integer(1)]);
        let second = app.services().items.save(&app.system(), Box::new(changed), "").await.1.unwrap();
        let path = format!("/item/{}/revisions", record.id);
        let page = app.get_as(&app.administrator(), &format!("{path}/{first}")).await;
        assert!(page.contains("aria-label=\"4 of 5 stars\""), "{}", page.text);
        let path = format!("/item/{}/revisions/diff/{first}/{second}", record.id);
        let page = app.get_as(&app.administrator(), &path).await;
        assert!(page.status == 200 && page.contains("Stars"), "{}", page.text);
    }

    async fn what_can_not_be_checked_is_not_stored_and_the_plugin_is_named(app: TestApp) {
        let app = app.restart_with(|config| config.limits.save_ms = 400).await;
        let item = oddity(&app, "field-validate").await;
        let browser = app.browser_of(editor(&app, "oddity"));
        for (behaviour, cause) in [("panic", "panicked at "), ("loop", "it ran for more than 400ms"), ("nonsense", "")] {
            behave(&app, behaviour).await;
            let form = browser.form(&format!("/item/{}/edit", item.id)).await;
            let answer = form.fill("field_odd", "9").press("save").await;
            assert_eq!(answer.status, 422, "{behaviour}: {}", answer.text);
            assert!(answer.contains("hostile") && answer.contains("t check Odd"), "{behaviour}: {}", answer.text);
            assert!(answer.contains("value=\"9\""), "what was typed is kept");
            if !cause.is_empty() {
                app.logged(&format!("plugin 'hostile' failed in 'field-validate' and is left out: {cause}"));
            }
        }
        assert_eq!(load(&app, item.id).await.values("field_odd"), [Value::Integer(7)]);
        behave(&app, "well").await;
        let form = browser.form(&format!("/item/{}/edit", item.id)).await;
        assert_eq!(form.fill("field_odd", "9").press("save").await.status, 303);
    }

    async fn a_widget_that_fails_is_that_of_the_base(app: TestApp) {
        let app = app.restart_with(|config| config.limits.view_ms = 400).await;
        let item = oddity(&app, "field-widget").await;
        let browser = app.browser_of(editor(&app, "oddity"));
        let path = format!("/item/{}/edit", item.id);
        assert!(browser.get(&path).await.contains("an odd one"));
        let causes = [
            ("panic", "panicked at "),
            ("loop", "it ran for more than"),
            ("file", "an element of the kind 'group' can't ask for a value of the kind integer"),
            ("choices", "the element has 2000 choices; it may have 1000"),
        ];
        for (behaviour, cause) in causes {
            behave(&app, behaviour).await;
            let form = browser.form(&path).await;
            assert!(form.page.status == 200 && !form.page.contains("an odd one"), "{behaviour}");
            assert_eq!(form.value("field_odd"), Some("7"), "{behaviour}: {}", form.page.text);
            app.logged(&format!("plugin 'hostile' failed in 'field-widget' and is left out: {cause}"));
        }
    }

    async fn values_that_can_not_be_shown_by_the_plugin_are_shown_as_the_base(app: TestApp) {
        let app = app.restart_with(|config| config.limits.view_ms = 400).await;
        let item = oddity(&app, "field-format").await;
        assert!(app.get(&item.path()).await.contains("peace"));
        for (behaviour, cause) in [("panic", "panicked at "), ("loop", "it ran for more than"), ("nodes", "")] {
            behave(&app, behaviour).await;
            let page = app.get(&item.path()).await;
            assert!(page.status == 200 && page.contains(">7<") && !page.contains("flood"), "{behaviour}: {}", page.text);
            app.logged(&format!("plugin 'hostile' failed in 'field-format' and is left out: {cause}"));
        }
        behave(&app, "well").await;
        assert!(app.get(&item.path()).await.contains("peace"));
    }

    async fn taps_are_only_called_for_fields_of_their_types(app: TestApp) {
        app.with(Package::tapper("alpha").setting("field_types", "number")).await;
        app.with(Package::tapper("beta").setting("field_types", "number")).await;
        content_type(&app, "plain", vec![shown_field("field_a", "A", FieldType::Integer)]).await;
        let of_alpha = shown_field("field_a", "A", declared("alpha.number")).with_cardinality(0);
        content_type(&app, "counted", vec![of_alpha, field("field_b", declared("alpha.gone"))]).await;
        let plain = app.item("plain", "Plain").with("field_a", Value::Integer(1)).save().await;
        app.get(&plain.path()).await;
        for tap in ["field-validate", "field-widget", "field-format"] {
            assert_eq!(app.calls("alpha", tap), (0, 0), "{tap}");
        }
        let values = (0..50).map(Value::Integer);
        let counted = app.item("counted", "Counted").with_all("field_a", values).with("field_b", Value::Integer(1)).save().await;
        let before = app.calls("alpha", "field-format").0;
        assert!(app.get(&counted.path()).await.contains(">49<"));
        assert_eq!(app.calls("alpha", "field-format").0, before + 1, "one call for all values");
        app.browser_of(editor(&app, "counted")).form(&format!("/item/{}/edit", counted.id)).await;
        assert_eq!(app.calls("alpha", "field-widget").0, 1, "one call for all rows");
        for tap in ["field-validate", "field-widget", "field-format"] {
            assert_eq!(app.calls("beta", tap), (0, 0), "its type of the same name is another");
        }
    }

    async fn a_declaration_that_makes_no_sense_keeps_the_plugin_out(app: TestApp) {
        app.add(&Package::tapper("alpha").setting("field_types", "one,Two Words"));
        let refused = app.enable("alpha").await.unwrap_err().to_string();
        assert!(refused.contains("Plugin 'alpha': 'Two Words' is no name for a field type"), "{refused}");
        app.add(&Package::tapper("alpha").setting("field_types", "one,one"));
        let refused = app.enable("alpha").await.unwrap_err().to_string();
        assert!(refused.contains("Plugin 'alpha': it declares the field type 'one' twice"), "{refused}");
        app.add(&Package::tapper("alpha").setting("fails_in", "field-info"));
        let refused = app.enable("alpha").await.unwrap_err().to_string();
        assert!(refused.contains("field-info"), "{refused}");
        app.logged("plugin 'alpha' failed in 'field-info'");
    }
}
