//! Why mail can't be sent.

use crate::db;
use crate::wit::types::{self, FieldError};

/// Why mail can't be sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings make no sense.
    #[error("[mail] {0}")]
    Setup(String),
    /// A part of the letter can't be sent.
    #[error("{field}: {problem}")]
    Letter {
        /// Which part.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A limit is reached.
    #[error("{0}")]
    TooMany(String),
    /// More messages wait than the site holds.
    #[error("too many messages wait to be sent; try again later")]
    Full,
    /// It was not taken.
    #[error("the message could not be sent: {0}")]
    Refused(String),
    /// A template can't be rendered.
    #[error("the template of the message can't be rendered: {0}")]
    Template(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<Error> for types::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Letter { field, problem } => Self::Invalid(vec![FieldError {
                path: field.to_owned(),
                message: problem,
            }]),
            Error::TooMany(limit) => Self::Limit(limit),
            Error::Full | Error::Refused(_) => Self::Unavailable(error.to_string()),
            Error::Db(error) => error.into(),
            error => Self::Other(error.to_string()),
        }
    }
}
