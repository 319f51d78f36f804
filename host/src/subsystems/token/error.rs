//! Why something could not be done with tokens.

use crate::db;
use crate::subsystems::secret;
use crate::web;

/// Why something could not be done with tokens.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The token is not good: forged, expired, revoked, of another site, of somebody who was blocked. Which of these
    /// it is, nobody is told.
    #[error("This access token is not accepted.")]
    Refused,
    /// There is no such token or client, or whoever asks may not know of it.
    #[error("There is no such token.")]
    NotFound,
    /// Whoever asks may not do this.
    #[error("You may not {0}.")]
    Denied(&'static str),
    /// A field is wrong.
    #[error("{problem}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// A key can't be used.
    #[error("the keys that sign tokens can't be used: {0}")]
    Key(String),
    /// There is no randomness.
    #[error("there is no randomness: {0}")]
    Random(String),
    /// What is stored can't be read.
    #[error(transparent)]
    Secret(#[from] secret::Error),
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
            Error::Refused => Self::Unauthorised,
            Error::NotFound => Self::NotFound,
            Error::Denied(_) => Self::Denied,
            Error::Invalid { problem, .. } => Self::Bad(problem),
            Error::Db(error) => error.into(),
            error => Self::internal(error),
        }
    }
}
