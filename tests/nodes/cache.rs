//! The cache on two levels: coherent on all nodes, and nothing stale after an outage.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use trovato::subsystems::cache::{Cache, Entry, Key, Looked};
use trovato_tests::{Package, TestApp, both};
use uuid::Uuid;

fn cache(app: &TestApp) -> Arc<Cache> {
    app.services().cache.clone()
}

fn key(name: &str) -> Key {
    Key {
        owner: "blog".to_owned(),
        version: "1.0.0".to_owned(),
        bin: "bin".to_owned(),
        key: name.to_owned(),
        stage: Uuid::nil(),
    }
}

fn entry(value: &str, tags: &[&str]) -> Entry {
    Entry {
        value: value.as_bytes().into(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        expires: None,
    }
}

/// A request looks and finds, or not.
pub(super) async fn look(app: &TestApp, request: u128, name: &str) -> Option<String> {
    match cache(app).look(Uuid::from_u128(request), &key(name)).await {
        Looked::Value(value) => Some(String::from_utf8(value.to_vec()).unwrap()),
        Looked::Make(_) => None,
    }
}

/// A request that has not looked sets what is true now.
pub(super) async fn set(app: &TestApp, name: &str, value: &str, tags: &[&str]) {
    cache(app)
        .set(Uuid::from_u128(u128::MAX), key(name), entry(value, tags))
        .await;
}

pub(super) async fn invalidate(app: &TestApp, tag: &str) {
    cache(app).invalidate(&[tag.to_owned()]).await;
}

/// Waits until a node does not find an entry any more: how the word gets there is awaited, not how long it takes.
pub(super) async fn gone(app: &TestApp, name: &str) {
    let look_until_gone = async {
        while look(app, 99, name).await.is_some() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(1), look_until_gone)
        .await
        .expect("within a second");
}

/// Readers and writers on two nodes at once: what the cache has at the end is true on both.
pub(super) async fn nothing_old_stays(app: &TestApp, other: &TestApp) {
    let nodes = [cache(app), cache(other)];
    // The truth is a number that only grows; the cache may lag behind while it is told, never stay behind.
    let truth = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let name = app.services().ids.next().to_string();
    let requests = app.services().ids.next().as_u128() & !0xffff;
    let mut running = Vec::new();
    for reader in 0..8_u128 {
        let (cache, truth) = (nodes[(reader % 2) as usize].clone(), truth.clone());
        let name = name.clone();
        running.push(tokio::spawn(async move {
            for round in 0..40_u128 {
                let request = Uuid::from_u128(requests + reader * 1000 + round);
                if let Looked::Make(_flight) = cache.look(request, &key(&name)).await {
                    let read = truth.load(Ordering::SeqCst).to_string();
                    tokio::task::yield_now().await;
                    cache.set(request, key(&name), entry(&read, &["t"])).await;
                }
            }
        }));
    }
    for round in 0..30 {
        truth.fetch_add(1, Ordering::SeqCst);
        nodes[round % 2].invalidate(&["t".to_owned()]).await;
    }
    for task in running {
        task.await.unwrap();
    }
    for app in [app, other] {
        let settled = async {
            while look(app, requests + 9999, &name)
                .await
                .is_some_and(|value| value != "30")
            {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(1), settled)
            .await
            .expect("no old value stays");
    }
}

async fn two_nodes(app: TestApp) -> (TestApp, TestApp) {
    let app = app.with_redis().await;
    let other = app.another_node().await;
    (app, other)
}

both! {
    async fn a_node_that_starts_does_not_read_what_happened_long_before(app: TestApp) {
        for nth in 0..600 {
            invalidate(&app, &format!("tag:{nth}")).await;
        }
        app.wait(Duration::from_secs(5 * 60));
        let other = app.another_node().await;
        drop(other.statements());
        cache(&other).follow().await.unwrap();
        let reads = |app: &TestApp| app.statements().iter().filter(|name| **name == "cache.changes").count();
        assert_eq!(reads(&other), 1, "more than one look at the records");

        set(&other, "page", "old", &["item"]).await;
        invalidate(&app, "item").await;
        cache(&other).follow().await.unwrap();
        assert_eq!(look(&other, 1, "page").await, None);
    }

    async fn what_one_node_keeps_the_other_finds_also_after_a_restart(app: TestApp) {
        let (app, other) = two_nodes(app).await;
        set(&app, "a", "one", &["t"]).await;
        assert_eq!(look(&other, 1, "a").await.as_deref(), Some("one"));
        let app = app.restart().await;
        assert_eq!(look(&app, 1, "a").await.as_deref(), Some("one"));
    }

    async fn what_one_node_invalidates_is_gone_from_the_memory_of_the_other(app: TestApp) {
        let (app, other) = two_nodes(app).await;
        set(&app, "a", "one", &["s", "t"]).await;
        set(&app, "b", "two", &["s"]).await;
        assert_eq!(look(&other, 1, "a").await.as_deref(), Some("one"));
        assert_eq!(look(&other, 1, "b").await.as_deref(), Some("two"));
        invalidate(&app, "t").await;
        assert_eq!(look(&app, 2, "a").await, None);
        gone(&other, "a").await;
        assert_eq!(look(&other, 2, "b").await.as_deref(), Some("two"));
    }

    async fn an_entry_that_one_node_drops_is_gone_from_the_memory_of_the_other(app: TestApp) {
        let (app, other) = two_nodes(app).await;
        set(&app, "a", "one", &[]).await;
        assert_eq!(look(&other, 1, "a").await.as_deref(), Some("one"));
        cache(&app).remove(&key("a")).await;
        assert_eq!(look(&app, 2, "a").await, None);
        gone(&other, "a").await;
    }

    async fn a_value_that_was_begun_before_another_node_invalidated_is_not_kept(app: TestApp) {
        let (app, other) = two_nodes(app).await;
        assert_eq!(look(&app, 1, "a").await, None);
        invalidate(&other, "t").await;
        cache(&app).set(Uuid::from_u128(1), key("a"), entry("old", &["t"])).await;
        assert_eq!(look(&app, 2, "a").await, None);
        assert_eq!(look(&other, 2, "a").await, None);
        cache(&app).set(Uuid::from_u128(2), key("a"), entry("new", &["t"])).await;
        assert_eq!(look(&other, 3, "a").await.as_deref(), Some("new"));
    }

    async fn a_tag_that_nobody_has_used_yet_is_no_way_around(app: TestApp) {
        let (app, other) = two_nodes(app).await;
        assert_eq!(look(&app, 1, "a").await, None);
        invalidate(&other, "another").await;
        cache(&app).set(Uuid::from_u128(1), key("a"), entry("unsure", &["fresh"])).await;
        assert_eq!(look(&app, 2, "a").await, None, "whether `fresh` was invalidated nobody knows");
        cache(&app).set(Uuid::from_u128(2), key("a"), entry("sure", &["fresh"])).await;
        assert_eq!(look(&app, 3, "a").await.as_deref(), Some("sure"));
    }

    async fn an_entry_expires_by_the_clock_of_the_site(app: TestApp) {
        let (app, other) = two_nodes(app).await;
        let mut brief = entry("brief", &["t"]);
        brief.expires = Some(app.now().plus(Duration::from_secs(60)));
        cache(&app).set(Uuid::from_u128(u128::MAX), key("a"), brief).await;
        assert_eq!(look(&other, 1, "a").await.as_deref(), Some("brief"));
        app.wait(Duration::from_secs(60));
        assert_eq!(look(&other, 2, "a").await, None);
        assert_eq!(look(&app, 2, "a").await, None);
    }

    async fn one_makes_what_is_missing_and_the_others_wait(app: TestApp) {
        let cache = cache(&app);
        let Looked::Make(Some(flight)) = cache.look(Uuid::from_u128(1), &key("a")).await else {
            panic!("there was nothing yet");
        };
        assert!(matches!(cache.look(Uuid::from_u128(1), &key("a")).await, Looked::Make(None)), "not for itself");
        let waiting = AtomicBool::new(true);
        let other = async {
            let found = look(&app, 2, "a").await;
            waiting.store(false, Ordering::SeqCst);
            found
        };
        let make = async {
            tokio::task::yield_now().await;
            assert!(waiting.load(Ordering::SeqCst));
            cache.set(Uuid::from_u128(1), key("a"), entry("made", &[])).await;
            drop(flight);
        };
        let (found, ()) = tokio::join!(other, make);
        assert_eq!(found.as_deref(), Some("made"));
    }

    async fn who_gives_up_lets_the_next_one_make_it(app: TestApp) {
        let cache = cache(&app);
        let Looked::Make(flight) = cache.look(Uuid::from_u128(1), &key("a")).await else {
            panic!("there was nothing yet");
        };
        let give_up = async { drop(flight) };
        let name = key("a");
        let (looked, ()) = tokio::join!(cache.look(Uuid::from_u128(2), &name), give_up);
        assert!(matches!(looked, Looked::Make(Some(_))));
    }

    async fn what_is_invalidated_while_redis_is_away_is_not_served_afterwards(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        app.redis_answers().await;
        let url = trovato_tests::redis_url();
        // The other node stays connected all the time.
        let other = app.another_node_with(|config| config.redis_url = Some(url.into())).await;
        for name in ["a", "b"] {
            set(&app, name, "old", &["t"]).await;
            assert_eq!(look(&other, 1, name).await.as_deref(), Some("old"));
        }
        assert_eq!(look(&app, 1, "a").await.as_deref(), Some("old"));
        wire.cut();
        app.redis_is_away().await;
        assert_eq!(look(&app, 2, "a").await, None, "what others drop could not be heard");
        invalidate(&app, "t").await;
        other.services().cache.follow().await.unwrap();
        assert_eq!(look(&other, 2, "a").await, None, "the database has told it");
        wire.mend();
        app.redis_answers().await;
        assert_eq!(look(&app, 3, "a").await, None);
        assert_eq!(look(&app, 3, "b").await, None);
        set(&app, "a", "new", &["t"]).await;
        assert_eq!(look(&other, 3, "a").await.as_deref(), Some("new"));
    }

    async fn what_another_node_invalidated_meanwhile_is_not_served_from_memory(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        app.redis_answers().await;
        let url = trovato_tests::redis_url();
        let other = app.another_node_with(|config| config.redis_url = Some(url.into())).await;
        set(&app, "a", "old", &["t"]).await;
        assert_eq!(look(&app, 1, "a").await.as_deref(), Some("old"));
        wire.cut();
        app.redis_is_away().await;
        invalidate(&other, "t").await;
        wire.mend();
        app.redis_answers().await;
        assert_eq!(look(&app, 2, "a").await, None);
    }

    async fn what_is_begun_before_an_outage_is_not_kept_after_it(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        app.redis_answers().await;
        assert_eq!(look(&app, 1, "a").await, None);
        wire.cut();
        app.redis_is_away().await;
        assert_eq!(look(&app, 2, "b").await, None);
        wire.mend();
        app.redis_answers().await;
        for (request, name) in [(1, "a"), (2, "b")] {
            cache(&app).set(Uuid::from_u128(request), key(name), entry("old", &[])).await;
            assert_eq!(look(&app, 9, name).await, None, "{name}");
        }
    }

    async fn a_saved_item_is_fresh_on_every_node(app: TestApp) {
        let (app, other) = two_nodes(app).await;
        app.with(Package::fixture("prober")).await;
        let item = app.item("note", "A page").save().await;
        let tag = format!("item:{}", item.id);
        set(&other, "a", "A page", &[&tag]).await;
        assert_eq!(look(&app, 1, "a").await.as_deref(), Some("A page"));
        app.services().items.delete(&app.system(), item.id).await.unwrap();
        assert_eq!(look(&app, 2, "a").await, None);
        gone(&other, "a").await;
    }

    async fn readers_and_writers_on_two_nodes_never_leave_an_old_value(app: TestApp) {
        let (app, other) = two_nodes(app).await;
        nothing_old_stays(&app, &other).await;
    }

    async fn what_a_node_that_was_killed_has_stored_but_not_told_is_dropped_by_the_others(app: TestApp) {
        let (app, other) = two_nodes(app).await;
        set(&other, "a", "old", &["t"]).await;
        assert_eq!(look(&other, 1, "a").await.as_deref(), Some("old"));
        // Stored and written down in one transaction; then the node is gone.
        let mut tx = app.services().db.begin().await.unwrap();
        let untold = cache(&app).record(&mut tx, &["t".to_owned()]).await.unwrap();
        tx.commit().await.unwrap();
        drop(untold);
        cache(&other).follow().await.unwrap();
        assert_eq!(look(&other, 2, "a").await, None);
        let fresh = app.restart().await;
        assert_eq!(look(&fresh, 2, "a").await, None, "on the second level neither");
        set(&fresh, "a", "new", &["t"]).await;
        cache(&fresh).follow().await.unwrap();
        cache(&other).follow().await.unwrap();
        assert_eq!(look(&fresh, 3, "a").await.as_deref(), Some("new"), "what was told is not told again");
        assert_eq!(look(&other, 3, "a").await.as_deref(), Some("new"));
    }

    async fn what_is_not_committed_is_not_invalidated(app: TestApp) {
        let other = app.another_node().await;
        set(&other, "a", "true", &["t"]).await;
        let mut tx = app.services().db.begin().await.unwrap();
        drop(cache(&app).record(&mut tx, &["t".to_owned()]).await.unwrap());
        drop(tx);
        cache(&other).follow().await.unwrap();
        assert_eq!(look(&other, 1, "a").await.as_deref(), Some("true"));
    }

    async fn without_redis_nodes_and_the_command_line_tell_each_other_by_the_database(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        let item = app.item("note", "A page").save().await;
        let other = app.another_node().await;
        let tag = format!("item:{}", item.id);
        set(&other, "a", "A page", &[&tag]).await;
        set(&other, "b", "Another", &["t"]).await;
        app.services().items.delete(&app.system(), item.id).await.unwrap();
        other.follow();
        gone(&other, "a").await;
        assert_eq!(look(&other, 2, "b").await.as_deref(), Some("Another"));
        app.wait(Duration::from_secs(3600));
        cache(&other).tidy().await.unwrap();
        set(&other, "a", "A page", &[&tag]).await;
        invalidate(&app, &tag).await;
        gone(&other, "a").await;
    }
}
