//! What can go wrong with plugins' tables, and what a plugin is told when the database fails.

use std::fmt::Write;

use crate::db;
use crate::wit::types;

/// Why a plugin's tables can't be made, changed or dropped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The manifest asks for a view that nobody offers.
    #[error("the plugin '{plugin}' asks for the view '{view}', which there is not; there is: {known}")]
    UnknownView {
        /// The plugin.
        plugin: String,
        /// What it asks for.
        view: String,
        /// What it could ask for.
        known: String,
    },
    /// The migrations don't add up.
    #[error("migration {version} of the plugin '{plugin}' does not add up: {problem}")]
    History {
        /// The plugin.
        plugin: String,
        /// The migration.
        version: u32,
        /// What is wrong with it.
        problem: String,
    },
    /// The plugin's tables were made by a newer version of it.
    #[error(
        "the tables of the plugin '{plugin}' are at version {found}, its manifest knows {known}; install the newer \
         version of the plugin again"
    )]
    Newer {
        /// The plugin.
        plugin: String,
        /// The version of the tables.
        found: u32,
        /// The newest version in the manifest.
        known: u32,
    },
    /// The tables can't serve a version of the plugin any more, or never could.
    #[error(
        "version {wanted} of the plugin '{plugin}' can't use the tables that version {made_by} has made: migration \
         {version} {problem}, and what it took away does not come back. Stay with {made_by}, make a newer version that \
         does without it, or uninstall the plugin with its data and enable {wanted} anew"
    )]
    Outgrown {
        /// The plugin.
        plugin: String,
        /// The version that is to use them.
        wanted: String,
        /// The version that has made them.
        made_by: String,
        /// The migration that stands in the way.
        version: u32,
        /// What it did.
        problem: String,
    },
    /// A migration that has run says something else now.
    #[error(
        "the tables of the plugin '{plugin}' are not those that the migrations of version {wanted} describe: {problem}. \
         A migration that has run is never changed: give the change a number of its own, or uninstall the plugin with \
         its data and enable {wanted} anew"
    )]
    Rewritten {
        /// The plugin.
        plugin: String,
        /// The version that is to use them.
        wanted: String,
        /// What differs.
        problem: String,
    },
    /// A migration does not work on this database.
    #[error("migration {version} of the plugin '{plugin}' failed: {source}")]
    Failed {
        /// The plugin.
        plugin: String,
        /// The migration.
        version: u32,
        /// What the database said.
        source: db::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<db::Error> for types::Error {
    fn from(error: db::Error) -> Self {
        let words = error.to_string();
        match error {
            db::Error::NotFound => Self::NotFound,
            db::Error::Unique { .. } | db::Error::ForeignKey { .. } => Self::Conflict(words),
            db::Error::TooLarge(_) => Self::Limit(words),
            db::Error::Busy(_) | db::Error::Timeout | db::Error::Full(_) | db::Error::Unavailable(_) => {
                Self::Unavailable(words)
            }
            db::Error::Setup(_) | db::Error::Migration(_) | db::Error::Other(_) => Self::Other(words),
        }
    }
}

impl types::Error {
    /// What it says, in one line.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::NotFound => "it does not exist".to_owned(),
            Self::Invalid(problems) => problems.iter().fold(String::new(), |mut words, problem| {
                let between = if words.is_empty() { "" } else { "; " };
                // Writing to a string can't fail.
                let _ = write!(words, "{between}{}: {}", problem.path, problem.message);
                words
            }),
            Self::Denied(words)
            | Self::Conflict(words)
            | Self::Limit(words)
            | Self::Unavailable(words)
            | Self::Other(words) => words.clone(),
        }
    }
}
