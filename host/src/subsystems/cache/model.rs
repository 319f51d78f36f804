//! Where entries are, and what they are.

use std::sync::Arc;

use uuid::Uuid;

use crate::time::Timestamp;

/// Where an entry is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The plugin; none for the program itself.
    pub owner: String,
    /// Its version: another may read other values.
    pub version: String,
    /// The bin among the owner's.
    pub bin: String,
    /// The entry in the bin.
    pub key: String,
    /// The stage whose content it is made of.
    pub stage: Uuid,
}

impl Key {
    /// An entry of this program's own. Its owner has no name, which no plugin can have: whatever a plugin is called, it
    /// reaches none of them.
    #[must_use]
    pub fn of_site(bin: &str, key: String, stage: Uuid) -> Self {
        Self {
            owner: String::new(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            bin: bin.to_owned(),
            key,
            stage,
        }
    }

    /// The key as one text. Lengths keep parts from running into each other.
    pub(super) fn text(&self) -> String {
        let (owner, version) = (&self.owner, &self.version);
        let (bin, key) = (&self.bin, &self.key);
        format!(
            "{owner}@{version}:{}:{}:{bin}{key}",
            self.stage.simple(),
            bin.len()
        )
    }
}

/// A value with what it depends on.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The value.
    pub value: Arc<[u8]>,
    /// What makes it invalid.
    pub tags: Vec<String>,
    /// When it does not count any more.
    pub expires: Option<Timestamp>,
}

/// What all entries of a node stand on: those that stand on another are as good as gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// The connection to Redis; messages may have been missed between two.
    pub term: u64,
    /// Counts what could not be told to all nodes.
    pub epoch: i64,
    /// Counts what this node has not heard.
    pub missed: u64,
}
