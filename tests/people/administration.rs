//! People in the administration: the list, adding, roles, the grid, cancelling, the audit.

use std::time::Duration;

use trovato::db::sql;
use trovato::subsystems::access::AUTHENTICATED;
use trovato::subsystems::audit::Filter;
use trovato::subsystems::user::Content;
use trovato_tests::{Filling, Package, TestApp, both};
use uuid::Uuid;

/// The page of the grid as the browser has it, with a box set or cleared.
async fn grid<'a>(app: &'a TestApp, name: &str) -> Filling<'a> {
    let browser = app.signed_in(name).await;
    let page = browser.get("/admin/people/permissions").await;
    Filling::drawn(browser, page, "/admin/people/permissions", "permissions")
}

async fn written_by(app: &TestApp, name: &str, titles: &[&str]) -> Vec<Uuid> {
    app.enable("page").await.unwrap();
    let author = app.person(name).await.id;
    let mut ids = Vec::new();
    for title in titles {
        ids.push(app.item("page", title).by(author).save().await.id);
    }
    ids
}

async fn author_of(app: &TestApp, id: Uuid) -> Option<(Uuid, bool)> {
    let row = sql("SELECT author_id, published FROM item WHERE id = $1", (id,));
    app.services().db.fetch_optional(row).await.unwrap()
}

async fn cancel(app: &TestApp, name: &str, content: Content) -> Uuid {
    let id = app.person(name).await.id;
    let session = app.session(app.account("admin").await);
    app.services()
        .cancellations
        .cancel(&session, id, content)
        .await
        .unwrap();
    id
}

