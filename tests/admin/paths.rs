//! Paths of items and redirects: made, removed, made anew.

use trovato::request::Account;
use trovato::subsystems::admin::ENTER;
use trovato::subsystems::item_type::ItemType;
use trovato_tests::{Answer, Browser, TestApp, both};

const ALIASES: &str = "/admin/structure/aliases";
const REDIRECTS: &str = "/admin/structure/redirects";

fn keeper(app: &TestApp) -> Account {
    app.somebody(&[ENTER, "access content", "administer url aliases"])
}

async fn story_type(app: &TestApp, pattern: &str) {
    let mut of = ItemType::new("story", "Story", Vec::new());
    of.path_pattern = Some(pattern.to_owned());
    app.content_type(of).await;
}

async fn add_redirect(app: &TestApp, from: &str, to: &str) -> Answer {
    let form = app
        .browser_of(keeper(app))
        .form(&format!("{REDIRECTS}/add"))
        .await;
    form.fill("from", from).fill("to", to).press("add").await
}

async fn location(app: &TestApp, path: &str) -> String {
    let answer = app.get(path).await;
    assert_eq!(answer.status, 308, "{path}: {}", answer.text);
    answer.header("location").to_owned()
}

/// Removes the first of the paths that a list shows.
async fn remove(browser: &Browser<'_>, list: &str, path: &str) -> Answer {
    let page = browser.get(list).await;
    let form = page
        .text
        .split("data-rows")
        .nth(1)
        .expect("no form around the rows");
    let mut pairs: Vec<String> = form
        .split("<input type=\"hidden\" name=\"")
        .skip(1)
        .map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").unwrap();
            format!("{name}={}", rest.split_once('"').unwrap().0)
        })
        .collect();
    pairs.push(format!("row={path}"));
    pairs.push("action=remove".to_owned());
    browser.post(list, &pairs.join("&")).await
}

both! {
    async fn a_redirect_leads_on_and_can_be_removed(app: TestApp) {
        let made = add_redirect(&app, "/old/place", "/new?a=1").await;
        assert_eq!(made.header("location"), REDIRECTS, "{}", made.text);
        assert_eq!(location(&app, "/old/place").await, "/new%3Fa=1".replace("%3F", "?"));
        let browser = app.browser_of(keeper(&app));
        assert!(browser.get(REDIRECTS).await.contains("/old/place"));
        assert_eq!(remove(&browser, REDIRECTS, "old/place").await.status, 303);
        assert_eq!(app.get("/old/place").await.status, 404);
        assert!(!browser.get(&format!("{REDIRECTS}?q=old")).await.contains(">/old/place<"));
    }

    async fn redirects_never_lead_in_a_circle(app: TestApp) {
        for (from, to) in [("/a", "/b"), ("/b", "/c"), ("/c", "/d?x#y")] {
            assert_eq!(add_redirect(&app, from, to).await.status, 303, "{from}");
        }
        for (from, to) in [("/d", "/a"), ("/d", "/c"), ("/e", "/e"), ("/d/", "/b?q=1")] {
            let refused = add_redirect(&app, from, to).await;
            assert_eq!(refused.status, 422, "{from} {to}");
            assert!(refused.contains("the way leads back to"), "{from} {to}: {}", refused.text);
        }
        assert_eq!(add_redirect(&app, "/d", "/e").await.status, 303);
    }

    async fn what_can_be_no_redirect_is_refused_at_its_field(app: TestApp) {
        story_type(&app, "stories/[title]").await;
        app.item("story", "One").save().await;
        for (from, to) in [
            ("/admin/x", "/a"), ("/", "/a"), ("/x//y", "/a"), ("/x?y", "/a"), ("/stories/one", "/a"),
            ("/x", "a"), ("/x", "https://example.org/"), ("/x", "//example.org"), ("/x", "/\\example.org"),
        ] {
            let refused = add_redirect(&app, from, to).await;
            assert_eq!(refused.status, 422, "{from} {to}");
        }
        assert_eq!(app.get("/stories/one").await.status, 200);
    }

    async fn an_item_gets_another_path_and_the_old_one_leads_on(app: TestApp) {
        story_type(&app, "stories/[title]").await;
        let item = app.item("story", "One").save().await;
        let form = app.browser_of(keeper(&app)).form(&format!("{ALIASES}/add")).await;
        let made = form.fill("item", &item.id.to_string()).fill("from", "/about/us").press("add").await;
        assert_eq!(made.header("location"), ALIASES, "{}", made.text);
        assert_eq!(app.get("/about/us").await.status, 200);
        assert_eq!(location(&app, "/stories/one").await, "/about/us");
        let form = app.browser_of(keeper(&app)).form(&format!("{ALIASES}/add")).await;
        let other = app.item("story", "Two").save().await;
        let refused = form.fill("item", &other.id.to_string()).fill("from", "about/us").press("add").await;
        assert_eq!(refused.status, 422);
        let browser = app.browser_of(keeper(&app));
        assert!(browser.get(&format!("{ALIASES}?q=about")).await.contains("/about/us"));
        assert_eq!(remove(&browser, ALIASES, "about/us").await.status, 303);
        assert_eq!(app.get("/about/us").await.status, 404);
        assert_eq!(app.get(&format!("/item/{}", item.id)).await.status, 200);
    }

    async fn paths_are_made_anew_by_another_pattern(app: TestApp) {
        story_type(&app, "stories/[title]").await;
        let one = app.item("story", "Größe").save().await;
        let same = app.item("story", "Größe").save().await;
        assert_eq!((one.path(), same.path()), ("/stories/größe".to_owned(), "/stories/größe-2".to_owned()));
        let mut of = (*app.services().item_types.get("story").unwrap()).clone();
        of.path_pattern = Some("tales/[yyyy]/[title:ascii]".to_owned());
        let renamed = trovato::db::sql("UPDATE item_type SET settings = $1 WHERE type = 'story'", (serde_json::to_value(&of).unwrap(),));
        app.services().db.execute(renamed).await.unwrap();
        let app = app.restart().await;
        let form = app.browser_of(keeper(&app)).form(&format!("{ALIASES}/regenerate")).await;
        let done = form.fill("type", "story").press("renew").await;
        assert_eq!(done.header("location"), ALIASES, "{}", done.text);
        assert_eq!(app.get("/tales/2023/grosse").await.status, 200);
        assert_eq!(app.get("/tales/2023/grosse-2").await.status, 200);
        assert_eq!(location(&app, "/stories/gr%C3%B6%C3%9Fe").await, "/tales/2023/grosse");
        let again = app.services().items.renew_paths(&app.system(), "story", None, 10).await.unwrap();
        assert_eq!((again.seen, again.changed, again.last), (2, 0, None));
    }

    async fn who_may_not_administer_paths_sees_none_of_it(app: TestApp) {
        let editor = app.somebody(&[ENTER, "access content"]);
        for path in [ALIASES, REDIRECTS, "/admin/structure/aliases/regenerate", "/admin/structure/redirects/add"] {
            assert_eq!(app.get_as(&editor, path).await.status, 403, "{path}");
        }
    }
}
