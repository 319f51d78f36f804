//! The cache, as plugins see it.

use super::{Cache, Entry, Flight, Key, Looked};
use crate::subsystems::{Interface, Linked, Service, Subsystem, View};
use crate::wit;
use crate::wit::types::Error;

const ENTRY_LIMIT: usize = 1 << 20;
const KEY_LIMIT: usize = 256;
const TAGS_LIMIT: usize = 100;

/// What a call is making.
#[derive(Default)]
pub struct Making(Vec<Flight>);

impl std::fmt::Debug for Making {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Making({})", self.0.len())
    }
}

impl Making {
    /// Nobody waits any longer for what was not made.
    pub fn settle(&mut self) {
        self.0.clear();
    }

    fn land(&mut self, key: &Key) {
        self.0.retain(|flight| flight.key != *key);
    }
}

impl Subsystem for Cache {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::open("cache", |linker| {
            wit::cache::add_to_linker::<_, Linked<Self>>(linker, |call| call.waiting_view())
        })]
    }
}

impl View<'_, Cache> {
    fn key(&self, bin: String, key: String) -> Key {
        Key {
            owner: self.call.plugin.name.clone(),
            version: self.call.plugin.version.to_string(),
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
    async fn get(&mut self, bin: String, key: String) -> Option<Vec<u8>> {
        // No such entry was ever kept.
        if bin.len() + key.len() > KEY_LIMIT {
            return None;
        }
        let (request, key) = (self.session().request().id, self.key(bin, key));
        match self.service().look(request, &key).await {
            Looked::Value(value) => Some(value.to_vec()),
            Looked::Make(flight) => {
                self.call.scope.making.0.extend(flight);
                None
            }
        }
    }

    async fn set(
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
        let (request, key) = (self.session().request().id, self.key(bin, key));
        let cache = self.service();
        let entry = Entry {
            value: value.into(),
            tags: tags.into_iter().map(|tag| self.tag(tag)).collect(),
            expires: ttl.map(|ttl| cache.after(ttl)),
        };
        cache.set(request, key.clone(), entry).await;
        self.call.scope.making.land(&key);
        Ok(())
    }

    async fn remove(&mut self, bin: String, key: String) {
        let key = self.key(bin, key);
        self.service().remove(&key).await;
    }

    async fn invalidate(&mut self, tag: String) {
        // Only its own: the host invalidates the content's tags.
        let tag = format!("{}/{tag}", self.call.plugin.name);
        self.service().invalidate(&[tag]).await;
    }
}
