//! What was done how often, in process, in Redis and in the database.

use std::sync::Arc;
use std::time::Duration;

use trovato::subsystems::counter::{Counters, Decision};
use trovato_tests::{TestApp, both};

const MINUTE: Duration = Duration::from_secs(60);

pub(super) fn counters(app: &TestApp) -> Arc<Counters> {
    app.services().counters.clone()
}

/// How many of so many hits are allowed.
async fn allowed(app: &TestApp, times: u32, limit: u32) -> u32 {
    let mut allowed = 0;
    for _ in 0..times {
        allowed += u32::from(counters(app).hit("k", MINUTE, limit).await.allowed);
    }
    allowed
}

async fn shared(app: &TestApp, limit: u32) -> Decision {
    counters(app).hit_shared("k", MINUTE, limit).await.unwrap()
}

async fn the_window_slides(app: &TestApp) {
    assert_eq!(allowed(app, 2, 3).await, 2);
    app.wait(Duration::from_secs(40));
    assert_eq!(allowed(app, 3, 3).await, 1);
    let refused = counters(app).hit("k", MINUTE, 3).await;
    assert_eq!(
        (refused.remaining, refused.retry_after),
        (0, Duration::from_secs(20))
    );
    app.wait(Duration::from_secs(20));
    assert_eq!(allowed(app, 5, 3).await, 2);
    app.wait(Duration::from_secs(40));
    let last = counters(app).hit("k", MINUTE, 3).await;
    assert_eq!((last.allowed, last.remaining), (true, 0));
    assert_eq!(counters(app).hit("other", MINUTE, 3).await.remaining, 2);
}

/// Many at once get no more than the limit.
pub(super) async fn many_at_once(app: &TestApp, at: &[Arc<Counters>]) -> usize {
    let key = format!("at once {}", app.services().ids.next());
    let asking = (0..30).map(|number| {
        let (counters, key) = (at[number % at.len()].clone(), key.clone());
        tokio::spawn(async move { counters.hit_shared(&key, MINUTE, 5).await.unwrap().allowed })
    });
    let mut allowed = 0;
    for asked in asking.collect::<Vec<_>>() {
        allowed += usize::from(asked.await.unwrap());
    }
    allowed
}

both! {
    async fn a_window_slides_in_process(app: TestApp) {
        the_window_slides(&app).await;
    }

    async fn a_window_slides_in_redis(app: TestApp) {
        let app = app.with_redis().await;
        the_window_slides(&app).await;
    }

    async fn what_is_refused_is_not_counted(app: TestApp) {
        assert_eq!(allowed(&app, 50, 3).await, 3);
        app.wait(MINUTE);
        assert_eq!(allowed(&app, 50, 3).await, 3);
    }

    async fn two_nodes_count_together_in_redis(app: TestApp) {
        let app = app.with_redis().await;
        let other = app.another_node().await;
        assert_eq!(allowed(&app, 2, 3).await, 2);
        assert_eq!(allowed(&other, 5, 3).await, 1);
        assert_eq!(allowed(&app, 5, 3).await, 0);
    }

    async fn without_redis_what_is_shared_is_counted_in_the_database(app: TestApp) {
        let other = app.another_node().await;
        assert!(shared(&app, 2).await.allowed);
        assert_eq!(shared(&other, 2).await.remaining, 0);
        assert!(!shared(&app, 2).await.allowed);
        let looked = counters(&other).look_shared("k", MINUTE, 2).await.unwrap();
        assert!(!looked.allowed);
        let app = app.restart().await;
        assert!(!shared(&app, 2).await.allowed, "a restart forgets nothing");
        counters(&app).clear_shared("k").await.unwrap();
        assert!(counters(&other).look_shared("k", MINUTE, 2).await.unwrap().allowed);
        assert!(shared(&other, 2).await.allowed);
    }

    async fn what_is_shared_is_counted_in_redis_where_there_is_one(app: TestApp) {
        let app = app.with_redis().await;
        let other = app.another_node().await;
        assert!(shared(&app, 2).await.allowed);
        assert!(shared(&other, 2).await.allowed);
        assert!(!shared(&app, 2).await.allowed);
        assert!(!counters(&other).look_shared("k", MINUTE, 2).await.unwrap().allowed);
        counters(&app).clear_shared("k").await.unwrap();
        assert_eq!(counters(&other).look_shared("k", MINUTE, 2).await.unwrap().remaining, 2);
    }

    async fn many_at_once_do_not_slip_through(app: TestApp) {
        let nodes = [counters(&app), counters(&app.another_node().await)];
        assert_eq!(many_at_once(&app, &nodes).await, 5);
        let app = app.with_redis().await;
        let nodes = [counters(&app), counters(&app.another_node().await)];
        assert_eq!(many_at_once(&app, &nodes).await, 5);
    }

    async fn limits_go_on_while_redis_is_away_and_afterwards(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        app.redis_answers().await;
        assert_eq!(allowed(&app, 2, 3).await, 2);
        wire.cut();
        app.redis_is_away().await;
        assert_eq!(allowed(&app, 5, 3).await, 1, "what was counted before still counts");
        assert!(shared(&app, 1).await.allowed);
        assert!(!shared(&app, 1).await.allowed);
        wire.mend();
        app.redis_answers().await;
        assert_eq!(allowed(&app, 5, 3).await, 0);
        let looked = counters(&app).look_shared("k", MINUTE, 1).await.unwrap();
        assert!(!looked.allowed, "what the database has counted still counts");
        app.wait(MINUTE);
        assert_eq!(allowed(&app, 5, 3).await, 3);
    }

    async fn long_keys_are_told_apart(app: TestApp) {
        let (one, two) = ("a".repeat(500) + "1", "a".repeat(500) + "2");
        assert!(counters(&app).hit_shared(&one, MINUTE, 1).await.unwrap().allowed);
        assert!(counters(&app).hit_shared(&two, MINUTE, 1).await.unwrap().allowed);
        assert!(!counters(&app).hit_shared(&one, MINUTE, 1).await.unwrap().allowed);
    }
}
