//! Lists of items: filters, order, pages, members.

use std::time::Duration;

use trovato::subsystems::item::Value;
use trovato::time::Timestamp;
use trovato_tests::{TestApp, both};
use uuid::Uuid;

use super::{note, ok, problem, titles, types};

async fn page(app: &TestApp, query: &str) -> serde_json::Value {
    ok(&app.get(&format!("/api/items?{query}")).await, 200)
}

async fn found(app: &TestApp, query: &str) -> String {
    titles(&page(app, query).await).join(" ")
}

/// All titles, page by page.
async fn walked(app: &TestApp, first: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let page = ok(&app.get(&path).await, 200);
        all.extend(titles(&page));
        next = page["next"].as_str().map(str::to_owned);
    }
    all
}

async fn some(app: &TestApp) {
    types(app).await;
    for (title, count, price, done) in [
        ("a", 1, "10.50", true),
        ("b", 2, "9.99", false),
        ("c", 30, "100", true),
    ] {
        app.item("note", title)
            .with("field_count", Value::Integer(count))
            .with("field_price", Value::Decimal(price.to_owned()))
            .with("field_done", Value::Boolean(done))
            .with(
                "field_due",
                Value::Moment(Timestamp(1_700_000_000_000 + count * 86_400_000)),
            )
            .with_all("field_tags", ["x", title])
            .save()
            .await;
        app.wait(Duration::from_secs(60));
    }
    app.item("form", "d").with("field_code", "z").save().await;
}

