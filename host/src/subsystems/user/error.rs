//! Why something could not be done with an account.

use crate::db;
use crate::wit::types;

/// Why something could not be done with an account.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none, or whoever asks may not know that there is.
    #[error("there is no such user")]
    NotFound,
    /// The site has an administrator already.
    #[error("the site is installed: it has an administrator already")]
    Installed,
    /// The name is no name.
    #[error("a name has 1 to {most} characters, none of them a control character, and no space at its ends")]
    Name {
        /// Its greatest length in characters.
        most: usize,
    },
    /// The name is taken.
    #[error("the name '{0}' is taken")]
    NameTaken(String),
    /// The address is no address.
    #[error("'{0}' is no e-mail address")]
    Mail(String),
    /// The password is too short or too long.
    #[error("a password has {least} to {most} bytes")]
    Password {
        /// Its least length in bytes.
        least: usize,
        /// Its greatest length in bytes.
        most: usize,
    },
    /// The password could not be hashed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<Error> for types::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Db(error) => error.into(),
            error => Self::Other(error.to_string()),
        }
    }
}
