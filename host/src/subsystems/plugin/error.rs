//! Why something could not be done with a plugin.

use std::path::PathBuf;

use crate::subsystems::menu;
use crate::{db, kernel};

/// Why something could not be done with a plugin.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none of this name.
    #[error("there is no plugin '{name}'{}; put it into {}", nearest.as_deref().map(|name| format!(", did you mean '{name}'?")).unwrap_or_default(), folder.display())]
    NotFound {
        /// The name.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
        /// Where plugins are looked for.
        folder: PathBuf,
    },
    /// It is not enabled.
    #[error("the plugin '{0}' is not enabled")]
    NotEnabled(String),
    /// It is enabled.
    #[error("the plugin '{0}' is enabled; disable it first")]
    Enabled(String),
    /// Others need it.
    #[error("the plugin '{name}' is needed by {}; disable those first", needed_by.join(", "))]
    Needed {
        /// The plugin.
        name: String,
        /// Those that need it.
        needed_by: Vec<String>,
    },
    /// It asks for more than was agreed to.
    #[error("the plugin '{name}' asks for more than was agreed to: {}", more.join("; "))]
    Consent {
        /// The plugin.
        name: String,
        /// What nobody has agreed to, in words.
        more: Vec<String>,
    },
    /// One of its taps refused or failed.
    #[error("Plugin '{plugin}': its '{tap}' tap says: {reason}")]
    Tap {
        /// The plugin.
        plugin: String,
        /// The tap.
        tap: &'static str,
        /// What it said.
        reason: String,
    },
    /// It was in one version only.
    #[error(
        "the plugin '{0}' has no earlier version to go back to; `trovato plugin info {0}` lists the versions that were \
         at work"
    )]
    NoEarlier(String),
    /// It was never in the version that it is to go back to.
    #[error("the plugin '{name}' was never at work in '{wanted}'; it was in {}", known.join(", "))]
    NoVersion {
        /// The plugin.
        name: String,
        /// The version or the beginning of a digest.
        wanted: String,
        /// Those that it was in.
        known: Vec<String>,
    },
    /// The copy of the version that it is to go back to is gone.
    #[error(
        "the copy of version {version} of the plugin '{name}' can't be used: {source}; put that version into the folder \
         of plugins and run `trovato plugin upgrade {name}`"
    )]
    NoCopy {
        /// The plugin.
        name: String,
        /// The version.
        version: String,
        /// Why.
        source: Box<Self>,
    },
    /// A declaration is wrong or taken.
    #[error("{0}")]
    Declaration(String),
    /// A file can't be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It has more or larger static files than a plugin may have.
    #[error("{}: the static files of a plugin are at most 500, of 4 MiB each and 16 MiB in all", path.display())]
    Assets {
        /// The file that is too much.
        path: PathBuf,
    },
    /// Its tables can't be made.
    #[error("Plugin '{plugin}': its tables can't be brought up to date: {reason}")]
    Tables {
        /// The plugin.
        plugin: String,
        /// Why.
        reason: String,
    },
    /// It can't be loaded.
    #[error(transparent)]
    Kernel(#[from] kernel::Error),
    /// A route is taken.
    #[error(transparent)]
    Route(#[from] menu::RouteError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}
