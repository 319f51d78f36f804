//! What a site is configured by, as a folder of YAML files: read from the site, written, read back, compared, and put in
//! force. What counts as configuration says decision 10.
//!
//! It has no tables and stores nothing itself: every change is made by the subsystem whose it is, all in one transaction.

mod apply;
mod capture;
mod check;
mod content_type;
mod folder;
mod model;
mod plan;
mod plugins;
mod references;
mod settings;
#[cfg(test)]
mod tests;

pub use apply::apply;
pub use capture::capture;
pub use check::problems;
pub use folder::{read, write};
pub use model::Configuration;
pub use plan::{Change, Kind, Loss, Plan};
pub use plugins::{PluginChange, PluginChanges};

use std::path::PathBuf;

use super::{access, format, item_type, menu, plugin};
use crate::db;

/// Something that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as seen from the folder.
    pub file: String,
    /// Where in it: a path of keys, or a line; empty where it is about the whole.
    pub place: String,
    /// What is wrong, and what to do.
    pub words: String,
}

impl Problem {
    fn new(file: impl Into<String>, place: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            place: place.into(),
            words: words.into(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.place.is_empty() {
            write!(formatter, "{}: {}", self.file, self.words)
        } else {
            write!(formatter, "{}: {}: {}", self.file, self.place, self.words)
        }
    }
}

/// Why a configuration could not be read from the site, written or put in force.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder can't be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The folder holds something else.
    #[error(
        "{} is not empty and holds no configuration (there is no site.yml); choose an empty folder, or a new one",
        .0.display()
    )]
    NotOurs(PathBuf),
    /// Something can't be written as YAML.
    #[error("{0} can't be written as YAML: {1}")]
    Yaml(String, String),
    /// Content types could not be changed.
    #[error("content types: {0}")]
    ItemType(#[from] item_type::Error),
    /// Text formats could not be changed.
    #[error("text formats: {0}")]
    Format(#[from] format::Refusal),
    /// Roles could not be changed.
    #[error("roles: {0}")]
    Access(#[from] access::Error),
    /// Menus could not be changed.
    #[error("menus: {0}")]
    Menu(#[from] menu::Error),
    /// A plugin could not be put to work, or taken from it.
    #[error("plugins: {0}")]
    Plugin(#[from] plugin::Error),
    /// It is stored, and this process has not taken all of it up.
    #[error(
        "everything is stored, but not all of it holds here yet: {}; a server that runs takes it up by itself", .0.join("; ")
    )]
    Stored(Vec<String>),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}
