//! Why something could not be done with a content type.

use crate::db;
use crate::subsystems::item::FieldError;
use crate::web;

/// Why something could not be done with a content type.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none.
    #[error("there is no such content type or field")]
    NotFound,
    /// Whoever asks may not do this.
    #[error("this needs the permission '{}'", super::ADMINISTER)]
    Denied,
    /// The definition makes no sense; every problem is listed.
    #[error("{}", .0.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// The name is taken.
    #[error("there is a content type '{0}' already")]
    Taken(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Denied => Self::Denied,
            Error::Db(error) => error.into(),
            Error::Invalid(_) | Error::Taken(_) => Self::Bad(error.to_string()),
        }
    }
}
