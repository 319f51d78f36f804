//! What is dear to compute, kept until one of its tags is invalidated.
//!
//! Each plugin has bins of its own. An entry remembers the generation of each of its tags; invalidating a tag
//! starts a new generation, so that no entry made before it is ever served again, also one that is being made.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// The cache.
pub struct Cache {
    clock: Clock,
    entries: Store<Key, Arc<Entry>>,
    generations: Store<String, u64>,
    next: AtomicU64,
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
        }
    }

    /// Drops whatever carries one of the tags, whoever owns it.
    pub fn invalidate(&self, tags: &[String]) {
        for tag in tags {
            self.generations
                .insert(tag.clone(), self.next.fetch_add(1, Ordering::Relaxed));
        }
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

    fn set(&self, key: Key, value: Vec<u8>, tags: Vec<String>, expires: Option<Timestamp>) {
        let generation = |tag: &String| {
            self.generations
                .get_with_by_ref(tag, || self.next.fetch_add(1, Ordering::Relaxed))
        };
        let tags = tags
            .into_iter()
            .map(|tag| (generation(&tag), tag))
            .map(|(at, tag)| (tag, at))
            .collect();
        self.entries.insert(key, Arc::new(Entry { value, tags, expires }));
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
        self.service().get(&self.key(bin, key))
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
        cache.set(self.key(bin, key), value, tags, expires);
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
