//! The first level: the process's own memory.
//!
//! An entry remembers the generation of each of its tags; invalidating a tag starts a new one, and no entry of an
//! older one is served again. A value that was being made meanwhile is not kept either: whoever looks in vain for an
//! entry is told the moment, and what is then set is dropped if one of its tags has been invalidated since.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use moka::sync::Cache as Store;

use super::model::{Entry, Ground, Key};
use super::{MIB, Sizes};
use crate::time::Timestamp;

/// Tags that are remembered; forgetting one drops the entries that carry it.
const TAGS: u64 = 1_000_000;

/// The first level.
pub(super) struct Local {
    sizes: Sizes,
    bins: RwLock<HashMap<String, Store<Key, Arc<Kept>>>>,
    generations: Store<String, u64>,
    next: AtomicU64,
}

/// An entry as it is kept.
#[derive(Debug)]
struct Kept {
    entry: Entry,
    generations: Vec<u64>,
    ground: Ground,
}

impl Local {
    pub fn new(sizes: Sizes) -> Self {
        Self {
            sizes,
            bins: RwLock::default(),
            generations: Store::new(TAGS),
            next: AtomicU64::new(1),
        }
    }

    /// The moment, for [`Local::set`].
    pub fn moment(&self) -> u64 {
        self.next.load(Ordering::SeqCst)
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

    /// Reads an entry that counts on this ground.
    pub fn get(&self, key: &Key, ground: Ground, now: Timestamp) -> Option<Arc<[u8]>> {
        let bin = self.bin(key);
        let kept = bin.get(key)?;
        let entry = &kept.entry;
        let fresh = kept.ground == ground
            && entry.expires.is_none_or(|expires| now < expires)
            && (entry.tags.iter().zip(&kept.generations))
                .all(|(tag, generation)| self.generations.get(tag) == Some(*generation));
        if fresh {
            return Some(entry.value.clone());
        }
        bin.invalidate(key);
        None
    }

    /// Keeps a value that was begun at a moment, unless one of its tags was invalidated since.
    pub fn set(&self, key: Key, entry: Entry, since: u64, ground: Ground) {
        // A tag that is new has the last generation before the value was begun.
        let generation = |tag: &String| self.generations.get_with_by_ref(tag, || since - 1);
        let generations: Vec<u64> = entry.tags.iter().map(generation).collect();
        if generations.iter().all(|generation| *generation < since) {
            let kept = Arc::new(Kept {
                entry,
                generations,
                ground,
            });
            self.bin(&key).insert(key, kept);
        }
    }

    pub fn remove(&self, key: &Key) {
        self.bin(key).invalidate(key);
    }

    /// The store of a bin that has a size of its own, else that of all other bins of the plugin.
    fn bin(&self, key: &Key) -> Store<Key, Arc<Kept>> {
        let full = format!("{}/{}", key.owner, key.bin);
        let (name, size) = match self.sizes.bins.get(&full) {
            Some(size) => (full, *size),
            None => (key.owner.clone(), self.sizes.plugin),
        };
        let bins = self.bins.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(bin) = bins.get(&name) {
            return bin.clone();
        }
        drop(bins);
        let mut bins = self.bins.write().unwrap_or_else(PoisonError::into_inner);
        bins.entry(name).or_insert_with(|| store(size)).clone()
    }
}

fn store(mib: u64) -> Store<Key, Arc<Kept>> {
    let weigh = |key: &Key, kept: &Arc<Kept>| {
        let tags: usize = kept.entry.tags.iter().map(|tag| tag.len() + 32).sum();
        let names = key.owner.len() + key.version.len() + key.bin.len() + key.key.len();
        u32::try_from(kept.entry.value.len() + tags + names + 160).unwrap_or(u32::MAX)
    };
    Store::builder()
        .weigher(weigh)
        .max_capacity(mib.saturating_mul(MIB))
        .build()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const GROUND: Ground = Ground {
        term: 0,
        epoch: 0,
        missed: 0,
    };

    fn local() -> Local {
        Local::new(Sizes::default())
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

    fn get(local: &Local, name: &str) -> Option<String> {
        let value = local.get(&key(name), GROUND, Timestamp(0))?;
        Some(String::from_utf8(value.to_vec()).unwrap())
    }

    fn set(local: &Local, name: &str, tag: &str, since: u64) {
        let entry = Entry {
            value: name.as_bytes().into(),
            tags: vec![tag.to_owned()],
            expires: None,
        };
        local.set(key(name), entry, since, GROUND);
    }

    #[test]
    fn a_value_is_kept_until_one_of_its_tags_is_invalidated() {
        let local = local();
        for name in ["a", "b"] {
            set(&local, name, "t", local.moment());
            assert_eq!(get(&local, name).as_deref(), Some(name));
        }
        local.invalidate(&["t".to_owned()]);
        assert_eq!(get(&local, "a"), None);
    }

    #[test]
    fn a_value_that_was_begun_before_an_invalidation_is_not_kept_and_the_next_is() {
        let local = local();
        let since = local.moment();
        local.invalidate(&["t".to_owned()]);
        set(&local, "a", "t", since);
        assert_eq!(get(&local, "a"), None);
        set(&local, "a", "t", local.moment());
        assert_eq!(get(&local, "a").as_deref(), Some("a"));
    }

    #[test]
    fn another_tags_invalidation_costs_nothing() {
        let local = local();
        let since = local.moment();
        local.invalidate(&["other".to_owned()]);
        set(&local, "a", "t", since);
        assert_eq!(get(&local, "a").as_deref(), Some("a"));
    }

    #[test]
    fn nothing_is_served_on_another_ground() {
        let local = local();
        set(&local, "a", "t", local.moment());
        let other = Ground { epoch: 1, ..GROUND };
        assert_eq!(local.get(&key("a"), other, Timestamp(0)), None);
    }

    #[test]
    fn a_bin_with_a_size_of_its_own_is_not_emptied_by_the_others() {
        let mut sizes = Sizes {
            plugin: 1,
            ..Sizes::default()
        };
        sizes.bins.insert("blog/bin".to_owned(), 1);
        let local = Local::new(sizes);
        set(&local, "a", "t", local.moment());
        for number in 0..50 {
            let other = Key {
                bin: "other".to_owned(),
                ..key(&number.to_string())
            };
            let entry = Entry {
                value: vec![0; 100_000].into(),
                tags: Vec::new(),
                expires: None,
            };
            local.set(other, entry, local.moment(), GROUND);
        }
        assert_eq!(get(&local, "a").as_deref(), Some("a"));
    }
}
