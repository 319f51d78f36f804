//! Why something could not be done with a passkey.

use webauthn_rs::prelude::WebauthnError;

use crate::db;
use crate::web;

/// Why something could not be done with a passkey.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The answer of the device is not what was asked for, or the key is not known.
    #[error("This passkey was not accepted.")]
    Refused,
    /// The key is registered already.
    #[error("This passkey is registered already.")]
    Known,
    /// No ceremony waits for this answer.
    #[error("This took too long or was answered already; please try again.")]
    Expired,
    /// There are none.
    #[error("No passkey is registered for this account.")]
    None,
    /// There are as many as an account may have.
    #[error("An account has at most {0} passkeys; remove one first.")]
    TooMany(usize),
    /// The site does not know its address.
    #[error(
        "Passkeys can't be used: whoever runs this site has not set its `public-url`, or it is an IP address."
    )]
    NoAddress,
    /// The answer is no answer of a browser.
    #[error("The answer of the browser could not be read.")]
    Answer,
    /// What is stored can't be read.
    #[error("a stored passkey can't be read: {0}")]
    Stored(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<WebauthnError> for Error {
    fn from(error: WebauthnError) -> Self {
        tracing::info!("a passkey was refused: {error}");
        Self::Refused
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Db(error) => error.into(),
            Error::Stored(_) => Self::internal(error),
            error => Self::Bad(error.to_string()),
        }
    }
}
