//! Content types and their fields in the administration.

use trovato::subsystems::admin::ENTER;
use trovato::subsystems::item::Value;
use trovato::subsystems::item_type::{FieldType, Settings};
use trovato_tests::{Browser, TestApp, both};

use crate::{content_type, field, load, markdown};

const TYPES: &str = "/admin/structure/types";

/// Adds a field and saves its settings as they are.
async fn add_field(browser: &Browser<'_>, of: &str, label: &str, kind: &str) {
    let form = browser.form(&format!("{TYPES}/{of}/fields/add")).await;
    let answer = form
        .fill("label", label)
        .fill("type", kind)
        .fill("choices", "red, blue")
        .press("save")
        .await;
    assert_eq!(answer.status, 303, "{kind}: {}", answer.text);
    let path = answer.header("location").to_owned();
    let answer = browser.form(&path).await.press("save").await;
    assert_eq!(answer.status, 303, "{kind}: {}", answer.text);
}

both! {
    async fn a_type_with_every_kind_of_field_is_made_and_written_in(app: TestApp) {
        let browser = app.browser_of(app.administrator());
        let answer = browser.form(&format!("{TYPES}/add")).await.fill("label", "Boat trip").press("save").await;
        assert_eq!(answer.header("location"), format!("{TYPES}/boat_trip/fields"), "{}", answer.text);
        for (index, (kind, _)) in FieldType::built_in().into_iter().enumerate() {
            add_field(&browser, "boat_trip", &format!("Part {index} x"), &kind.key()).await;
        }
        let of = app.services().item_types.get("boat_trip").unwrap();
        assert_eq!(of.fields.len(), FieldType::built_in().len());
        assert!(browser.get(&format!("{TYPES}/boat_trip/fields")).await.contains("field_part_0_x"));
        let answer = browser.form("/item/add/boat_trip").await.fill("title", "Round the bay").press("save").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let app = { drop(browser); app.restart().await };
        assert_eq!(app.services().item_types.get("boat_trip").unwrap().fields, of.fields);
    }

    async fn settings_of_a_field_are_kept_and_hold(app: TestApp) {
        content_type(&app, "event", vec![field("field_size", FieldType::Text(50)), field("field_seats", FieldType::Integer)]).await;
        let browser = app.browser_of(app.administrator());
        let path = format!("{TYPES}/event/fields/field_size");
        let form = browser.form(&path).await.fill("required", "1").fill("length", "5").fill("allowed", "S|Small\nM|Medium").fill("help", "How large");
        assert_eq!(form.press("save").await.status, 303);
        let form = browser.form(&format!("{TYPES}/event/fields/field_seats")).await.fill("min", "1").fill("max", "9").fill("field_seats", "4");
        let answer = form.press("save").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let form = browser.form("/item/add/event").await;
        assert!(form.page.contains("How large") && form.page.contains(">Medium</option>"), "{}", form.page.text);
        assert_eq!(form.value("field_seats"), Some("4"), "new items begin with the default");
        let answer = form.fill("title", "Ball").fill("field_size", "XL").fill("field_seats", "12").press("save").await;
        assert_eq!(answer.status, 422);
        assert!(answer.contains("field_size-error") && answer.contains("field_seats-error"), "{}", answer.text);
    }

    async fn what_makes_no_sense_is_refused_beside_its_field(app: TestApp) {
        content_type(&app, "event", vec![field("field_seats", FieldType::Integer)]).await;
        let browser = app.browser_of(app.administrator());
        let answer = browser.form(&format!("{TYPES}/event/fields/field_seats")).await.fill("min", "many").fill("max", "1").press("save").await;
        assert!(answer.status == 422 && answer.contains("id=\"form-content_type_field-min-error\"") || answer.contains("min-error"), "{}", answer.text);
        let answer = browser.form(&format!("{TYPES}/add")).await.fill("label", "Event").press("save").await;
        assert!(answer.status == 422 && answer.contains("a content type &#39;event&#39; already") || answer.contains("'event' already"), "{}", answer.text);
        let form = browser.form(&format!("{TYPES}/event/fields/add")).await;
        let answer = form.fill("label", "Seats").fill("type", "integer").press("save").await;
        assert!(answer.status == 422 && answer.contains("name-error"), "{}", answer.text);
    }

    async fn only_who_may_administers_types(app: TestApp) {
        content_type(&app, "event", Vec::new()).await;
        let who = app.somebody(&[ENTER]);
        for path in ["", "/add", "/event", "/event/fields", "/event/display/full", "/event/delete"] {
            assert_eq!(app.get_as(&who, &format!("{TYPES}{path}")).await.status, 403, "{path}");
        }
        let admin = app.administrator();
        for path in ["/nothing", "/event/fields/field_no", "/event/display/no", "/event/trash"] {
            assert_eq!(app.get_as(&admin, &format!("{TYPES}{path}")).await.status, 404, "{path}");
        }
    }

    async fn fields_are_put_in_order_without_a_script(app: TestApp) {
        content_type(&app, "event", vec![field("field_a", FieldType::Integer), field("field_b", FieldType::Integer)]).await;
        let browser = app.browser_of(app.administrator());
        let form = browser.form(&format!("{TYPES}/event/fields/order")).await.press_and_go_on("down:fields.0").await;
        assert_eq!(form.press("save").await.status, 303);
        let of = app.services().item_types.get("event").unwrap();
        let names: Vec<&str> = of.ordered().iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["field_b", "field_a"]);
        let page = browser.get("/item/add/event").await;
        assert!(page.text.find("name=\"field_b\"") < page.text.find("name=\"field_a\""));
    }

    async fn view_modes_say_what_is_shown_and_how(app: TestApp) {
        content_type(&app, "event", vec![field("field_a", FieldType::LongText), field("field_b", FieldType::Integer)]).await;
        let item = app.item("event", "Ball").with("field_a", markdown("*music*")).with("field_b", Value::Integer(7)).save().await;
        let browser = app.browser_of(app.administrator());
        assert!(!app.get(&item.path()).await.contains("<em>music</em>"), "nothing is shown yet");
        let form = browser.form(&format!("{TYPES}/event/display/full")).await
            .fill("fields.0.label", "hidden").fill("fields.1.label", "above");
        let answer = form.press("save").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let page = app.get(&item.path()).await;
        assert!(page.contains("<em>music</em>") && page.contains("field--label-above"), "{}", page.text);
        let answer = browser.form(&format!("{TYPES}/event/modes/add")).await.fill("label", "Card").press("save").await;
        assert!(browser.follow(&answer).await.contains("event: Card"));
    }

    async fn a_field_is_removed_with_numbers_put_back_and_purged(app: TestApp) {
        content_type(&app, "event", vec![field("field_a", FieldType::Integer), field("field_b", FieldType::Integer)]).await;
        let item = app.item("event", "Ball").with("field_a", Value::Integer(1)).with("field_b", Value::Integer(2)).save().await;
        let browser = app.browser_of(app.administrator());
        let path = format!("{TYPES}/event/fields/field_a/delete");
        let form = browser.form(&path).await;
        assert!(form.page.contains("1 item") || form.page.contains("one item with one revision"), "{}", form.page.text);
        assert_eq!(form.press("remove").await.status, 303);
        // The item can be saved without the field, and its value is kept.
        let mut found = load(&app, item.id).await;
        assert!(found.values("field_a").is_empty());
        found.title = "Ball again".to_owned();
        app.services().items.save(&app.system(), Box::new(found), "").await.1.unwrap();
        assert_eq!(browser.form(&path).await.press("restore").await.status, 303);
        assert_eq!(load(&app, item.id).await.values("field_a"), [Value::Integer(1)]);
        browser.form(&path).await.press("remove").await;
        browser.form(&path).await.press("purge").await;
        for _ in 0..4 {
            app.tidy().await;
        }
        let of = app.services().item_types.get("event").unwrap();
        assert!(of.removed.is_empty() && of.purging.is_empty());
        assert_eq!(app.services().item_types.usage_of_field("event", "field_a").await.unwrap().revisions, 0);
        assert_eq!(app.services().item_types.usage_of_field("event", "field_b").await.unwrap().revisions, 2);
    }

    async fn a_deleted_type_hides_its_items_until_it_is_restored_or_purged(app: TestApp) {
        content_type(&app, "event", vec![field("field_a", FieldType::Integer)]).await;
        let item = app.item("event", "Ball").save().await;
        let browser = app.browser_of(app.administrator());
        let form = browser.form(&format!("{TYPES}/event/delete")).await;
        assert!(form.page.contains("one item with one revision"), "{}", form.page.text);
        form.press("delete").await;
        assert_eq!(app.get(&item.path()).await.status, 404);
        assert_eq!(app.get_as(&app.administrator(), "/item/add/event").await.status, 404);
        assert_eq!(browser.form(&format!("{TYPES}/event/trash")).await.press("restore").await.status, 303);
        assert_eq!(app.get(&item.path()).await.status, 200);
        browser.form(&format!("{TYPES}/event/delete")).await.press("delete").await;
        browser.form(&format!("{TYPES}/event/trash")).await.press("purge").await;
        for _ in 0..3 {
            app.tidy().await;
        }
        assert!(app.services().item_types.trash().is_empty());
        assert!(app.services().items.load(&app.system(), item.id).await.unwrap().is_none());
    }

    async fn another_node_takes_up_a_changed_type(app: TestApp) {
        content_type(&app, "event", vec![field("field_a", FieldType::Integer)]).await;
        let other = app.another_node().await;
        let browser = app.browser_of(app.administrator());
        browser.form(&format!("{TYPES}/event")).await.fill("label", "Gathering").press("save").await;
        other.services().item_types.follow().await.unwrap();
        assert_eq!(other.services().item_types.get("event").unwrap().label, "Gathering");
        let settings = Settings { min: Some("1".to_owned()), ..Settings::default() };
        content_type(&app, "event", vec![field("field_a", FieldType::Integer).with_settings(settings)]).await;
        let of = app.services().item_types.get("event").unwrap();
        assert_eq!((of.label.as_str(), of.fields[0].settings.min.as_deref()), ("Gathering", Some("1")));
    }
}
