//! The other ways in which Redis is run: shared between servers, and looked after by sentinels.

use trovato::redis::{Heard, Redis};
use trovato_tests::{RedisCluster, RedisSentinel, TestApp, both};

fn redis(app: &TestApp) -> &Redis {
    app.services().redis.as_ref().unwrap()
}

/// What a site asks of Redis: values, scripts over several keys, and messages between nodes.
async fn does_all_that_is_asked(app: &TestApp, other: &TestApp) {
    redis(app).set("a", b"one".to_vec(), None).await.unwrap();
    assert_eq!(redis(other).get("a").await.unwrap(), Some(b"one".to_vec()));
    let script = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('MGET', KEYS[1], KEYS[2])";
    let answer = redis(app)
        .script(script, &["b", "a"], vec!["two".into()])
        .await
        .unwrap()
        .list();
    let texts: Vec<_> = answer.into_iter().map(|reply| reply.bytes()).collect();
    assert_eq!(texts, [Some(b"two".to_vec()), Some(b"one".to_vec())]);
    let mut there = redis(other).listen();
    redis(app).publish("topic", b"hello").await.unwrap();
    loop {
        // A node that has just connected hears of a gap first.
        match there.recv().await.unwrap() {
            Heard::Gap => {}
            heard => break assert_eq!(heard, Heard::Message("topic".into(), b"hello".as_slice().into())),
        }
    }
    assert_eq!(redis(app).del(&["a", "b"]).await.unwrap(), 2);
    assert_eq!(other.get("/health").await.text, r#"{"status":"healthy"}"#);
}

both! {
    async fn a_cluster_is_used_as_one_server_is(app: TestApp) {
        let cluster = RedisCluster::begin().await;
        let app = app.restart_with(|config| config.redis_url = Some(cluster.url().into())).await;
        app.redis_answers().await;
        let other = app.another_node().await;
        other.redis_answers().await;
        does_all_that_is_asked(&app, &other).await;
        // Another site is in other slots, on the other server perhaps.
        for prefix in ["one", "two", "three", "four"] {
            let site = app.another_node_with(|config| config.redis_prefix = Some(prefix.to_owned())).await;
            let same = app.another_node_with(|config| config.redis_prefix = Some(prefix.to_owned())).await;
            does_all_that_is_asked(&site, &same).await;
        }
    }

    async fn a_replica_that_takes_over_is_used_as_soon_as_it_does(app: TestApp) {
        let mut servers = RedisSentinel::begin().await;
        let app = app.restart_with(|config| config.redis_url = Some(servers.url().into())).await;
        app.redis_answers().await;
        let other = app.another_node().await;
        other.redis_answers().await;
        does_all_that_is_asked(&app, &other).await;
        servers.primary.kill();
        for node in [&app, &other] {
            node.redis_is_away().await;
            assert_eq!(node.get("/").await.status, 200);
        }
        servers.is_switched().await;
        for node in [&app, &other] {
            node.redis_answers().await;
        }
        does_all_that_is_asked(&app, &other).await;
        app.logged("is away, the site goes on without it");
    }
}
