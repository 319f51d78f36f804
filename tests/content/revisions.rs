//! The revisions of an item: listed, compared, gone back to.

use trovato::subsystems::item::Item;
use trovato_tests::{TestApp, both};

use crate::forms::editor;
use crate::{load, markdown};

async fn written(app: &TestApp, texts: &[&str]) -> Item {
    app.enable("page").await.unwrap();
    let mut item = app
        .item("page", "Harbour")
        .with("field_body", markdown(texts[0]))
        .save()
        .await;
    for text in &texts[1..] {
        app.wait(std::time::Duration::from_secs(60));
        item.fields.insert("field_body".to_owned(), vec![markdown(text)]);
        let (saved, result) = app
            .services()
            .items
            .save(&app.system(), Box::new(item), &format!("Wrote {text}"))
            .await;
        result.unwrap();
        item = *saved;
    }
    item
}

both! {
    async fn every_save_is_listed_and_can_be_looked_at(app: TestApp) {
        let item = written(&app, &["one", "two", "three"]).await;
        let who = editor(&app, "page");
        let page = app.get_as(&who, &format!("/item/{}/revisions", item.id)).await;
        assert!(page.contains("Wrote two") && page.contains("Wrote three") && page.contains(">current<"), "{}", page.text);
        assert!(page.text.find("Wrote three") < page.text.find("Wrote two"), "newest first");
        let revisions = app.services().items.revisions(&app.system(), item.id, 0, 10).await.unwrap();
        let first = revisions.last().unwrap().id;
        let page = app.get_as(&who, &format!("/item/{}/revisions/{first}", item.id)).await;
        assert!(page.contains("<p>one</p>") && page.contains("revert to this one"), "{}", page.text);
        assert_eq!(load(&app, item.id).await.values("field_body"), [markdown("three")]);
    }

    async fn what_differs_is_told_word_by_word_and_not_by_colour_alone(app: TestApp) {
        let item = written(&app, &["the old quay at night", "the new quay at night"]).await;
        let revisions = app.services().items.revisions(&app.system(), item.id, 0, 10).await.unwrap();
        let who = editor(&app, "page");
        let short = format!("/item/{}/diff/{}/{}", item.id, revisions[1].id, revisions[0].id);
        let answer = app.get_as(&who, &short).await;
        assert_eq!(answer.status, 308);
        let page = app.get_as(&who, answer.header("location")).await;
        for words in ["<del><span class=\"visually-hidden\">[taken out: </span>old", "<ins><span class=\"visually-hidden\">[put in: </span>new", " quay at night"] {
            assert!(page.contains(words), "{words} in {}", page.text);
        }
        assert!(!page.contains("data-field=\"title\""), "what is the same is not told");
    }

    async fn going_back_makes_a_new_revision(app: TestApp) {
        let item = written(&app, &["one", "two"]).await;
        let revisions = app.services().items.revisions(&app.system(), item.id, 0, 10).await.unwrap();
        let first = revisions.last().unwrap().id;
        let browser = app.browser_of(editor(&app, "page"));
        let path = format!("/item/{}/revisions/{first}/revert", item.id);
        let form = browser.form(&path).await;
        assert_eq!(load(&app, item.id).await.values("field_body"), [markdown("two")], "asking changes nothing");
        app.wait(std::time::Duration::from_secs(60));
        let answer = form.press("revert").await;
        assert!(browser.follow(&answer).await.contains("It is as it was then."));
        assert_eq!(load(&app, item.id).await.values("field_body"), [markdown("one")]);
        let revisions = app.services().items.revisions(&app.system(), item.id, 0, 10).await.unwrap();
        assert_eq!(revisions.len(), 3);
        assert_eq!(revisions[0].log_message, format!("Reverted to revision {first}"));
    }

    async fn a_revision_of_another_item_is_not_found(app: TestApp) {
        let item = written(&app, &["one"]).await;
        let other = app.item("page", "Other").save().await;
        let who = editor(&app, "page");
        for path in ["", "/revert"] {
            let path = format!("/item/{}/revisions/{}{path}", item.id, other.revision);
            assert_eq!(app.get_as(&who, &path).await.status, 404, "{path}");
        }
    }

    async fn a_long_history_comes_in_pages(app: TestApp) {
        let texts: Vec<String> = (0..60).map(|number| format!("text {number}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let item = written(&app, &texts).await;
        let who = editor(&app, "page");
        let path = format!("/item/{}/revisions", item.id);
        let first = app.get_as(&who, &path).await;
        assert!(first.contains("Wrote text 59") && !first.contains("Wrote text 9<") && first.contains("?page=1"), "{}", first.text);
        let second = app.get_as(&who, &format!("{path}?page=1")).await;
        assert!(second.contains("Wrote text 9<") && !second.contains("?page=2"), "{}", second.text);
        assert_eq!(app.get_as(&who, &format!("{path}?page=2")).await.status, 404);
    }
}
