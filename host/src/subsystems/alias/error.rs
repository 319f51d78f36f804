//! Why something could not be done with paths.

use crate::db;
use crate::web;

/// Why something could not be done with paths.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such path.
    #[error("there is no such path")]
    NotFound,
    /// Something about it is wrong.
    #[error("{problem}")]
    Invalid {
        /// What is wrong: `from` or `to`.
        field: &'static str,
        /// Why, and what would be right.
        problem: String,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Error {
    pub(super) fn invalid(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            problem: problem.into(),
        }
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Invalid { problem, .. } => Self::Bad(problem),
            Error::Db(error) => error.into(),
        }
    }
}
