//! What is dear to compute, kept until one of its tags is invalidated.
//!
//! Each plugin has bins of its own. An entry remembers the generation of each of its tags; invalidating a tag
//! starts a new one, and no entry of an older one is served again. A value that was being made meanwhile is not kept
//! either: a request that looks in vain for an entry notes when, and what it then sets is dropped if one of the tags
//! has been invalidated since. Who sets an entry without having looked for it vouches for the value as it is now.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use moka::policy::EvictionPolicy;
use moka::sync::Cache as Store;
use uuid::Uuid;

use super::{Interface, Linked, Service, Subsystem, View};
use crate::time::{Clock, Timestamp};
use crate::wit;
use crate::wit::types::Error;

/// Bytes of all entries together.
const CAPACITY: u64 = 32 << 20;
const ENTRY_LIMIT: usize = 1 << 20;
const KEY_LIMIT: usize = 256;
const TAGS_LIMIT: usize = 100;
/// Tags that are remembered; forgetting one drops the entries that carry it.
const TAGS: u64 = 1_000_000;
/// Values in the making that are remembered; the oldest are forgotten first.
const PENDING: u64 = 10_000;

/// The cache.
pub struct Cache {
    clock: Clock,
    entries: Store<Key, Arc<Entry>>,
    generations: Store<String, u64>,
    next: AtomicU64,
    /// By request and key: the generation that was next when the entry was missed.
    pending: Store<(Uuid, Key), u64>,
}

/// Where an entry is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    owner: String,
    bin: String,
    key: String,
    stage: Uuid,
}

#[derive(Debug)]
struct Entry {
    value: Vec<u8>,
    tags: Vec<(String, u64)>,
    expires: Option<Timestamp>,
}

impl Cache {
    /// An empty cache.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let weigh = |key: &Key, entry: &Arc<Entry>| {
            let tags: usize = entry.tags.iter().map(|(tag, _)| tag.len() + 32).sum();
            let size = entry.value.len() + tags + key.owner.len() + key.bin.len() + key.key.len() + 128;
            u32::try_from(size).unwrap_or(u32::MAX)
        };
        Self {
            clock,
            entries: Store::builder().weigher(weigh).max_capacity(CAPACITY).build(),
            generations: Store::new(TAGS),
            next: AtomicU64::new(1),
            pending: Store::builder()
                .max_capacity(PENDING)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
        }
    }

    /// Drops whatever carries one of the tags, whoever owns it.
    pub fn invalidate(&self, tags: &[String]) {
        for tag in tags {
            // Counted under the tag's lock, so that generations of a tag only grow.
            self.generations
                .entry_by_ref(tag)
                .and_upsert_with(|_| self.next.fetch_add(1, Ordering::SeqCst));
        }
    }

    /// Reads an entry for a request, which may go on to make one that is missing.
    fn look(&self, request: Uuid, key: Key) -> Option<Vec<u8>> {
        let found = self.get(&key);
        if found.is_none() {
            let next = || self.next.load(Ordering::SeqCst);
            self.pending.get_with((request, key), next);
        }
        found
    }

    fn get(&self, key: &Key) -> Option<Vec<u8>> {
        let entry = self.entries.get(key)?;
        let fresh = entry.expires.is_none_or(|expires| self.clock.now() < expires)
            && entry
                .tags
                .iter()
                .all(|(tag, generation)| self.generations.get(tag) == Some(*generation));
        if fresh {
            return Some(entry.value.clone());
        }
        self.entries.invalidate(key);
        None
    }

    /// Keeps what a request has made, unless it may be out of date already.
    fn set(&self, request: Uuid, key: Key, value: Vec<u8>, tags: Vec<String>, expires: Option<Timestamp>) {
        let pending = (request, key);
        let noted = self.pending.remove(&pending);
        let since = noted.unwrap_or_else(|| self.next.load(Ordering::SeqCst));
        // A tag that is new has the last generation before the value was begun.
        let generation = |tag: &String| self.generations.get_with_by_ref(tag, || since - 1);
        let tags: Vec<_> = tags
            .into_iter()
            .map(|tag| (generation(&tag), tag))
            .map(|(at, tag)| (tag, at))
            .collect();
        if tags.iter().all(|(_, generation)| *generation < since) {
            let entry = Arc::new(Entry { value, tags, expires });
            self.entries.insert(pending.1, entry);
        }
    }
}

impl Subsystem for Cache {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::open("cache", |linker| {
            wit::cache::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())
        })]
    }
}

