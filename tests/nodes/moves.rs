//! Keys of a cluster that move from server to server, and servers that go and come back.

use std::sync::Arc;

use trovato::redis::{Redis, State};
use trovato_tests::{Package, RedisCluster, TestApp, on_sqlite};

use crate::cache::{gone, invalidate, look, set};
use crate::kinds::{go_on_without, share_all, two_nodes};

/// What the keys of the site begin with.
const PREFIX: &str = "site";

fn redis(app: &TestApp) -> &Redis {
    app.services().redis.as_ref().unwrap()
}

fn reign(app: &TestApp) -> Arc<str> {
    redis(app).term().unwrap().reign.clone()
}

/// Waits until both nodes know that a reign is over, and are in the same next one.
async fn another_reign(app: &TestApp, other: &TestApp, last: &str) {
    for node in [app, other] {
        let mut state = redis(node).watch();
        let begun = state.wait_for(|state| matches!(state, State::Up(reign) if **reign != *last));
        tokio::time::timeout(std::time::Duration::from_secs(20), begun)
            .await
            .expect("another server has the keys")
            .unwrap();
    }
    assert_eq!(reign(app), reign(other));
}

on_sqlite! {
    async fn what_was_kept_before_the_keys_moved_is_not_served_when_they_are_back(app: TestApp) {
        let cluster = RedisCluster::begin(None).await;
        let (app, other) = two_nodes(app, cluster.url(), None).await;
        set(&app, "a", "old", &["t"]).await;
        assert_eq!(look(&other, 1, "a").await.as_deref(), Some("old"));
        let home = cluster.owner(PREFIX).await;
        let away = (home + 1) % 3;
        let first = reign(&app);
        cluster.begin_move(PREFIX, home, away).await;
        cluster.end_move(PREFIX, home, away).await;
        another_reign(&app, &other, &first).await;
        assert_eq!(cluster.owner(PREFIX).await, away);
        invalidate(&app, "t").await;
        set(&app, "a", "new", &["t"]).await;
        assert_eq!(look(&other, 2, "a").await.as_deref(), Some("new"));
        let second = reign(&app);
        cluster.begin_move(PREFIX, away, home).await;
        cluster.end_move(PREFIX, away, home).await;
        another_reign(&app, &other, &second).await;
        for node in [&app, &other] {
            assert_eq!(look(node, 3, "a").await, None);
        }
        assert_ne!(reign(&app), first);
    }

    async fn the_site_works_while_its_keys_move_and_afterwards(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        let cluster = RedisCluster::begin(None).await;
        let (app, other) = two_nodes(app, cluster.url(), None).await;
        share_all(&app, &other).await;
        set(&app, "a", "old", &["t"]).await;
        assert_eq!(look(&other, 1, "a").await.as_deref(), Some("old"));
        let home = cluster.owner(PREFIX).await;
        let away = (home + 1) % 3;
        let first = reign(&app);
        cluster.begin_move(PREFIX, home, away).await;
        // Half of the keys are here and half are there.
        for node in [&app, &other] {
            assert_eq!(node.get("/").await.status, 200);
            assert_eq!(node.signed_in("admin").await.get("/admin/people").await.status, 200);
        }
        invalidate(&app, "t").await;
        gone(&other, "a").await;
        cluster.end_move(PREFIX, home, away).await;
        another_reign(&app, &other, &first).await;
        share_all(&app, &other).await;
    }

    async fn a_server_of_a_cluster_that_goes_and_comes_back_empty_is_used_again(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        let mut cluster = RedisCluster::begin(None).await;
        let (app, other) = two_nodes(app, cluster.url(), None).await;
        set(&app, "a", "old", &["t"]).await;
        assert_eq!(look(&other, 1, "a").await.as_deref(), Some("old"));
        let home = cluster.owner(PREFIX).await;
        cluster.servers[home].kill();
        go_on_without([&app, &other]).await;
        invalidate(&app, "t").await;
        cluster.servers[home].begin_again().await;
        for node in [&app, &other] {
            node.redis_answers().await;
            assert_eq!(look(node, 2, "a").await, None);
        }
        share_all(&app, &other).await;
        app.logged("is away, the site goes on without it");
    }
}
