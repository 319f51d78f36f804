//! Why a password could not be reset.

use crate::subsystems::{mail, user};
use crate::{db, web};

/// Why a password could not be reset.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The link is none, was used, has expired, or the account has changed since.
    #[error("This link does not work any more: links work once and for an hour.")]
    Void,
    /// Too many were asked for.
    #[error("Too many links were asked for from here. Please try again later.")]
    TooMany,
    /// The password can't be, or accounts can't be used.
    #[error(transparent)]
    User(#[from] user::Error),
    /// The letter can't be sent.
    #[error(transparent)]
    Mail(#[from] mail::Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Void => Self::NotFound,
            Error::TooMany => Self::TooMany(60 * 60),
            Error::User(error) => error.into(),
            Error::Db(error) => error.into(),
            error => Self::internal(error),
        }
    }
}
