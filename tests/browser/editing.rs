//! The editor's day: a content type, an item, two at once, what changed, and back again.

use trovato::request::Account;
use trovato::subsystems::item_type::{Display, Field, FieldType, ItemType, LabelPosition};
use trovato_tests::chromium::Visitor;
use trovato_tests::in_browser;

async fn events(editor: &Visitor) {
    let mut fields = vec![
        Field::new("field_body", FieldType::LongText),
        Field::new("field_days", FieldType::DateRange),
        Field::new("field_place", FieldType::Text(40)).with_cardinality(0),
    ];
    for (field, label) in fields.iter_mut().zip(["Body", "Days", "Place"]) {
        field.label = label.to_owned();
        field.display.push(Display {
            mode: "full".to_owned(),
            label: LabelPosition::Above,
            weight: 0,
            formatter: "default".to_owned(),
        });
    }
    let of = ItemType::new("event", "Event", fields);
    editor
        .app()
        .services()
        .item_types
        .declare("tests", vec![of])
        .await
        .unwrap();
    editor.is(editor.app().administrator()).await;
}

in_browser! {
    async fn an_editor_writes_previews_saves_and_goes_back(editor: Visitor) {
        events(&editor).await;
        editor.visit("/item/add").await;
        editor.finds_no_barrier_anywhere().await;
        editor.follow("Event").await;
        editor.finds_no_barrier_anywhere().await;
        editor.fill("Title", "Harbour day").await;
        editor.fill("Body", "The old quay").await;
        editor.press("Preview").await;
        editor.sees("Preview of “Harbour day”").await;
        editor.finds_no_barrier_anywhere().await;
        editor.press("Save").await;
        editor.sees("“Harbour day” is saved.").await;
        editor.finds_no_barrier_anywhere().await;
        editor.within("This content").follow("Edit").await;
        editor.fill("Body", "The new quay").await;
        editor.fill("What you changed", "It was rebuilt").await;
        editor.press("Save").await;
        editor.sees("The new quay").await;
        editor.within("This content").follow("Revisions").await;
        editor.sees("It was rebuilt").await;
        editor.finds_no_barrier_anywhere().await;
        editor.follow("Compare with current : 2023-11-14 22:13").await;
        editor.sees("old").await;
        editor.finds_no_barrier_anywhere().await;
        editor.within("This content").follow("Revisions").await;
        editor.follow("Revert to 2023-11-14 22:13").await;
        editor.finds_no_barrier_anywhere().await;
        editor.press("Revert").await;
        editor.sees("The old quay").await;
    }

    async fn two_editors_at_once_both_keep_their_words(editor: Visitor) {
        events(&editor).await;
        let item = editor.app().item("event", "Shared").save().await;
        let path = format!("/item/{}/edit", item.id);
        editor.visit(&path).await;
        editor.fill("Title", "Mine").await;
        let other = editor.another().await;
        let account = editor.app().administrator();
        other.is(Account { id: uuid::Uuid::from_u128(0x018c_0000_0000_7000_8000_0000_0000_0def), ..account }).await;
        other.visit(&path).await;
        other.sees("is at work on this since").await;
        other.finds_no_barrier_anywhere().await;
        other.press("Take over").await;
        other.fill("Title", "Theirs").await;
        other.press("Save").await;
        other.sees("“Theirs” is saved.").await;
        editor.press("Save").await;
        editor.sees("Somebody has saved this item while you were writing").await;
        assert_eq!(editor.status(), 409);
        editor.finds_no_barrier_anywhere().await;
        assert_eq!(editor.value("Title").await, "Mine");
        editor.press("Save").await;
        editor.sees("“Mine” is saved.").await;
    }

    async fn a_draft_is_kept_while_somebody_writes(editor: Visitor) {
        events(&editor).await;
        editor.visit("/item/add/event").await;
        editor.fill("Title", "Half a thought").await;
        editor.sees("Draft kept").await;
        editor.visit("/item/add/event").await;
        editor.sees("You have a draft of").await;
        editor.follow("Show my draft").await;
        assert_eq!(editor.value("Title").await, "Half a thought");
    }

    async fn a_content_type_is_made_by_whoever_administers(admin: Visitor) {
        admin.is(admin.app().administrator()).await;
        admin.visit("/admin/structure/types").await;
        admin.finds_no_barrier_anywhere().await;
        admin.visit("/admin/structure/types/add").await;
        admin.finds_no_barrier_anywhere().await;
        admin.fill("Name", "Concert").await;
        admin.press("Save").await;
        admin.at("/admin/structure/types/concert/fields").await;
        admin.finds_no_barrier_anywhere().await;
        for (label, kind) in [("Programme", "Text, long"), ("Day", "Date")] {
            admin.visit("/admin/structure/types/concert/fields/add").await;
            admin.finds_no_barrier_anywhere().await;
            admin.fill("Name", label).await;
            admin.choose("Type", kind).await;
            admin.press("Add the field").await;
            admin.sees(&format!("The field {label} is there")).await;
            admin.finds_no_barrier_anywhere().await;
        }
        for path in ["fields/order", "display/full", "modes/add", "delete", "fields/field_day/delete"] {
            admin.visit(&format!("/admin/structure/types/concert/{path}")).await;
            admin.finds_no_barrier_anywhere().await;
        }
        admin.visit("/item/add/concert").await;
        admin.sees("Programme").await;
        admin.finds_no_barrier_anywhere().await;
    }

    async fn text_formats_keep_nobody_out(admin: Visitor) {
        admin.is(admin.app().administrator()).await;
        for path in ["", "/add", "/filtered_html", "/filtered_html/delete"] {
            admin.visit(&format!("/admin/config/formats{path}")).await;
            admin.finds_no_barrier_anywhere().await;
        }
    }
}
