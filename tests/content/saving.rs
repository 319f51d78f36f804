//! What a save costs, what is done by the clock, and text formats of the site.

use std::time::Duration;

use trovato::subsystems::item::{Error, Query, Value};
use trovato::subsystems::item_type::FieldType;
use trovato_tests::{Database, TestApp, both};

use crate::{content_type, field, load, markdown};

const FORMATS: &str = "/admin/config/formats";

both! {
    async fn an_item_is_published_and_unpublished_by_the_clock(app: TestApp) {
        app.enable("page").await.unwrap();
        let mut item = app.item("page", "Later").unpublished().save().await;
        item.publish_on = Some(app.now().plus(Duration::from_secs(60)));
        item.unpublish_on = Some(app.now().plus(Duration::from_secs(120)));
        app.services().items.save(&app.system(), Box::new(item.clone()), "").await.1.unwrap();
        app.tidy().await;
        assert!(!load(&app, item.id).await.published, "it is not time yet");
        app.wait(Duration::from_secs(61));
        app.tidy().await;
        assert!(load(&app, item.id).await.published);
        assert_eq!(app.get(&item.path()).await.status, 200);
        app.wait(Duration::from_secs(60));
        app.tidy().await;
        let found = load(&app, item.id).await;
        assert!(!found.published && found.publish_on.is_none() && found.unpublish_on.is_none());
        let logs: Vec<String> = app.services().items.revisions(&app.system(), item.id, 0, 2).await.unwrap()
            .into_iter().map(|revision| revision.log_message).collect();
        assert_eq!(logs, ["Unpublished by schedule", "Published by schedule"]);
    }

    async fn two_nodes_publish_an_item_once(app: TestApp) {
        app.enable("page").await.unwrap();
        let mut item = app.item("page", "Once").unpublished().save().await;
        item.publish_on = Some(app.now().plus(Duration::from_secs(60)));
        app.services().items.save(&app.system(), Box::new(item.clone()), "").await.1.unwrap();
        let other = app.another_node().await;
        app.wait(Duration::from_secs(61));
        tokio::join!(app.tidy(), other.tidy());
        assert!(load(&app, item.id).await.published);
        assert_eq!(app.services().items.revisions(&app.system(), item.id, 0, 10).await.unwrap().len(), 3);
    }

    async fn an_item_that_can_not_be_published_is_told_of_and_not_tried_for_ever(app: TestApp) {
        content_type(&app, "strict", vec![field("field_a", FieldType::Text(5))]).await;
        let mut item = app.item("strict", "Stuck").unpublished().save().await;
        item.publish_on = Some(app.now().plus(Duration::from_secs(60)));
        app.services().items.save(&app.system(), Box::new(item.clone()), "").await.1.unwrap();
        let mut required = field("field_a", FieldType::Text(5));
        required.required = true;
        content_type(&app, "strict", vec![required]).await;
        app.wait(Duration::from_secs(61));
        app.tidy().await;
        app.logged("can't be published or unpublished by schedule");
        let found = load(&app, item.id).await;
        assert!(!found.published && found.publish_on.is_none());
    }

    async fn a_stale_save_is_a_conflict_and_changes_nothing(app: TestApp) {
        app.enable("page").await.unwrap();
        let item = app.item("page", "One").save().await;
        let mut newer = item.clone();
        newer.title = "Two".to_owned();
        app.services().items.save(&app.system(), Box::new(newer), "").await.1.unwrap();
        let mut stale = item;
        stale.title = "Three".to_owned();
        let (stale, saved) = app.services().items.save(&app.system(), Box::new(stale), "").await;
        assert!(matches!(saved, Err(Error::Conflict)));
        assert_eq!(load(&app, stale.id).await.title, "Two");
    }

    async fn a_text_format_is_added_granted_and_used(app: TestApp) {
        content_type(&app, "note", vec![field("field_body", FieldType::LongText)]).await;
        let browser = app.browser_of(app.administrator());
        let form = browser.form(&format!("{FORMATS}/add")).await
            .fill("label", "Strong only").fill("name", "strong")
            .fill("filters.0.filter", "allowed_html").fill("elements", "strong").fill("schemes", "https")
            .choose("roles", "00000000-0000-0000-0000-000000000002");
        let answer = form.press("save").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let formats = &app.services().formats;
        assert_eq!(&**formats.render("strong", "<strong>a</strong><em onclick=x>b</em><script>c</script>"), "<strong>a</strong>b");
        let granted = app.services().access.of_role(trovato::subsystems::access::AUTHENTICATED);
        assert!(granted.contains("use strong text format"));
        let body = Value::Formatted { value: "x".to_owned(), format: "strong".to_owned() };
        app.item("note", "Uses it").with("field_body", body).save().await;
        let other = app.another_node().await;
        assert!(other.services().formats.has("strong"));
        let answer = browser.form(&format!("{FORMATS}/strong/delete")).await.press("remove").await;
        assert_eq!(answer.status, 303);
        other.services().formats.follow().await.unwrap();
        assert!(!formats.has("strong") && !other.services().formats.has("strong"));
    }

    async fn an_unsafe_text_format_is_refused(app: TestApp) {
        let browser = app.browser_of(app.administrator());
        let form = browser.form(&format!("{FORMATS}/filtered_html")).await;
        let answer = form.fill("filters.rows", "1").fill("filters.0.filter", "links").press("save").await;
        assert!(answer.status == 422 && answer.contains("is unsafe"), "{}", answer.text);
        let form = browser.form(&format!("{FORMATS}/filtered_html")).await.fill("elements", "script\np onclick\nem");
        assert_eq!(form.press("save").await.status, 303);
        let shown = app.services().formats.render("filtered_html", "<script>a</script><em onclick=x>b</em>");
        assert!(shown.contains("<em>b</em>") && !shown.contains("script") && !shown.contains("onclick"), "{shown:?}");
        let answer = browser.form(&format!("{FORMATS}/filtered_html/delete")).await.press("remove").await;
        assert_eq!(answer.status, 303);
        assert!(app.services().formats.render("filtered_html", "<b>a</b>").contains("<b>a</b>"));
        let page = app.get_as(&app.somebody(&[trovato::subsystems::admin::ENTER]), FORMATS).await;
        assert_eq!(page.status, 403);
    }

    async fn loads_and_lists_take_one_query_and_a_save_one_short_transaction(app: TestApp) {
        let fields = (0..30).map(|number| field(&format!("field_{number:02}"), FieldType::LongText)).collect();
        content_type(&app, "wide", fields).await;
        let mut draft = app.item("wide", "Wide");
        for number in 0..30 {
            draft = draft.with(&format!("field_{number:02}"), markdown("words"));
        }
        let item = draft.save().await;
        drop(app.statements());
        let mut found = load(&app, item.id).await;
        assert_eq!(app.statements(), ["item.load"]);
        assert_eq!(app.services().items.history(&item, 0, 50).await.unwrap().len(), 1);
        assert_eq!(app.statements(), ["item.history"]);
        // The most that a save does: it publishes and moves to another path.
        found.published = false;
        found.alias = Some("some/where".to_owned());
        app.services().items.save(&app.system(), Box::new(found), "").await.1.unwrap();
        let run = app.statements();
        let begin = run.iter().position(|name| *name == "item.update").unwrap();
        let commit = run.iter().position(|name| *name == "tx.commit").unwrap();
        // The beginning of the transaction is a statement that has no name.
        assert!(commit - begin + 2 <= 8, "{run:?}");
        assert_eq!(run.iter().filter(|name| **name == "tx.commit").count(), 1, "{run:?}");
    }

    async fn a_page_of_a_listing_takes_one_query_until_something_is_saved(app: TestApp) {
        app.enable("page").await.unwrap();
        for number in 0..12 {
            app.item("page", &format!("Page {number:02}")).promoted().save().await;
        }
        assert!(app.get("/").await.contains("Page 11"));
        drop(app.statements());
        let page = app.get("/").await;
        assert!(page.contains("Page 02") && !page.contains("Page 01") && page.contains("?page=1"), "{}", page.text);
        let run = app.statements();
        assert_eq!(run.iter().filter(|name| name.starts_with("item.")).collect::<Vec<_>>(), [&"item.query"], "{run:?}");
        let query = Query { item_type: Some("page".to_owned()), limit: 10, ..Query::default() };
        let items = &app.services().items;
        for counted in [&["item.query", "item.count"][..], &["item.query"]] {
            let session = app.session(app.visitor());
            let page = items.query(&session, &query).await.unwrap();
            assert_eq!((page.items.len(), page.total), (10, 12));
            assert_eq!(items.find_many(&session, &page.items).await.unwrap().len(), 10);
            assert_eq!(app.statements(), counted);
        }
        app.item("page", "Page 12").promoted().save().await;
        let session = app.session(app.visitor());
        assert_eq!(items.query(&session, &query).await.unwrap().total, 13);
        assert!(app.get("/?page=1").await.contains("Page 02"));
        app.get("/api/items?filter[type]=page").await;
        drop(app.statements());
        assert_eq!(app.get("/api/items?filter[type]=page").await.status, 200);
        let run = app.statements();
        assert_eq!(run.iter().filter(|name| name.starts_with("item.")).collect::<Vec<_>>(), [&"item.list"], "{run:?}");
    }

    async fn what_a_request_has_found_is_not_shown_as_it_was_before_it_saved(app: TestApp) {
        app.enable("page").await.unwrap();
        let item = app.item("page", "Before").save().await;
        let items = &app.services().items;
        let session = app.system();
        let all = Query { limit: 10, ..Query::default() };
        let found = items.query(&session, &all).await.unwrap();
        let changed = trovato::subsystems::item::Item { title: "After".to_owned(), ..item };
        items.save(&session, Box::new(changed), "").await.1.unwrap();
        assert_eq!(items.find_many(&session, &found.items).await.unwrap()[0].title, "After");
        let found = items.query(&session, &all).await.unwrap().items;
        let twice = items.find_many(&session, &[found[0], found[0]]).await.unwrap();
        assert_eq!(twice.len(), 1, "an item that is named twice is found once, remembered or not");
    }

    async fn a_history_of_a_thousand_revisions_is_listed_by_one_query_a_page(app: TestApp) {
        app.enable("page").await.unwrap();
        let mut item = app.item("page", "Long").save().await;
        for _ in 0..1000 {
            let (saved, result) = app.services().items.save(&app.system(), Box::new(item), "").await;
            result.unwrap();
            item = *saved;
        }
        drop(app.statements());
        assert_eq!(app.services().items.history(&item, 950, 50).await.unwrap().len(), 50);
        assert_eq!(app.statements(), ["item.history"]);
    }
}

/// How SQLite goes about a question.
async fn plan(app: &TestApp, question: &'static str) -> Vec<String> {
    let steps: Vec<(i64, i64, i64, String)> = app.services().db.fetch_all(question).await.unwrap();
    steps.into_iter().map(|(.., step)| step).collect()
}

#[test]
fn sqlite_finds_items_by_their_identifiers_however_many_there_are() {
    trovato_tests::run(Database::Sqlite, async |app| {
        let some =
            "EXPLAIN QUERY PLAN SELECT id, title FROM published_item WHERE id IN (x'01', x'02', x'03')";
        let steps = plan(&app, some).await;
        assert!(steps.iter().all(|step| step.contains("(id=?)")), "{steps:?}");
        let newest = "EXPLAIN QUERY PLAN SELECT id FROM published_item ORDER BY created DESC LIMIT 10";
        let steps = plan(&app, newest).await;
        assert!(
            !steps.iter().any(|step| step.contains("TEMP B-TREE")),
            "{steps:?}"
        );
    });
}
