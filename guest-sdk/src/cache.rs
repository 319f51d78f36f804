//! A cache for what is dear to compute. Each plugin has its own bins; entries may go at any time.
//!
//! ```no_run
//! use std::time::Duration;
//! use trovato_sdk::prelude::*;
//!
//! fn forecast(city: &str) -> Result<String> {
//!     cache::bin("forecast")
//!         .entry(city)
//!         .tag("weather")
//!         .keep_for(Duration::from_secs(600))
//!         .get_or_compute(|| Ok(format!("sunny in {city}")))
//! }
//! ```

use std::time::Duration;

use crate::error::Result;
use crate::wit::cache;

/// Drops every entry of the plugin that carries the tag.
pub fn invalidate(tag: &str) {
    cache::invalidate(tag);
}

/// A bin of the plugin's own.
pub fn bin(name: &str) -> Bin<'_> {
    Bin(name)
}

/// A bin; see [`bin`].
#[derive(Debug, Clone, Copy)]
pub struct Bin<'a>(&'a str);

impl<'a> Bin<'a> {
    /// An entry of the bin, which may or may not be there.
    pub fn entry(self, key: &'a str) -> Entry<'a> {
        Entry {
            bin: self.0,
            key,
            tags: Vec::new(),
            keep_for: None,
        }
    }
}

/// An entry, with how long it would be kept.
#[derive(Debug, Clone)]
#[must_use = "an entry does nothing before `get`, `set` or `get_or_compute`"]
pub struct Entry<'a> {
    bin: &'a str,
    key: &'a str,
    tags: Vec<String>,
    keep_for: Option<Duration>,
}

impl Entry<'_> {
    /// Drops the entry when the tag is invalidated: `item:{id}`, `item-type:{name}` or one of the plugin's own.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Keeps the entry for at most so long, to the millisecond.
    pub fn keep_for(mut self, time: Duration) -> Self {
        self.keep_for = Some(time);
        self
    }

    /// Reads the entry.
    pub fn get<T: Cached>(&self) -> Option<T> {
        cache::get(self.bin, self.key).and_then(T::from_bytes)
    }

    /// Keeps a value of up to 1 MiB; `Limit` beyond that.
    pub fn set<T: Cached>(&self, value: &T) -> Result<()> {
        let milliseconds = self
            .keep_for
            .map(|time| u32::try_from(time.as_millis()).unwrap_or(u32::MAX));
        Ok(cache::set(
            self.bin,
            self.key,
            &value.to_bytes(),
            &self.tags,
            milliseconds,
        )?)
    }

    /// Drops the entry.
    pub fn remove(&self) {
        cache::remove(self.bin, self.key);
    }

    /// Reads the entry, or computes and keeps it. A value that can't be kept is given all the same.
    pub fn get_or_compute<T: Cached>(&self, compute: impl FnOnce() -> Result<T>) -> Result<T> {
        if let Some(value) = self.get() {
            return Ok(value);
        }
        let value = compute()?;
        if let Err(error) = self.set(&value) {
            crate::log::warning!("the cache did not take an entry: {error}", key = self.key);
        }
        Ok(value)
    }
}

/// What can be kept in the cache.
pub trait Cached: Sized {
    /// The value as bytes.
    fn to_bytes(&self) -> Vec<u8>;
    /// The value of these bytes; none for bytes that are none, as after an upgrade.
    fn from_bytes(bytes: Vec<u8>) -> Option<Self>;
}

impl Cached for Vec<u8> {
    fn to_bytes(&self) -> Vec<u8> {
        self.clone()
    }

    fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        Some(bytes)
    }
}

impl Cached for String {
    fn to_bytes(&self) -> Vec<u8> {
        self.clone().into_bytes()
    }

    fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        Self::from_utf8(bytes).ok()
    }
}