both! {
    async fn the_pages_are_for_those_who_may(app: TestApp) {
        for path in [
            "/admin/people", "/admin/people/add", "/admin/people/roles", "/admin/people/permissions",
            "/admin/reports/audit",
        ] {
            assert_eq!(app.signed_in("admin").await.get(path).await.status, 200, "{path}");
            assert_eq!(app.signed_in("user").await.get(path).await.status, 403, "{path}");
        }
    }

    async fn people_are_found_by_text_role_and_state(app: TestApp) {
        let admin = app.signed_in("admin").await;
        let all = admin.get("/admin/people").await;
        for name in ["admin", "editor@example.org", "user@example.org"] {
            assert!(all.contains(name), "{name} in {}", all.text);
        }
        let role = app.services().access.role_named("editor").unwrap().id;
        let editors = admin.get(&format!("/admin/people?role={role}")).await;
        assert!(editors.contains("editor@example.org") && !editors.contains("user@example.org"));
        assert!(admin.get("/admin/people?q=zebra").await.contains("Nothing fits"));
    }

    async fn several_are_blocked_and_given_a_role_at_once(app: TestApp) {
        let (user, editor) = (app.person("user").await.id, app.person("editor").await.id);
        let act = async |action: &str| {
            let browser = app.signed_in("admin").await;
            let page = browser.get("/admin/people").await;
            let list = Filling::drawn(browser, page, "/admin/people", "people_list");
            let list = list.choose("row", &user.to_string()).choose("row", &editor.to_string());
            list.fill("action", action).submit().await.status.as_u16()
        };
        assert_eq!(act("block").await, 303);
        assert!(!app.person("user").await.active && !app.person("editor").await.active);
        let role = app.services().access.role_named("editor").unwrap().id;
        assert_eq!(act(&format!("give:{role}")).await, 303);
        assert_eq!(app.person("user").await.roles, [role]);
        assert_eq!(act("explode").await, 400);
        let forged = app.signed_in("admin").await.post("/admin/people", &format!("action=unblock&row={user}")).await;
        assert_eq!(forged.status, 403);
        assert!(!app.person("user").await.active);
        app.logged("was refused");
    }

    async fn an_account_is_added_by_the_form(app: TestApp) {
        let form = app.signed_in("admin").await.form("/admin/people/add").await;
        let answer = form
            .fill("name", "Grace")
            .fill("password", "battery staple")
            .fill("password.again", "battery staple")
            .fill("is_admin", "on")
            .submit()
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert!(app.person("Grace").await.is_admin);
    }

    async fn the_grid_grants_and_revokes_and_leaves_alone_what_was_not_touched(app: TestApp) {
        app.enable("blog").await.unwrap();
        let value = format!("{AUTHENTICATED} review blog drafts");
        let stale = grid(&app, "admin").await;
        assert!(stale.page.contains("Can take over the site"), "{}", stale.page.text);
        let answer = grid(&app, "admin").await.choose("grant", &value).submit().await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert!(app.account("user").await.may("review blog drafts"));
        assert!(app.account("user").await.may("access content"));
        // Somebody who had the page open before saves something else.
        let other = format!("{AUTHENTICATED} view unpublished content");
        stale.choose("grant", &other).submit().await;
        assert!(app.account("user").await.may("review blog drafts"));
        assert!(app.account("user").await.may("view unpublished content"));
        let odd = grid(&app, "admin").await.choose("grant", &format!("{AUTHENTICATED} no such thing")).submit().await;
        assert_eq!(odd.status, 400);
    }

    async fn roles_are_made_changed_and_removed_by_forms(app: TestApp) {
        let form = app.signed_in("admin").await.form("/admin/people/roles/add").await;
        let bad = form.fill("label", "Reviewer").fill("name", "Re viewer").submit().await;
        assert_eq!(bad.status, 422);
        let form = app.signed_in("admin").await.form("/admin/people/roles/add").await;
        assert_eq!(form.fill("label", "Reviewer").fill("name", "reviewer").submit().await.status, 303);
        let role = app.services().access.role_named("reviewer").unwrap().id;
        let form = app.signed_in("admin").await.form(&format!("/admin/people/roles/{role}")).await;
        assert_eq!(form.fill("label", "Proof reader").submit().await.status, 303);
        assert_eq!(app.services().access.role(role).unwrap().label, "Proof reader");
        let form = app.signed_in("admin").await.form(&format!("/admin/people/roles/{role}/delete")).await;
        assert_eq!(form.submit().await.status, 303);
        assert!(app.services().access.role(role).is_none());
        let seeded = app.signed_in("admin").await.get(&format!("/admin/people/roles/{AUTHENTICATED}/delete")).await;
        assert_eq!(seeded.status, 404);
    }

    async fn content_of_a_cancelled_account_is_kept_unpublished_or_given_away(app: TestApp) {
        let kept = written_by(&app, "user", &["One", "Two"]).await;
        let id = cancel(&app, "user", Content::Keep).await;
        assert_eq!(author_of(&app, kept[0]).await, Some((id, true)));
        assert!(!app.person("user").await.active);
        cancel(&app, "user", Content::Unpublish).await;
        assert_eq!(author_of(&app, kept[1]).await, Some((id, false)));
        cancel(&app, "user", Content::Anonymous).await;
        assert_eq!(author_of(&app, kept[1]).await, Some((Uuid::nil(), false)));
        assert!(app.services().users.load(id).await.unwrap().is_none());
    }

    async fn content_that_plugins_hide_from_everybody_is_left_and_told(app: TestApp) {
        let open = written_by(&app, "user", &["Open"]).await[0];
        // More than are worked on in one go, and all of them before the open one.
        app.wait(Duration::from_secs(1));
        let hidden: Vec<String> = (0..51).map(|n| format!("Hidden {n}")).collect();
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
        let hidden = written_by(&app, "user", &hidden).await;
        app.with(Package::tapper("alpha").setting("hides_titles", "Hidden")).await;
        let id = cancel(&app, "user", Content::Unpublish).await;
        app.services().cancellations.work(app.site()).await.unwrap();
        app.logged("the content of a cancelled account was left");
        assert_eq!(author_of(&app, open).await, Some((id, false)));
        assert_eq!(author_of(&app, hidden[0]).await, Some((id, true)));
    }

    async fn a_cancelled_account_goes_with_all_its_content_in_pieces(app: TestApp) {
        let titles: Vec<String> = (0..55).map(|n| format!("Page {n}")).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let written = written_by(&app, "user", &titles).await;
        let id = cancel(&app, "user", Content::Delete).await;
        let left = futures_util::future::join_all(written.iter().map(|id| author_of(&app, *id))).await;
        assert_eq!(left.iter().flatten().count(), 5, "the first go does fifty");
        assert!(!app.services().users.load(id).await.unwrap().unwrap().active);
        for _ in 0..3 {
            app.services().cancellations.work(app.site()).await.unwrap();
            app.wait(Duration::from_secs(1));
        }
        assert_eq!(author_of(&app, written[54]).await, None);
        assert!(app.services().users.load(id).await.unwrap().is_none());
        let session = app.session(app.account("admin").await);
        let filter = Filter { subject: Some(id.to_string()), limit: 9, ..Filter::default() };
        let records = app.services().audit.query(&session, &filter).await.unwrap().records;
        assert_eq!(records[0].action, "user.delete");
    }

    async fn nobody_cancels_themselves_or_the_last_administrator(app: TestApp) {
        let id = app.person("admin").await.id;
        let session = app.session(app.account("admin").await);
        assert!(app.services().cancellations.cancel(&session, id, Content::Delete).await.is_err());
        let refused = app.services().cancellations.cancel(&app.system(), id, Content::Delete).await;
        assert!(refused.unwrap_err().to_string().contains("last administrator"));
        assert!(app.person("admin").await.active);
    }

    async fn the_audit_is_a_page_with_filters(app: TestApp) {
        drop(crate::sign_in(&app, "user", "wrong").await);
        let admin = app.signed_in("admin").await;
        let all = admin.get("/admin/reports/audit").await;
        assert!(all.contains("login.failed") && all.contains("user.create"), "{}", all.text);
        let failed = admin.get("/admin/reports/audit?action=login.failed&q=USER").await;
        assert!(failed.contains("Events: 1") && failed.contains("login.failed"), "{}", failed.text);
    }
}
