//! A body of blocks: added, moved, removed and put back in the page, by buttons and keys; and by the form alone.

use serde_json::{Value as Json, json};
use trovato::subsystems::item::Value;
use trovato::subsystems::item_type::{FieldType, ItemType};
use trovato_tests::chromium::Visitor;
use trovato_tests::{in_browser, shown_field};

async fn pages(editor: &Visitor) {
    let field = shown_field("field_body", "Body", FieldType::Blocks);
    let of = ItemType::new("leaf", "Leaf", vec![field]);
    editor.app().content_type(of).await;
    editor.is(editor.app().administrator()).await;
}

/// The blocks of the only leaf.
async fn stored(editor: &Visitor) -> Json {
    let id = editor.path();
    let script = format!("fetch('/api/items' + {id:?}.replace('/item', '')).then((answer) => answer.json())");
    let found = editor.run(&script).await.unwrap();
    found
        .pointer("/fields/field_body/blocks")
        .cloned()
        .unwrap_or_else(|| panic!("there are no blocks in {found}"))
}

in_browser! {
    async fn a_body_is_made_of_blocks(editor: Visitor) {
        pages(&editor).await;
        editor.visit("/item/add/leaf").await;
        editor.finds_no_barrier_anywhere().await;
        editor.fill("Title", "Tides").await;
        editor.within("Add a block").press("Heading").await;
        editor.is_focused_on("Text").await;
        editor.types("High water").await;
        editor.within("Heading, block 1 of 1").choose("Level", "3").await;
        editor.within("Add a block").press("Text").await;
        // Until there is a block, what has the focus is the button, which is called the same.
        editor.sees("Text, block 2 of 2, added.").await;
        editor.is_focused_on("Text").await;
        editor.types("Twice a ").await;
        editor.types("Control+i").await;
        editor.types("day").await;
        editor.within("Add a block").press("List").await;
        editor.within("List, block 3 of 3").fill("Entries", "one\ntwo").await;
        // What is under the bar of the page can't be judged.
        editor.run("scrollTo(0, 0)").await.unwrap();
        editor.finds_no_barrier_anywhere().await;
        editor.press("Save").await;
        editor.sees("“Tides” is saved.").await;
        editor.sees_heading("High water").await;
        editor.sees("Twice a day").await;
    }

    async fn blocks_are_moved_removed_and_put_back(editor: Visitor) {
        pages(&editor).await;
        let blocks = json!({ "blocks": [
            { "type": "heading", "text": "Tides", "level": 2 },
            { "type": "text", "value": "<p>Twice <b>a</b> day</p>", "format": "filtered_html" },
            { "type": "quote", "text": "Time and tide" },
        ] });
        let body = Value::Other { kind: "blocks".to_owned(), json: blocks };
        let item = editor.app().item("leaf", "Leaf").with("field_body", body).save().await;
        editor.visit(&format!("/item/{}/edit", item.id)).await;
        editor.within("Quotation, block 3 of 3").press("Move up").await;
        editor.within("Text, block 3 of 3").press("Remove").await;
        editor.is_focused_on("Put back: Text").await;
        editor.sees("Text removed.").await;
        editor.finds_no_barrier_anywhere().await;
        editor.press("Put back: Text").await;
        editor.is_focused_on("Text").await;
        editor.types("Control+Home").await;
        editor.types("About ").await;
        editor.types("Alt+Shift+ArrowUp").await;
        editor.within("Text, block 2 of 3").sees("About Twice a day").await;
        editor.within("Heading, block 1 of 3").press("Add a block below").await;
        editor.within("Add below").press("Divider").await;
        editor.press("Save").await;
        editor.sees("“Leaf” is saved.").await;
        let kept = stored(&editor).await;
        let kinds: Vec<&str> = kept.as_array().unwrap().iter().filter_map(|block| block.get("type")?.as_str()).collect();
        assert_eq!(kinds, ["heading", "divider", "text", "quote"]);
        assert_eq!(kept.pointer("/2/value"), Some(&json!("<p>About Twice <b>a</b> day</p>")));
    }

    async fn a_block_of_another_kind_has_what_was_typed_into_its_source(editor: Visitor) {
        pages(&editor).await;
        let blocks = json!({ "blocks": [{ "type": "text", "value": "<p>As it was</p>", "format": "filtered_html" }] });
        let body = Value::Other { kind: "blocks".to_owned(), json: blocks };
        let item = editor.app().item("leaf", "Leaf").with("field_body", body).save().await;
        editor.visit(&format!("/item/{}/edit", item.id)).await;
        editor.press("Edit source").await;
        editor.within("Text, block 1 of 1").fill("Text", "<p>Typed <em>into</em> it</p>").await;
        editor.choose("Kind of block", "Quotation").await;
        editor.press("Save").await;
        editor.sees("“Leaf” is saved.").await;
        assert_eq!(stored(&editor).await, json!([{ "type": "quote", "text": "Typed into it" }]));
    }

    async fn what_is_wrong_with_a_block_is_told_in_it(editor: Visitor) {
        pages(&editor).await;
        editor.visit("/item/add/leaf").await;
        editor.fill("Title", "Tides").await;
        editor.within("Add a block").press("Link").await;
        editor.within("Link, block 1 of 1").fill("Address", "javascript:alert(1)").await;
        editor.within("Link, block 1 of 1").fill("Text", "Tides").await;
        editor.press("Save").await;
        editor.sees("no web address").await;
        assert_eq!(editor.status(), 422);
        assert!(editor.within("Link, block 1 of 1").is_marked_wrong("Address").await);
        editor.run("scrollTo(0, 0)").await.unwrap();
        editor.finds_no_barrier_anywhere().await;
    }

    async fn without_scripts_the_rows_of_the_form_do(editor: Visitor) {
        pages(&editor).await;
        editor.without_script().await;
        editor.visit("/item/add/leaf").await;
        editor.fill("Title", "Tides").await;
        editor.within("Body, 1 of 1").choose("Kind of block", "Heading").await;
        editor.within("Body, 1 of 1").fill("Text", "High water").await;
        editor.press("Add a block").await;
        editor.within("Body, 2 of 2").choose("Kind of block", "Divider").await;
        editor.press("Save").await;
        editor.sees_heading("High water").await;
    }
}