impl View<'_, Cache> {
    fn key(&self, bin: String, key: String) -> Key {
        Key {
            owner: self.call.plugin.name.clone(),
            bin,
            key,
            stage: self.session().request().stage,
        }
    }

    /// The plugin's own tags are apart from those of others; the content's are common.
    fn tag(&self, tag: String) -> String {
        let common = tag.starts_with("item:") || tag.starts_with("item-type:");
        if common {
            tag
        } else {
            format!("{}/{tag}", self.call.plugin.name)
        }
    }
}

impl wit::cache::Host for View<'_, Cache> {
    fn get(&mut self, bin: String, key: String) -> Option<Vec<u8>> {
        // No such entry was ever kept.
        if bin.len() + key.len() > KEY_LIMIT {
            return None;
        }
        self.service()
            .look(self.session().request().id, self.key(bin, key))
    }

    fn set(
        &mut self,
        bin: String,
        key: String,
        value: Vec<u8>,
        tags: Vec<String>,
        ttl: Option<u32>,
    ) -> Result<(), Error> {
        let limit = |what: &str| Err(Error::Limit(what.to_owned()));
        if value.len() > ENTRY_LIMIT {
            return limit("an entry of the cache has at most 1 MiB");
        }
        if bin.len() + key.len() > KEY_LIMIT {
            return limit("the bin and key of an entry have at most 256 bytes together");
        }
        if tags.len() > TAGS_LIMIT || tags.iter().any(|tag| tag.len() > KEY_LIMIT) {
            return limit("an entry has at most 100 tags of 256 bytes");
        }
        let tags = tags.into_iter().map(|tag| self.tag(tag)).collect();
        let cache = self.service();
        let expires = ttl.map(|ttl| Timestamp(cache.clock.now().as_millis().saturating_add(ttl.into())));
        let request = self.session().request().id;
        cache.set(request, self.key(bin, key), value, tags, expires);
        Ok(())
    }

    fn remove(&mut self, bin: String, key: String) {
        self.service().entries.invalidate(&self.key(bin, key));
    }

    fn invalidate(&mut self, tag: String) {
        // Only its own: the host invalidates the content's tags.
        let tag = format!("{}/{tag}", self.call.plugin.name);
        self.service().invalidate(&[tag]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: Uuid = Uuid::from_u128(7);

    fn key(name: &str) -> Key {
        Key {
            owner: "blog".to_owned(),
            bin: "bin".to_owned(),
            key: name.to_owned(),
            stage: Uuid::nil(),
        }
    }

    fn set(cache: &Cache, name: &str, tag: &str) {
        cache.set(REQUEST, key(name), name.into(), vec![tag.to_owned()], None);
    }

    #[test]
    fn a_value_is_kept_until_one_of_its_tags_is_invalidated() {
        let cache = Cache::new(Clock::system());
        for name in ["a", "b"] {
            assert_eq!(cache.look(REQUEST, key(name)), None);
        }
        set(&cache, "a", "t");
        set(&cache, "b", "t");
        assert_eq!(cache.get(&key("a")), Some(b"a".to_vec()));
        assert_eq!(cache.get(&key("b")), Some(b"b".to_vec()));
        cache.invalidate(&["t".to_owned()]);
        assert_eq!(cache.get(&key("a")), None);
    }

    #[test]
    fn a_value_that_was_begun_before_an_invalidation_is_not_kept_and_the_next_is() {
        let cache = Cache::new(Clock::system());
        cache.look(REQUEST, key("a"));
        cache.invalidate(&["t".to_owned()]);
        set(&cache, "a", "t");
        assert_eq!(cache.look(REQUEST, key("a")), None);
        set(&cache, "a", "t");
        assert_eq!(cache.get(&key("a")), Some(b"a".to_vec()));
    }

    #[test]
    fn another_tags_invalidation_costs_nothing() {
        let cache = Cache::new(Clock::system());
        cache.look(REQUEST, key("a"));
        cache.invalidate(&["other".to_owned()]);
        set(&cache, "a", "t");
        assert_eq!(cache.get(&key("a")), Some(b"a".to_vec()));
    }

    #[test]
    fn who_has_not_looked_sets_what_is_true_now() {
        let cache = Cache::new(Clock::system());
        cache.invalidate(&["t".to_owned()]);
        set(&cache, "a", "t");
        assert_eq!(cache.get(&key("a")), Some(b"a".to_vec()));
    }
}
