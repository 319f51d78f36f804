//! Why something could not be done with menus.

use super::ADMINISTER;
use crate::db;
use crate::web;

/// Why something could not be done with menus.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Whoever asks may not do this.
    #[error("this needs the permission '{ADMINISTER}'")]
    Denied,
    /// There is no such menu.
    #[error("there is no such menu")]
    NotFound,
    /// The menu is no longer what it was when whoever changes it looked at it.
    #[error(
        "This menu was changed meanwhile, by somebody else or by a plugin that came or went, so nothing was saved. Open \
         it again to see it as it is now, and change it there."
    )]
    Changed,
    /// Something about it is wrong.
    #[error("{problem}")]
    Invalid {
        /// Where: a field, or `links.3.path`.
        place: String,
        /// Why, and what would be right.
        problem: String,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Error {
    pub(super) fn invalid(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid {
            place: place.into(),
            problem: problem.into(),
        }
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied => Self::Denied,
            Error::NotFound => Self::NotFound,
            Error::Changed => Self::Bad(error.to_string()),
            Error::Invalid { problem, .. } => Self::Bad(problem),
            Error::Db(error) => error.into(),
        }
    }
}
