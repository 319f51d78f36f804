//! Why something could not be done with a file.

use std::path::PathBuf;

use crate::{db, web};

/// Why something could not be done with a file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none, or none of this name.
    #[error("there is no such file")]
    NotFound,
    /// It is larger than the site takes.
    #[error("the file has {size} bytes, at most {limit} are allowed")]
    TooLarge {
        /// Bytes that it has.
        size: u64,
        /// Bytes that it may have.
        limit: u64,
    },
    /// It can't be called so.
    #[error("{name:?} can't be the name of a file: {reason}")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// There is no room for it.
    #[error("the disk of the files folder {} is full", .folder.display())]
    Full {
        /// Where files are kept.
        folder: PathBuf,
    },
    /// What was stored is no longer there.
    #[error("the content {key} is missing from the files folder {}", .folder.display())]
    Lost {
        /// Where files are kept.
        folder: PathBuf,
        /// The key of the content.
        key: String,
    },
    /// The folder can't be read or written.
    #[error("the files folder {} can't be used: {reason}", .folder.display())]
    Folder {
        /// Where files are kept.
        folder: PathBuf,
        /// What is in the way.
        reason: String,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::TooLarge { .. } => Self::TooLarge,
            Error::Name { .. } => Self::Bad(error.to_string()),
            Error::Full { .. } => Self::Full(error.to_string()),
            Error::Db(error @ db::Error::Full(_)) => error.into(),
            Error::Folder { .. } | Error::Db(db::Error::Busy(_) | db::Error::Unavailable(_)) => {
                Self::Unavailable(error.to_string())
            }
            Error::Lost { .. } | Error::Db(_) => Self::internal(error),
        }
    }
}
