//! How often whoever asks may do what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How often whoever asks may do what.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct RateLimits {
    /// Whether there are limits at all.
    pub enabled: bool,
    /// Paths without limits; `*` stands for any characters.
    pub exempt: Vec<String>,
    /// The rules by name: changes to those that come with the program, and rules of your own.
    pub rules: BTreeMap<String, RateRule>,
}

/// One rule, or what is to be different about one that comes with the program.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct RateRule {
    /// The paths; `*` stands for any characters.
    pub paths: Option<Vec<String>>,
    /// The methods; all where none is given.
    pub methods: Option<Vec<String>>,
    /// How often in one window; 0 switches the rule off.
    pub limit: Option<u32>,
    /// The window, in seconds.
    pub window_s: Option<u32>,
    /// Who is counted.
    pub by: Option<Counted>,
}

/// Who is counted.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// The client's address.
    Address,
    /// The session of whoever is signed in, else the address.
    Session,
    /// The token that the request carries, else the address.
    Token,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            enabled: true,
            exempt: Vec::new(),
            rules: BTreeMap::new(),
        }
    }
}
