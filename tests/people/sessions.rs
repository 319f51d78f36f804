//! Sessions: how long they last, what ends them, and what a cookie is worth.

use std::time::Duration;

use trovato::db::sql;
use trovato::subsystems::user::Changes;
use trovato_tests::{Browser, TestApp, both};

/// A page that only some may see: 200 for `admin`, 403 for others.
const GUARDED: &str = "/blog/drafts";

async fn blog(app: &TestApp) {
    app.enable("blog").await.unwrap();
}

async fn status(browser: &Browser<'_>) -> u16 {
    browser.get(GUARDED).await.status.as_u16()
}

fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3600)
}

async fn update(app: &TestApp, name: &str, changes: Changes) {
    let id = app.person(name).await.id;
    app.services()
        .users
        .update(&app.system(), id, changes, None)
        .await
        .unwrap();
}

both! {
    async fn a_session_says_who_asks_and_its_secret_is_not_stored(app: TestApp) {
        blog(&app).await;
        assert_eq!(app.get(GUARDED).await.status, 403);
        let browser = app.signed_in("admin").await;
        assert_eq!(status(&browser).await, 200);
        let secret = browser.cookie("session").unwrap();
        assert_eq!(secret.len(), 43);
        let stored: Vec<(String,)> =
            app.services().db.fetch_all(sql("SELECT secret FROM session", ())).await.unwrap();
        assert_eq!(stored.len(), 1);
        assert_ne!(stored[0].0, secret);
        assert_eq!(stored[0].0.len(), 64);
    }

    async fn a_cookie_that_is_no_session_is_a_visitor_s_and_is_taken_away(app: TestApp) {
        blog(&app).await;
        for odd in ["", "x", "a\u{e4}", &"A".repeat(43), &"A".repeat(4000), "' OR 1=1 --"] {
            let browser = app.browser();
            browser.set_cookie("session", odd);
            let answer = browser.get(GUARDED).await;
            assert_eq!(answer.status, 403, "{odd:?}");
        }
        let browser = app.browser();
        browser.set_cookie("session", &"A".repeat(43));
        assert!(browser.get("/").await.header("set-cookie").contains("Max-Age=0"));
        assert_eq!(browser.cookie("session"), None);
    }

    async fn a_session_ends_after_a_day_without_use_and_lasts_while_it_is_used(app: TestApp) {
        blog(&app).await;
        let browser = app.signed_in("admin").await;
        for _ in 0..3 {
            app.wait(hours(23));
            assert_eq!(status(&browser).await, 200);
        }
        app.wait(hours(24));
        assert_eq!(status(&browser).await, 403);
    }

    async fn that_a_session_is_used_is_written_once_a_minute(app: TestApp) {
        let browser = app.signed_in("user").await;
        let user = app.person("user").await.id;
        let last_used = async || app.services().sessions.list(user).await.unwrap()[0].last_used;
        let opened = last_used().await;
        app.wait(Duration::from_secs(59));
        browser.get("/").await;
        assert_eq!(last_used().await, opened);
        app.wait(Duration::from_secs(1));
        browser.get("/").await;
        assert_eq!(last_used().await, app.now());
        assert_eq!(app.person("user").await.access, Some(app.now()));
    }

    async fn a_block_ends_sessions_at_once_and_an_unblock_does_not_bring_them_back(app: TestApp) {
        blog(&app).await;
        update(&app, "editor", Changes { is_admin: Some(true), ..Changes::default() }).await;
        let browser = app.signed_in("editor").await;
        assert_eq!(status(&browser).await, 200);
        update(&app, "editor", Changes { active: Some(false), ..Changes::default() }).await;
        let kept = browser.at(&app);
        assert_eq!(status(&browser).await, 403);
        update(&app, "editor", Changes { active: Some(true), ..Changes::default() }).await;
        assert_eq!(status(&kept).await, 403);
    }

    async fn another_password_ends_the_other_sessions_and_keeps_the_own(app: TestApp) {
        blog(&app).await;
        let own = app.signed_in("admin").await;
        let other = app.signed_in("admin").await;
        assert_eq!(status(&own).await, 200);
        let user = app.person("admin").await;
        let resumed = app.services().sessions.resume(&own.cookie("session").unwrap(), false).await;
        let mut request = trovato::request::Request::new(user.id, "", app.account("admin").await);
        request.session = Some(resumed.unwrap().unwrap().session);
        let session = app.site().session(request);
        let changes = Changes { password: Some("another one entirely".to_owned()), ..Changes::default() };
        let present = Some(trovato_tests::PASSWORD.to_owned());
        let changed = app.services().users.update(&session, user.id, changes, present).await.unwrap();
        assert!(changed.sessions_ended);
        assert_eq!(status(&own).await, 200);
        assert_eq!(status(&other).await, 403);
    }

    async fn a_role_that_is_given_or_taken_holds_at_once_and_gives_the_session_another_secret(app: TestApp) {
        blog(&app).await;
        let browser = app.signed_in("user").await;
        assert_eq!(status(&browser).await, 403);
        let old = browser.cookie("session").unwrap();
        update(&app, "user", Changes { is_admin: Some(true), ..Changes::default() }).await;
        let under_way = browser.at(&app);
        assert_eq!(status(&browser).await, 200);
        let new = browser.cookie("session").unwrap();
        assert_ne!(old, new);
        // A request that was under way with the old secret is served, without another change.
        assert_eq!(status(&under_way).await, 200);
        assert_eq!(under_way.cookie("session").as_deref(), Some(old.as_str()));
        app.wait(Duration::from_secs(31));
        assert_eq!(status(&under_way).await, 403);
        assert_eq!(status(&browser).await, 200);
        update(&app, "user", Changes { is_admin: Some(false), ..Changes::default() }).await;
        assert_eq!(status(&browser).await, 403);
    }

    async fn a_session_that_is_ended_from_the_list_is_gone(app: TestApp) {
        blog(&app).await;
        let (one, other) = (app.signed_in("admin").await, app.signed_in("admin").await);
        let user = app.person("admin").await.id;
        let listed = app.services().sessions.list(user).await.unwrap();
        assert_eq!(listed.len(), 2);
        let stranger = app.person("user").await.id;
        assert!(!app.services().sessions.end(stranger, listed[0].id).await.unwrap());
        assert!(app.services().sessions.end(user, listed[0].id).await.unwrap());
        let mut left = [status(&one).await, status(&other).await];
        left.sort_unstable();
        assert_eq!(left, [200, 403]);
    }

    async fn static_files_ask_no_session(app: TestApp) {
        let browser = app.signed_in("user").await;
        app.wait(hours(25));
        browser.get("/theme/trovato/css/base.css").await;
        assert!(browser.cookie("session").is_some());
        browser.get("/").await;
        assert_eq!(browser.cookie("session"), None);
    }
}

