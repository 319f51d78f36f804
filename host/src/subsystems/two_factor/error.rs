//! Why something could not be done with second factors.

use crate::db;
use crate::subsystems::secret;
use crate::web;

/// Why something could not be done with second factors.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The code is not right, or was used before.
    #[error("This code is not right. Codes change every thirty seconds, and each can be used once.")]
    Wrong,
    /// Codes are asked for already.
    #[error("Codes are set up for this account already.")]
    AlreadyOn,
    /// Nothing was begun that could be confirmed.
    #[error("Setting up codes was not begun; open the page again.")]
    NotBegun,
    /// No codes are asked for.
    #[error("No codes are set up for this account.")]
    NotOn,
    /// There is no randomness.
    #[error("there is no randomness: {0}")]
    Random(String),
    /// A code or its picture can't be made.
    #[error("codes can't be made: {0}")]
    Code(String),
    /// What is stored can't be read.
    #[error(transparent)]
    Secret(#[from] secret::Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Error {
    pub(super) fn random(error: impl ToString) -> Self {
        Self::Random(error.to_string())
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Db(error) => error.into(),
            Error::Wrong | Error::AlreadyOn | Error::NotBegun | Error::NotOn => Self::Bad(error.to_string()),
            error => Self::internal(error),
        }
    }
}
