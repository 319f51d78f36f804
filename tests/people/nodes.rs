//! Two nodes on one database: what one changes holds on the other within a second.

use std::time::{Duration, Instant};

use trovato::subsystems::access::{ANONYMOUS, Grant};
use trovato::subsystems::user::Changes;
use trovato_tests::{TestApp, both};

/// How soon the other node must know.
const SOON: Duration = Duration::from_secs(1);

both! {
    async fn a_permission_that_is_taken_is_gone_on_the_other_node_within_a_second(app: TestApp) {
        let other = app.another_node().await;
        other.follow();
        assert!(other.visitor().may("access content"));
        let session = app.session(app.account("admin").await);
        let take = Grant { role: ANONYMOUS, permission: "access content".to_owned(), granted: false };
        app.services().access.grant(&session, &[take]).await.unwrap();
        let since = Instant::now();
        while other.visitor().may("access content") {
            assert!(since.elapsed() < SOON, "the other node has not noticed after {:?}", since.elapsed());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn a_block_a_role_and_a_logout_hold_on_the_other_node_at_once(app: TestApp) {
        let other = app.another_node().await;
        app.enable("blog").await.unwrap();
        other.services().plugins.follow(other.site(), true).await.unwrap();
        let browser = app.signed_in("user").await;
        let there = browser.at(&other);
        let status = async || there.get("/blog/drafts").await.status.as_u16();
        assert_eq!(status().await, 403);
        let id = app.person("user").await.id;
        let update = async |changes| {
            app.services().users.update(&app.system(), id, changes, None).await.unwrap();
        };
        update(Changes { is_admin: Some(true), ..Changes::default() }).await;
        assert_eq!(status().await, 200);
        update(Changes { active: Some(false), ..Changes::default() }).await;
        assert_eq!(status().await, 403);
        update(Changes { active: Some(true), ..Changes::default() }).await;
        let browser = app.signed_in("user").await;
        let there = browser.at(&other);
        assert_eq!(there.get("/blog/drafts").await.status, 200);
        for session in app.services().sessions.list(id).await.unwrap() {
            app.services().sessions.end(id, session.id).await.unwrap();
        }
        assert_eq!(there.get("/blog/drafts").await.status, 403);
    }
}
