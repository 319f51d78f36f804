//! The kinds of Redis, each with servers of its own: one with TLS, clusters, and those that sentinels look after. Nodes
//! share by each of them what they share by a single one.

use std::path::PathBuf;
use std::time::Duration;

use trovato_tests::{
    Answer, Authority, Browser, PASSWORD, Package, RedisCluster, RedisSentinels, RedisServer, TestApp,
    on_sqlite,
};

use crate::cache::{gone, invalidate, look, nothing_old_stays, set};
use crate::changes::{rename, takes_up};
use crate::counters::{counters, many_at_once};
use crate::people::{promoted, status, update};

/// Longer than anything is counted or locked.
const LONG: Duration = Duration::from_secs(3600);

/// Two nodes on a Redis of the test's own.
pub(crate) async fn two_nodes(app: TestApp, url: String, ca: Option<PathBuf>) -> (TestApp, TestApp) {
    let app = app
        .restart_with(|config| {
            config.redis_url = Some(url.into());
            config.redis_ca = ca;
            config.redis_prefix = Some("site".to_owned());
            config.rate_limits.enabled = true;
        })
        .await;
    app.redis_answers().await;
    let other = app.another_node().await;
    other.redis_answers().await;
    other.follow();
    (app, other)
}

async fn log_in<'a>(app: &'a TestApp, name: &str, password: &str) -> (Answer, Browser<'a>) {
    let form = app
        .form("/user/login")
        .await
        .fill("name", name)
        .fill("password", password);
    (form.submit().await, form.browser())
}

