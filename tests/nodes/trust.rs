//! Certificates of Redis that are not to be trusted.

use trovato_tests::{Authority, RedisServer, TestApp, on_sqlite};

use crate::kinds::two_nodes;

/// A site whose Redis shows a certificate of one authority, while another is to be trusted, goes on without it.
async fn is_refused(app: TestApp, shown: &Authority, trusted: &Authority, says: &str) -> TestApp {
    let server = RedisServer::with_tls(shown).await;
    let (url, ca) = (server.url(), trusted.file());
    let app = app
        .restart_with(|config| {
            config.redis_url = Some(url.into());
            config.redis_ca = Some(ca);
        })
        .await;
    assert_eq!(app.get("/").await.status, 200);
    assert_eq!(app.get("/health/ready").await.status, 200);
    let health = app.get("/health").await;
    assert_eq!(health.text, r#"{"failing":["redis"],"status":"unhealthy"}"#);
    app.logged(says);
    let notices = app.services().notices(app.site()).await;
    let told = notices
        .iter()
        .any(|notice| notice.subject == "Redis" && notice.hint.contains(says));
    assert!(told, "`trovato doctor` says why");
    app
}

on_sqlite! {
    async fn a_certificate_that_is_not_to_be_trusted_is_refused_and_told(app: TestApp) {
        let here = Authority::of_this_machine();
        let another = Authority::of_this_machine();
        let says = "the certificate of 127.0.0.1 is refused, no CA in the file of redis-ca has signed it";
        let app = is_refused(app, &here, &another, says).await;
        let elsewhere = Authority::of("redis.example", 2100);
        let app = is_refused(app, &elsewhere, &elsewhere, "it is made for other names").await;
        let old = Authority::of("127.0.0.1", 2020);
        is_refused(app, &old, &old, "it has expired: renew it").await;
    }

    async fn a_site_with_its_own_ca_trusts_no_other(app: TestApp) {
        let authority = Authority::of_this_machine();
        let server = RedisServer::with_tls(&authority).await;
        let (app, other) = two_nodes(app, server.url(), Some(authority.file())).await;
        // Without it, it is those that the machine trusts.
        let stranger = other.another_node_with(|config| config.redis_ca = None).await;
        assert!(!stranger.services().redis.as_ref().unwrap().is_up());
        app.logged("no CA that this machine trusts has signed it: name the file of the CA that has in redis-ca");
        assert_eq!(stranger.get("/").await.status, 200);
        assert_eq!(app.get("/health").await.status, 200);
    }
}
