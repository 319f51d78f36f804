//! What changes on one node takes effect on the others.

use std::time::{Duration, Instant};

use trovato::subsystems::variable::SITE;
use trovato_tests::{TestApp, both};

/// Waits until a node has another name for the site, and says how long it took.
pub(super) async fn takes_up(app: &TestApp, name: &str) -> Duration {
    let begun = Instant::now();
    let same = async {
        while app.services().variables.site_text("site_name", "") != name {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), same)
        .await
        .expect("the change was taken up");
    begun.elapsed()
}

pub(super) async fn rename(app: &TestApp, name: &str) {
    app.services()
        .variables
        .store(SITE, "site_name", Some(name.into()))
        .await
        .unwrap();
}

both! {
    async fn a_setting_reaches_the_other_node_by_push(app: TestApp) {
        let app = app.with_redis().await;
        let other = app.another_node().await;
        other.follow();
        // Five times within what one look takes: the word comes faster than the look.
        let mut taken = Duration::ZERO;
        for number in 0..5 {
            let name = format!("Name {number}");
            rename(&app, &name).await;
            taken += takes_up(&other, &name).await;
        }
        assert!(taken < Duration::from_secs(2), "{taken:?}");
        assert!(other.get("/").await.contains("Name 4"));
    }

    async fn without_redis_it_is_found_by_looking(app: TestApp) {
        let other = app.another_node().await;
        other.follow();
        rename(&app, "Found").await;
        takes_up(&other, "Found").await;
    }

    async fn while_redis_is_away_it_is_found_by_looking(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        let other = app.another_node().await;
        other.follow();
        wire.cut();
        app.redis_is_away().await;
        other.redis_is_away().await;
        rename(&app, "Found").await;
        takes_up(&other, "Found").await;
    }
}
