//! How much memory the cache may use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How much memory the cache may use.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Cache {
    /// MiB of all bins of a plugin that have no size of their own.
    pub plugin_mib: u64,
    /// MiB of single bins, by `plugin/bin`.
    pub bins: BTreeMap<String, u64>,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            plugin_mib: 16,
            bins: BTreeMap::new(),
        }
    }
}
