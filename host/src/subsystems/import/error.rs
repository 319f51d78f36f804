//! Why an import can't go on. What is wrong with one document is no such reason: that one is listed.

use std::path::PathBuf;

use crate::db;
use crate::subsystems::file;

/// Why an import can't go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder can't be read.
    #[error("can't read the folder {}: {reason}", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What is in the way.
        reason: String,
    },
    /// The file can't be read, or is no export.
    #[error("can't import {}: {reason}", .file.display())]
    Export {
        /// The file.
        file: PathBuf,
        /// What is in the way.
        reason: String,
    },
    /// The content type does not exist.
    #[error("there is no content type '{0}'")]
    UnknownType(String),
    /// The content type has nowhere to put the text.
    #[error("the content type '{0}' has no field for long text")]
    NoBody(String),
    /// The work was given up, by a fault or because the process ends.
    #[error("the import was interrupted: {0}")]
    Interrupted(String),
    /// Files can't be stored.
    #[error(transparent)]
    File(#[from] file::Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}