both! {
    async fn an_item_is_shown_with_all_that_it_has(app: TestApp) {
        types(&app).await;
        let ada = app.person("editor").await;
        let item = app.item("note", "Größe").by(ada.id).with("field_count", Value::Integer(7)).save().await;
        let shown = &page(&app, "").await["items"][0];
        assert_eq!(shown["id"], item.id.to_string());
        assert_eq!(shown["author"]["name"], "editor");
        assert_eq!(shown["created"], "2023-11-14T22:13:20Z");
        assert_eq!(shown["revision"], item.revision.to_string());
        assert_eq!(shown["path"], item.path());
        assert_eq!(shown["fields"], serde_json::json!({ "field_count": 7 }));
        assert_eq!((&shown["published"], &shown["sticky"]), (&true.into(), &false.into()));
    }

    async fn filters_hold_all_at_once(app: TestApp) {
        some(&app).await;
        let cases = [
            ("filter[type]=note", "c b a"),
            ("filter[type][in]=note,form", "d c b a"),
            ("filter[type]=note&filter[title]=b", "b"),
            ("filter[title][in]=a,c", "c a"),
            ("filter[title][contains]=A", "a"),
            ("filter[created][lt]=2023-11-14T22:14:00Z", "a"),
            ("filter[created][gte]=2023-11-15", ""),
            ("filter[field_count][gt]=1", "c b"),
            ("filter[field_count]=30", "c"),
            ("filter[field_price][lte]=10.5", "b a"),
            ("filter[field_price][ne]=9.99", "c a"),
            ("filter[field_done]=true", "c a"),
            ("filter[field_done]=false&filter[type]=note", "b"),
            ("filter[field_due][gt]=2023-11-16", "c b"),
            ("filter[field_tags]=b", "b"),
            ("filter[field_tags][in]=a,b", "b a"),
            ("filter[field_tags]=x&filter[field_count][lt]=2", "a"),
            ("filter[field_code]=z", "d"),
            ("filter[published]=false", ""),
            ("filter[sticky]=false&filter[field_tags]=c", "c"),
        ];
        for (query, expected) in cases {
            assert_eq!(found(&app, query).await, expected, "{query}");
        }
    }

    async fn references_and_authors_are_filters(app: TestApp) {
        types(&app).await;
        let (one, two) = (note(&app, "one").await, note(&app, "two").await);
        app.item("note", "single").with("field_next", super::to(&one)).save().await;
        app.item("note", "many").with_all("field_more", [super::to(&two), super::to(&one)]).save().await;
        let editor = app.person("editor").await.id;
        app.item("note", "hers").by(editor).save().await;
        assert_eq!(found(&app, &format!("filter[field_next]={}", one.id)).await, "single");
        assert_eq!(found(&app, &format!("filter[field_more]={}", one.id)).await, "many");
        assert_eq!(found(&app, &format!("filter[field_more][in]={},{}", two.id, Uuid::nil())).await, "many");
        assert_eq!(found(&app, &format!("filter[field_next]={}", two.id)).await, "");
        assert_eq!(found(&app, &format!("filter[author]={editor}")).await, "hers");
        assert_eq!(found(&app, &format!("filter[id][in]={},{}", one.id, two.id)).await, "two one");
    }

    async fn the_order_has_steps_and_is_the_same_on_both_databases(app: TestApp) {
        types(&app).await;
        for title in ["b", "Z", "ä", "a", "_"] {
            note(&app, title).await;
        }
        assert_eq!(found(&app, "sort=title").await, "Z _ a b ä");
        assert_eq!(found(&app, "sort=-title").await, "ä b a _ Z");
        assert_eq!(found(&app, "sort=type,-created,title").await, "Z _ a b ä");
        assert_eq!(found(&app, "sort=created").await, "b Z ä a _");
    }

    async fn pages_go_on_where_the_last_ended_whatever_comes_in_between(app: TestApp) {
        types(&app).await;
        for number in 0..7 {
            note(&app, &format!("n{number}")).await;
        }
        let first = page(&app, "limit=3&sort=-created").await;
        assert_eq!(titles(&first), ["n6", "n5", "n4"]);
        app.wait(Duration::from_secs(1));
        note(&app, "newer").await;
        let answer = app.get(first["next"].as_str().unwrap()).await;
        assert!(answer.header("link").ends_with(">; rel=\"next\""), "{}", answer.header("link"));
        let second = ok(&answer, 200);
        assert_eq!(titles(&second), ["n3", "n2", "n1"]);
        let last = ok(&app.get(second["next"].as_str().unwrap()).await, 200);
        assert_eq!((titles(&last), &last["next"]), (vec!["n0".to_owned()], &serde_json::Value::Null));
    }

    async fn every_order_visits_everything_once(app: TestApp) {
        some(&app).await;
        for sort in ["title", "-title", "type,-title", "-sticky,created", "promoted,published,-changed", "-type"] {
            let mut all = walked(&app, &format!("/api/items?limit=1&sort={sort}")).await;
            all.sort();
            assert_eq!(all, ["a", "b", "c", "d"], "{sort}");
        }
    }

    async fn a_cursor_is_good_for_its_listing_only(app: TestApp) {
        some(&app).await;
        let next = page(&app, "limit=1&filter[type]=note").await["next"].as_str().unwrap().to_owned();
        let cursor = next.split("cursor=").nth(1).unwrap();
        assert_eq!(found(&app, &format!("limit=2&filter[type]=note&cursor={cursor}")).await, "b a");
        for other in [
            format!("limit=1&filter[type]=form&cursor={cursor}"),
            format!("limit=1&cursor={cursor}"),
            format!("limit=1&filter[type]=note&sort=title&cursor={cursor}"),
            format!("limit=1&filter[type]=note&cursor={cursor}x"),
            "cursor=".to_owned(),
            "cursor=s1.AAAA".to_owned(),
        ] {
            problem(&app.get(&format!("/api/items?{other}")).await, 400);
        }
    }

    async fn only_what_may_be_seen_is_listed(app: TestApp) {
        types(&app).await;
        let somebody = app.somebody(&["access content"]);
        note(&app, "open").await;
        app.item("note", "hidden").unpublished().save().await;
        app.item("note", "own").by(somebody.id).unpublished().save().await;
        assert_eq!(found(&app, "").await, "open");
        let of = |answer| titles(&ok(&answer, 200)).join(" ");
        assert_eq!(of(app.get_as(&somebody, "/api/items").await), "own open");
        assert_eq!(of(app.get_as(&app.administrator(), "/api/items").await), "own hidden open");
        assert_eq!(of(app.get_as(&app.somebody(&[]), "/api/items").await), "");
    }

    async fn members_can_be_chosen(app: TestApp) {
        some(&app).await;
        let page = page(&app, "filter[title]=a&fields=title,field_tags").await;
        let expected = serde_json::json!({ "type": "note", "title": "a", "fields": { "field_tags": ["x", "a"] } });
        let mut shown = page["items"][0].clone();
        assert!(shown.as_object_mut().unwrap().remove("id").is_some());
        assert_eq!(shown, expected);
    }

    async fn what_can_t_be_understood_is_refused_and_said(app: TestApp) {
        some(&app).await;
        let cases = [
            ("limit=0", "limit is a whole number from 1 to 100."),
            ("limit=x", "limit is"),
            ("limit=101", "limit is"),
            ("limit=1&limit=2", "'limit' is given twice"),
            ("filtr[type]=note", "no parameter 'filtr[type]'"),
            ("filter[typ]=note", "Did you mean 'type'?"),
            ("filter=1", "A filter is written"),
            ("filter[type", "A filter is written"),
            ("filter[type]=nte", "Did you mean 'note'?"),
            ("filter[type][gt]=note", "The operators of 'type' are eq, in."),
            ("filter[created]=yesterday", "a moment such as"),
            ("filter[author]=ada", "a UUID"),
            ("filter[published]=1", "true or false"),
            ("filter[field_count]=many", "a number"),
            ("filter[field_count]=NaN", "a number"),
            ("filter[field_body]=x", "can't be filtered by 'field_body'"),
            ("filter[field_none]=x", "There is no field 'field_none'"),
            ("sort=colour", "There is no order 'colour'"),
            ("sort=title,-title", "'title' is there twice"),
            ("fields=titel", "Did you mean 'title'?"),
            ("include=field_body", "There is no reference 'field_body'"),
            ("include=field_next.field_next.field_next.field_next", "goes further"),
            ("filter[title]=%00", "NUL"),
        ];
        for (query, expected) in cases {
            let problem = problem(&app.get(&format!("/api/items?{query}")).await, 400);
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains(expected), "{query}: {detail}");
        }
    }

    async fn revisions_are_listed_page_by_page_for_those_who_may_edit(app: TestApp) {
        types(&app).await;
        let mut item = note(&app, "v0").await;
        for version in 1..4 {
            item.title = format!("v{version}");
            let (saved, result) = app.services().items.save(&app.system(), Box::new(item), &format!("log {version}")).await;
            result.unwrap();
            item = *saved;
        }
        let path = format!("/api/items/{}/revisions", item.id);
        problem(&app.get(&path).await, 401);
        problem(&app.get_as(&app.somebody(&["access content"]), &path).await, 403);
        let ada = app.administrator();
        let first = ok(&app.get_as(&ada, &format!("{path}?limit=3")).await, 200);
        let of = |page: &serde_json::Value| -> Vec<String> {
            page["revisions"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(of(&first), ["v3", "v2", "v1"]);
        assert_eq!((&first["revisions"][0]["log"], &first["revisions"][0]["current"]), (&"log 3".into(), &true.into()));
        let second = ok(&app.get_as(&ada, first["next"].as_str().unwrap()).await, 200);
        assert_eq!((of(&second), &second["next"]), (vec!["v0".to_owned()], &serde_json::Value::Null));
        problem(&app.get_as(&ada, &format!("/api/items/{}/revisions", Uuid::nil())).await, 404);
    }
}
