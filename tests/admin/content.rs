//! The list of content: filters, order, and what is done with several items at once.

use trovato::request::Account;
use trovato::subsystems::admin::ENTER;
use trovato_tests::{Answer, Browser, TestApp, both};

/// The body of the form around the rows, with these selected.
fn body(page: &Answer, action: &str, rows: &[uuid::Uuid]) -> String {
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
    pairs.extend(rows.iter().map(|row| format!("row={row}")));
    pairs.push(format!("action={action}"));
    pairs.join("&")
}

fn order(page: &Answer, titles: &[&str]) -> Vec<usize> {
    titles
        .iter()
        .map(|title| {
            page.text
                .find(&format!(">{title}</a>"))
                .unwrap_or_else(|| panic!("no {title} in {}", page.text))
        })
        .collect()
}

async fn act(browser: &Browser<'_>, action: &str, rows: &[uuid::Uuid]) -> Answer {
    let page = browser.get("/admin/content").await;
    browser.post("/admin/content", &body(&page, action, rows)).await
}

fn editor(app: &TestApp) -> Account {
    app.somebody(&[
        ENTER,
        "access content",
        "view unpublished content",
        "edit any page content",
    ])
}

async fn is_public(app: &TestApp, id: uuid::Uuid) -> bool {
    app.services()
        .items
        .find(&app.session(app.visitor()), id)
        .await
        .is_ok()
}

both! {
    async fn the_list_is_filtered_and_sorted_by_its_address(app: TestApp) {
        app.enable("page").await.unwrap();
        app.item("page", "Alpha").save().await;
        app.wait(std::time::Duration::from_secs(60));
        app.item("page", "Beta").unpublished().save().await;
        let ada = app.administrator();
        let page = app.get_as(&ada, "/admin/content").await;
        assert!(order(&page, &["Beta", "Alpha"]).is_sorted(), "the latest first: {}", page.text);
        let by_title = app.get_as(&ada, "/admin/content?sort=title").await;
        assert!(order(&by_title, &["Alpha", "Beta"]).is_sorted() && by_title.contains("aria-sort=\"ascending\""));
        let hidden = app.get_as(&ada, "/admin/content?state=unpublished&q=ET").await;
        assert!(hidden.contains(">Beta</a>") && !hidden.contains(">Alpha</a>"), "{}", hidden.text);
        assert!(hidden.contains("href=\"/admin/content?q=ET&amp;state=unpublished&amp;sort=title\""), "{}", hidden.text);
        assert!(app.get_as(&ada, "/admin/content?q=zebra").await.contains("Nothing fits"));
    }

    async fn an_empty_list_says_what_comes_next(app: TestApp) {
        assert!(app.get_as(&app.administrator(), "/admin/content").await.contains("Nothing was written yet"));
    }

    async fn many_items_come_in_pages_that_keep_filter_and_order(app: TestApp) {
        app.enable("page").await.unwrap();
        for number in 10..70 {
            app.item("page", &format!("Page {number}")).save().await;
        }
        let first = app.get_as(&app.administrator(), "/admin/content?q=Page&sort=title").await;
        assert!(first.contains("Items: 60") && first.contains("?q=Page&amp;sort=title&amp;page=1"), "{}", first.text);
        let second = app.get_as(&app.administrator(), "/admin/content?q=Page&sort=title&page=1").await;
        assert!(second.contains(">Page 69</a>") && !second.contains(">Page 10</a>"), "{}", second.text);
    }

    async fn selected_items_are_published_and_unpublished_together(app: TestApp) {
        app.enable("page").await.unwrap();
        let one = app.item("page", "One").unpublished().save().await.id;
        let two = app.item("page", "Two").unpublished().save().await.id;
        let browser = app.browser_of(editor(&app));
        let answer = act(&browser, "publish", &[one, two]).await;
        assert!(browser.follow(&answer).await.contains("2 items were published."));
        assert!(is_public(&app, one).await && is_public(&app, two).await);
        act(&browser, "unpublish", &[two]).await;
        assert!(is_public(&app, one).await && !is_public(&app, two).await);
        let answer = act(&browser, "publish", &[]).await;
        assert!(browser.follow(&answer).await.contains("Nothing was selected."));
    }

    async fn what_somebody_may_not_change_stays_and_is_named(app: TestApp) {
        app.enable("page").await.unwrap();
        let one = app.item("page", "One").save().await.id;
        let browser = app.browser_of(app.somebody(&[ENTER, "access content"]));
        let answer = act(&browser, "unpublish", &[one]).await;
        assert!(browser.follow(&answer).await.contains("“One” was not unpublished"));
        assert!(is_public(&app, one).await);
    }

    async fn nothing_is_done_without_the_token_of_this_browser(app: TestApp) {
        app.enable("page").await.unwrap();
        let one = app.item("page", "One").save().await.id;
        let browser = app.browser_of(app.administrator());
        let page = browser.get("/admin/content").await;
        let body = body(&page, "unpublish", &[one]);
        assert_eq!(app.post_as(&app.administrator(), "/admin/content", &body).await.status, 403, "no cookie");
        let other = app.browser_of(app.administrator());
        other.get("/admin/content").await;
        assert_eq!(other.post("/admin/content", &body).await.status, 403, "another browser");
        let bare = format!("row={one}&action=unpublish");
        assert_eq!(browser.post("/admin/content", &bare).await.status, 403, "no token");
        assert!(is_public(&app, one).await);
        assert_eq!(app.times_logged("perhaps a forged request"), 3);
    }

    async fn items_are_named_before_they_are_deleted(app: TestApp) {
        app.enable("page").await.unwrap();
        let one = app.item("page", "One").save().await.id;
        let browser = app.browser_of(app.administrator());
        let asked = act(&browser, "delete", &[one]).await;
        assert!(is_public(&app, one).await, "nothing is deleted yet");
        let form = browser.form(asked.header("location")).await;
        assert!(form.page.contains("<li>One</li>"), "{}", form.page.text);
        let answer = form.press("delete").await;
        assert!(form.in_browser().follow(&answer).await.contains("One item was deleted."));
        assert!(!is_public(&app, one).await);
    }
}
