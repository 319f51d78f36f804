//! The `cache` interface.

use std::time::Duration;

use trovato::wit::types::Error;
use trovato_tests::{Package, TestApp, both};

use super::{probe, refusal, with_prober};

both! {
    async fn an_entry_is_there_until_it_is_removed(app: TestApp) {
        with_prober(&app).await;
        assert_eq!(probe(&app, "cache.get", "bin|key").await, "nothing");
        probe(&app, "cache.set", "bin|key|value").await;
        assert_eq!(probe(&app, "cache.get", "bin|key").await, "value");
        assert_eq!(probe(&app, "cache.get", "other|key").await, "nothing");
        probe(&app, "cache.remove", "bin|key").await;
        assert_eq!(probe(&app, "cache.get", "bin|key").await, "nothing");
    }

    async fn what_is_in_the_cache_is_not_computed_again(app: TestApp) {
        with_prober(&app).await;
        assert_eq!(probe(&app, "cache.compute", "bin|key|first").await, "first");
        assert_eq!(probe(&app, "cache.compute", "bin|key|second").await, "first");
    }

    async fn an_entry_goes_when_its_time_is_over(app: TestApp) {
        with_prober(&app).await;
        probe(&app, "cache.set-for", "bin|key|value|1000").await;
        app.wait(Duration::from_millis(999));
        assert_eq!(probe(&app, "cache.get", "bin|key").await, "value");
        app.wait(Duration::from_millis(1));
        assert_eq!(probe(&app, "cache.get", "bin|key").await, "nothing");
    }

    async fn an_entry_goes_with_its_tag_in_all_bins(app: TestApp) {
        with_prober(&app).await;
        probe(&app, "cache.set-tagged", "bin|key|value|tag").await;
        probe(&app, "cache.set-tagged", "other|key|value|tag").await;
        probe(&app, "cache.set", "bin|untagged|value").await;
        probe(&app, "cache.invalidate", "tag").await;
        assert_eq!(probe(&app, "cache.get", "bin|key").await, "nothing");
        assert_eq!(probe(&app, "cache.get", "other|key").await, "nothing");
        assert_eq!(probe(&app, "cache.get", "bin|untagged").await, "value");
    }

    async fn an_entry_that_is_tagged_with_an_item_goes_when_the_item_is_saved(app: TestApp) {
        with_prober(&app).await;
        let note = app.item("note", "A note").save().await;
        for (key, tag) in [("one", format!("item:{}", note.id)), ("all", "item-type:note".to_owned())] {
            probe(&app, "cache.set-tagged", &format!("bin|{key}|value|{tag}")).await;
        }
        probe(&app, "items.rename", &format!("{}|Another", note.id)).await;
        assert_eq!(probe(&app, "cache.get", "bin|one").await, "nothing");
        assert_eq!(probe(&app, "cache.get", "bin|all").await, "nothing");
    }

    async fn a_plugin_can_neither_read_nor_drop_the_entries_of_another(app: TestApp) {
        with_prober(&app).await;
        app.with(Package::other_prober()).await;
        probe(&app, "cache.set-tagged", "bin|key|value|tag").await;
        let ask = async |function, argument| app.ask("other", function, argument).await.unwrap();
        assert_eq!(ask("cache.get", "bin|key").await, "nothing");
        ask("cache.remove", "bin|key").await;
        ask("cache.invalidate", "tag").await;
        assert_eq!(probe(&app, "cache.get", "bin|key").await, "value");
    }

    async fn an_entry_has_at_most_a_mebibyte(app: TestApp) {
        with_prober(&app).await;
        probe(&app, "cache.set-long", "bin|key|1048576").await;
        let refused = refusal(&app, "cache.set-long", "bin|key|1048577").await;
        assert_eq!(refused, Error::Limit("an entry of the cache has at most 1 MiB".to_owned()));
    }

    async fn a_key_and_a_tag_have_at_most_256_bytes(app: TestApp) {
        with_prober(&app).await;
        let long = "k".repeat(257);
        let refused = refusal(&app, "cache.set", &format!("|{long}|value")).await;
        assert_eq!(refused, Error::Limit("the bin and key of an entry have at most 256 bytes together".to_owned()));
        let refused = refusal(&app, "cache.set-tagged", &format!("bin|key|value|{long}")).await;
        assert_eq!(refused, Error::Limit("an entry has at most 100 tags of 256 bytes".to_owned()));
    }
}
