//! Why somebody could not sign in.

use crate::subsystems::user;
use crate::time::Timestamp;
use crate::{db, web};

/// Why somebody could not sign in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The name, the password, or both: nobody is told which. A blocked account is no different.
    #[error("The name or the password is wrong.")]
    Wrong,
    /// Too many wrong passwords for this name.
    #[error("Account temporarily locked. Too many logins have failed; try again in 15 minutes.")]
    Locked {
        /// Until when.
        until: Timestamp,
    },
    /// There is no sign-in that could be finished: it took too long, or never began.
    #[error("This login has expired. Please begin again.")]
    Expired,
    /// Accounts can't be used.
    #[error(transparent)]
    User(#[from] user::Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::User(error) => error.into(),
            Error::Db(error) => error.into(),
            error => Self::Bad(error.to_string()),
        }
    }
}