/// The same with Redis: sessions behave alike wherever requests find them.
mod in_redis {
    use trovato_tests::{TestApp, both};

    both! {
        async fn a_session_says_who_asks_and_its_secret_is_not_stored(app: TestApp) {
            super::a_session_says_who_asks_and_its_secret_is_not_stored(app.with_redis().await).await;
        }

        async fn a_cookie_that_is_no_session_is_a_visitor_s_and_is_taken_away(app: TestApp) {
            super::a_cookie_that_is_no_session_is_a_visitor_s_and_is_taken_away(app.with_redis().await).await;
        }

        async fn a_session_ends_after_a_day_without_use_and_lasts_while_it_is_used(app: TestApp) {
            super::a_session_ends_after_a_day_without_use_and_lasts_while_it_is_used(app.with_redis().await).await;
        }

        async fn that_a_session_is_used_is_written_once_a_minute(app: TestApp) {
            super::that_a_session_is_used_is_written_once_a_minute(app.with_redis().await).await;
        }

        async fn a_block_ends_sessions_at_once_and_an_unblock_does_not_bring_them_back(app: TestApp) {
            super::a_block_ends_sessions_at_once_and_an_unblock_does_not_bring_them_back(app.with_redis().await).await;
        }

        async fn another_password_ends_the_other_sessions_and_keeps_the_own(app: TestApp) {
            super::another_password_ends_the_other_sessions_and_keeps_the_own(app.with_redis().await).await;
        }

        async fn a_role_that_is_given_or_taken_holds_at_once_and_gives_the_session_another_secret(app: TestApp) {
            super::a_role_that_is_given_or_taken_holds_at_once_and_gives_the_session_another_secret(app.with_redis().await).await;
        }

        async fn a_session_that_is_ended_from_the_list_is_gone(app: TestApp) {
            super::a_session_that_is_ended_from_the_list_is_gone(app.with_redis().await).await;
        }

        async fn static_files_ask_no_session(app: TestApp) {
            super::static_files_ask_no_session(app.with_redis().await).await;
        }
    }
}
