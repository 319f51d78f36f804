//! Why something could not be done with a role.

use crate::subsystems::item::FieldError;
use crate::{db, web};

/// Why something could not be done with a role.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such role.
    #[error("there is no such role")]
    NotFound,
    /// Whoever asks may not change roles and permissions.
    #[error("you may not change roles and permissions")]
    Denied,
    /// The role belongs to the site itself.
    #[error("the role '{0}' belongs to the site itself and can't be removed")]
    BuiltIn(String),
    /// What is asked for can't be.
    #[error("{}", .0.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Error {
    pub(super) fn invalid(path: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(path, message)])
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Denied => Self::Denied,
            Error::BuiltIn(_) | Error::Invalid(_) => Self::Bad(error.to_string()),
            Error::Db(error) => error.into(),
        }
    }
}