/// Whatever nodes share by Redis, by HTTP where that shows it.
pub(crate) async fn share_all(app: &TestApp, other: &TestApp) {
    for node in [app, other] {
        assert_eq!(node.get("/health").await.text, r#"{"status":"healthy"}"#);
    }
    for node in [app, other] {
        // What was counted while Redis was away is looked for twice a second.
        node.services().cache.follow().await.unwrap();
    }
    app.wait(LONG);
    people_are_known(app, other).await;
    app.wait(LONG);
    failures_add_up(app, other).await;
    app.wait(LONG);
    rates_add_up(app, other).await;
    changes_are_pushed(app, other).await;
    caches_agree(app, other).await;
}

async fn people_are_known(app: &TestApp, other: &TestApp) {
    let (answer, browser) = log_in(app, "user", PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(status(&browser.at(other)).await, 403);
    let own = format!("/user/{}", app.person("user").await.id);
    assert!(browser.at(other).get(&own).await.contains("Log out"));
    update(app, promoted(true)).await;
    assert_eq!(status(&browser.at(other)).await, 200);
    update(other, promoted(false)).await;
    assert_eq!(status(&browser).await, 403);
    let (_, browser) = log_in(other, "user", PASSWORD).await;
    let there = browser.at(app);
    assert!(there.get(&own).await.contains("Log out"));
    assert_eq!(
        browser.form("/user/logout").await.press("log_out").await.status,
        303
    );
    assert_eq!(
        there.get(&own).await.status,
        404,
        "who has logged out is a stranger"
    );
}

async fn failures_add_up(app: &TestApp, other: &TestApp) {
    for node in [app, other, app, other, app] {
        assert_eq!(log_in(node, "editor", "wrong").await.0.status, 401);
    }
    for node in [app, other] {
        let (locked, _) = log_in(node, "editor", PASSWORD).await;
        assert_eq!(locked.status, 429);
        assert!(locked.contains("Account temporarily locked"), "{}", locked.text);
    }
}

async fn rates_add_up(app: &TestApp, other: &TestApp) {
    let mut passed = 0;
    for node in [app, app, other, other, other, other, app] {
        passed += usize::from(node.post("/user/login", "").await.status != 429);
    }
    assert_eq!(passed, 5, "logins of an address in a minute");
    let nodes = [counters(app), counters(other)];
    assert_eq!(many_at_once(app, &nodes).await, 5);
}

async fn changes_are_pushed(app: &TestApp, other: &TestApp) {
    // More of them than looks into the database would find in the time.
    let mut taken = Duration::ZERO;
    for number in 0..5 {
        let name = format!("Name {number} at {}", app.now().0);
        rename(app, &name).await;
        taken += takes_up(other, &name).await;
    }
    assert!(taken < Duration::from_secs(2), "{taken:?}");
}

async fn caches_agree(app: &TestApp, other: &TestApp) {
    let item = app.item("note", "As it was").save().await;
    let path = format!("/item/{}", item.id);
    for node in [app, other] {
        assert!(node.get(&path).await.contains("As it was"));
    }
    let tag = format!("item:{}", item.id);
    set(app, "page", "As it was", &[&tag]).await;
    set(app, "stays", "Another", &["t"]).await;
    for name in ["page", "stays"] {
        assert!(look(other, 1, name).await.is_some());
    }
    app.services().items.delete(&app.system(), item.id).await.unwrap();
    assert_eq!(other.get(&path).await.status, 404);
    assert_eq!(look(app, 2, "page").await, None);
    gone(other, "page").await;
    assert_eq!(look(other, 3, "stays").await.as_deref(), Some("Another"));
    invalidate(other, "t").await;
    gone(app, "stays").await;
    nothing_old_stays(app, other).await;
}

/// Redis is gone, and the site goes on.
pub(crate) async fn go_on_without(nodes: [&TestApp; 2]) {
    for node in nodes {
        node.redis_is_away().await;
        assert_eq!(node.get("/").await.status, 200);
        node.wait(LONG);
        assert_eq!(log_in(node, "user", PASSWORD).await.0.status, 303);
        let health = node.get("/health").await;
        assert_eq!(health.text, r#"{"failing":["redis"],"status":"unhealthy"}"#);
    }
}

async fn survive_a_failover(app: TestApp, authority: Option<&Authority>) {
    app.with(Package::fixture("prober")).await;
    let mut servers = RedisSentinels::begin(authority).await;
    let (app, other) = two_nodes(app, servers.url(), authority.map(Authority::file)).await;
    share_all(&app, &other).await;
    set(&app, "before", "old", &["t"]).await;
    // A machine goes with all that runs on it; what is asked there is not even refused.
    servers.sentinels[0].freeze();
    servers.primary.kill();
    go_on_without([&app, &other]).await;
    invalidate(&app, "t").await;
    servers.is_switched().await;
    for node in [&app, &other] {
        node.redis_answers().await;
        assert_eq!(
            look(node, 10, "before").await,
            None,
            "what the replica still has is not served"
        );
    }
    share_all(&app, &other).await;
    app.logged("is away, the site goes on without it");
}

async fn share_a_cluster(app: TestApp, authority: Option<&Authority>) {
    app.with(Package::fixture("prober")).await;
    let cluster = RedisCluster::begin(authority).await;
    let (app, other) = two_nodes(app, cluster.url(), authority.map(Authority::file)).await;
    share_all(&app, &other).await;
}

on_sqlite! {
    async fn nodes_share_a_server_with_tls(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        let authority = Authority::of_this_machine();
        let server = RedisServer::with_tls(&authority).await;
        let (app, other) = two_nodes(app, server.url(), Some(authority.file())).await;
        share_all(&app, &other).await;
    }

    async fn nodes_share_a_cluster(app: TestApp) {
        share_a_cluster(app, None).await;
    }

    async fn nodes_share_a_cluster_with_tls(app: TestApp) {
        share_a_cluster(app, Some(&Authority::of_this_machine())).await;
    }

    async fn nodes_share_what_sentinels_look_after_also_when_a_replica_takes_over(app: TestApp) {
        survive_a_failover(app, None).await;
    }

    async fn sentinels_and_their_servers_may_have_tls(app: TestApp) {
        survive_a_failover(app, Some(&Authority::of_this_machine())).await;
    }
}
