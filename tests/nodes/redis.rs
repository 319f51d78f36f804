//! Redis comes, goes and comes back.

use std::time::Duration;

use trovato::redis::{Error, Heard, Redis};
use trovato_tests::{TestApp, both};

fn redis(app: &TestApp) -> &Redis {
    app.services().redis.as_ref().unwrap()
}

/// Whether it is away, however that was noticed.
fn is_away<T: std::fmt::Debug>(answer: Result<T, Error>) -> bool {
    answer.unwrap_err().is_away()
}

both! {
    async fn values_are_kept_for_their_time_and_dropped(app: TestApp) {
        let app = app.with_redis().await;
        let redis = redis(&app);
        redis.set("a", b"one".to_vec(), None).await.unwrap();
        redis.set("b", b"two".to_vec(), Some(Duration::from_secs(60))).await.unwrap();
        assert_eq!(redis.get("a").await.unwrap(), Some(b"one".to_vec()));
        assert!(redis.expire("a", Duration::from_secs(60)).await.unwrap());
        assert_eq!(redis.del(&["a", "b", "c"]).await.unwrap(), 2);
        assert_eq!(redis.get("a").await.unwrap(), None);
        assert!(!redis.expire("a", Duration::from_secs(60)).await.unwrap());
    }

    async fn a_script_is_given_keys_of_the_site_and_its_mistakes_are_told(app: TestApp) {
        let app = app.with_redis().await;
        let redis = redis(&app);
        let script = "redis.call('SET', KEYS[1], ARGV[1]) return {redis.call('GET', KEYS[1]), tonumber(ARGV[2]) + 1}";
        let answer = redis.script(script, &["k"], vec!["v".into(), 41.into()]).await.unwrap().list();
        assert_eq!(answer[0].clone().bytes(), Some(b"v".to_vec()));
        assert_eq!(answer[1].integer(), Some(42));
        assert_eq!(redis.get("k").await.unwrap(), Some(b"v".to_vec()));
        let wrong = redis.script("return redis.call('NONSENSE')", &["k"], Vec::new()).await;
        assert!(matches!(wrong, Err(Error::Answer(_))), "{wrong:?}");
        assert!(redis.is_up(), "a mistake of ours is no reason to go without Redis");
    }

    async fn another_node_hears_what_is_said_and_the_speaker_does_not(app: TestApp) {
        let app = app.with_redis().await;
        let other = app.another_node().await;
        let (mut here, mut there) = (redis(&app).listen(), redis(&other).listen());
        redis(&app).publish("topic", b"a b").await.unwrap();
        let heard = there.recv().await.unwrap();
        assert_eq!(heard, Heard::Message("topic".into(), b"a b".as_slice().into()));
        redis(&other).publish("topic", b"back").await.unwrap();
        let heard = here.recv().await.unwrap();
        assert_eq!(heard, Heard::Message("topic".into(), b"back".as_slice().into()));
    }

    async fn sites_that_share_a_server_do_not_meet(app: TestApp) {
        let app = app.with_redis().await;
        let other = app.another_node_with(|config| config.redis_prefix = Some("elsewhere".to_owned())).await;
        redis(&app).set("a", b"here".to_vec(), None).await.unwrap();
        assert_eq!(redis(&other).get("a").await.unwrap(), None);
        let another = app.another_node().await;
        assert_eq!(redis(&another).get("a").await.unwrap(), Some(b"here".to_vec()));
    }

    async fn a_server_that_stops_is_noticed_once_and_used_again_when_it_is_back(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        app.redis_answers().await;
        assert_eq!(app.get("/health").await.text, r#"{"status":"healthy"}"#);
        let mut heard = redis(&app).listen();
        wire.cut();
        app.redis_is_away().await;
        assert!(is_away(redis(&app).get("a").await));
        let health = app.get("/health").await;
        assert_eq!(health.status, 503);
        assert_eq!(health.text, r#"{"failing":["redis"],"status":"unhealthy"}"#);
        assert_eq!(app.get("/health/ready").await.status, 200);
        assert_eq!(app.get("/health/live").await.status, 200);
        assert_eq!(app.get("/").await.status, 200);
        wire.mend();
        app.redis_answers().await;
        assert_eq!(heard.recv().await.unwrap(), Heard::Gap);
        assert_eq!(app.get("/health").await.status, 200);
        app.logged("the site goes on without it");
        app.logged("answers again");
        assert_eq!(app.times_logged("the site goes on without it"), 1);
    }

    async fn a_server_that_hangs_is_waited_for_once(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        app.redis_answers().await;
        wire.hold();
        assert!(is_away(redis(&app).get("a").await));
        assert!(matches!(redis(&app).get("a").await, Err(Error::Away)), "the second question is not asked");
        assert_eq!(app.get("/health").await.status, 503);
        wire.mend();
        app.redis_answers().await;
        assert_eq!(redis(&app).get("a").await.unwrap(), None);
    }

    async fn a_site_starts_without_the_redis_that_it_is_to_use(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        wire.cut();
        let app = app.restart().await;
        assert!(!redis(&app).is_up());
        assert_eq!(app.get("/").await.status, 200);
        wire.mend();
        app.redis_answers().await;
    }
}
