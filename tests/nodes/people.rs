//! Who has signed in, on two nodes with one Redis, and while it is away.

use std::time::Duration;

use trovato::db::sql;
use trovato::subsystems::access::Grant;
use trovato::subsystems::login::{Credentials, Error};
use trovato::subsystems::user::Changes;
use trovato_tests::{Browser, TestApp, both};

/// A page that only administrators may see.
const GUARDED: &str = "/admin/people";

/// 200 for who may, 403 for others; visitors are led to sign in.
pub(super) async fn status(browser: &Browser<'_>) -> u16 {
    match browser.get(GUARDED).await.status.as_u16() {
        303 => 403,
        status => status,
    }
}

pub(super) async fn update(app: &TestApp, changes: Changes) {
    let id = app.person("user").await.id;
    app.services()
        .users
        .update(&app.system(), id, changes, None)
        .await
        .unwrap();
}

pub(super) fn promoted(is_admin: bool) -> Changes {
    Changes {
        is_admin: Some(is_admin),
        ..Changes::default()
    }
}

async fn fail(app: &TestApp) -> Result<(), Error> {
    let credentials = Credentials {
        name: "user".to_owned(),
        password: "wrong".to_owned(),
        remember: false,
    };
    let session = app.session(app.visitor());
    let headers = axum::http::HeaderMap::new();
    app.services()
        .logins
        .sign_in(&session, &headers, credentials)
        .await
        .map(drop)
}

both! {
    async fn a_block_a_role_and_a_logout_hold_on_the_other_node_at_once(app: TestApp) {
        let app = app.with_redis().await;
        let other = app.another_node().await;
        let browser = app.signed_in("user").await;
        let there = browser.at(&other);
        assert_eq!((status(&browser).await, status(&there).await), (403, 403));
        update(&app, promoted(true)).await;
        assert_eq!(status(&there).await, 200);
        update(&other, promoted(false)).await;
        assert_eq!(status(&browser).await, 403);
        update(&app, promoted(true)).await;
        let browser = app.signed_in("user").await;
        let there = browser.at(&other);
        assert_eq!(status(&there).await, 200);
        update(&app, Changes { active: Some(false), ..Changes::default() }).await;
        assert_eq!(status(&there).await, 403);
        update(&app, Changes { active: Some(true), ..Changes::default() }).await;
        let browser = app.signed_in("user").await;
        let there = browser.at(&other);
        assert_eq!(status(&there).await, 200);
        let form = browser.form("/user/logout").await;
        assert_eq!(form.press("log_out").await.status, 303);
        assert_eq!(status(&there).await, 403);
    }

    async fn a_role_that_is_removed_is_gone_from_everybody_at_once(app: TestApp) {
        let app = app.with_redis().await;
        let other = app.another_node().await;
        let system = app.system();
        let access = &app.services().access;
        let role = access.create_role(&system, "helper", "Helper").await.unwrap();
        let grants = ["administer users", "access administration pages"]
            .map(|permission| Grant { role: role.id, permission: permission.to_owned(), granted: true });
        access.grant(&system, &grants).await.unwrap();
        other.services().access.follow().await.unwrap();
        update(&app, Changes { roles: Some(vec![role.id]), ..Changes::default() }).await;
        let there = app.signed_in("user").await;
        let there = there.at(&other);
        assert_eq!(status(&there).await, 200);
        access.delete_role(&system, role.id).await.unwrap();
        assert_eq!(status(&there).await, 403);
    }

    async fn a_request_of_somebody_whom_redis_knows_asks_the_database_nothing_about_them(app: TestApp) {
        let app = app.with_redis().await;
        let browser = app.signed_in("admin").await;
        assert_eq!(status(&browser).await, 200);
        // What nobody has told Redis of is not seen: it was asked, and not the database.
        app.services().db.execute(sql("UPDATE users SET is_admin = $1 WHERE name = 'admin'", (false,))).await.unwrap();
        assert_eq!(status(&browser).await, 200);
        app.wait(Duration::from_secs(5 * 60));
        assert_eq!(status(&browser).await, 403, "no longer than five minutes");
    }

    async fn nobody_is_signed_out_by_an_outage_and_nobody_comes_back_by_its_end(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        app.redis_answers().await;
        let (stays, leaves) = (app.signed_in("admin").await, app.signed_in("admin").await);
        assert_eq!((status(&stays).await, status(&leaves).await), (200, 200));
        let kept = leaves.at(&app);
        wire.cut();
        app.redis_is_away().await;
        assert_eq!((status(&stays).await, status(&leaves).await), (200, 200));
        let comes = app.signed_in("admin").await;
        assert_eq!(status(&comes).await, 200);
        leaves.form("/user/logout").await.press("log_out").await;
        wire.mend();
        app.redis_answers().await;
        assert_eq!(status(&kept).await, 403, "who has signed out stays out");
        assert_eq!((status(&stays).await, status(&comes).await), (200, 200));
    }

    async fn failures_count_on_while_redis_is_away_and_when_it_is_back(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        app.redis_answers().await;
        for _ in 0..5 {
            assert!(matches!(fail(&app).await, Err(Error::Wrong)));
        }
        assert!(matches!(fail(&app).await, Err(Error::Locked { .. })));
        app.wait(Duration::from_secs(15 * 60));
        wire.cut();
        app.redis_is_away().await;
        for _ in 0..5 {
            assert!(matches!(fail(&app).await, Err(Error::Wrong)));
        }
        assert!(matches!(fail(&app).await, Err(Error::Locked { .. })));
        wire.mend();
        app.redis_answers().await;
        assert!(matches!(fail(&app).await, Err(Error::Locked { .. })), "what the database has locked stays locked");
    }
}
