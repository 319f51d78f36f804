//! Why something could not be done with an account.

use crate::subsystems::form::{Errors, Outcome};
use crate::subsystems::item::FieldError;
use crate::wit::types;
use crate::{db, web};

/// Why something could not be done with an account.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none, or whoever asks may not know that there is.
    #[error("there is no such user")]
    NotFound,
    /// Whoever asks may not do this.
    #[error("{0}")]
    Denied(String),
    /// The site has an administrator already.
    #[error("the site is installed: it has an administrator already")]
    Installed,
    /// The site would be left without anybody who may do everything.
    #[error("this is the last administrator; make another one first")]
    LastAdministrator,
    /// What was given can't be.
    #[error("{}", .0.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" "))]
    Invalid(Vec<FieldError>),
    /// Too many passwords are waiting to be hashed.
    #[error("too many people are logging in; try again in a moment")]
    Busy,
    /// The password could not be hashed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Error {
    pub(super) fn invalid(path: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(path, message)])
    }

    pub(super) fn denied(what: &str) -> Self {
        Self::Denied(format!("you may not {what}"))
    }
}

impl Error {
    /// What the form says in which it was asked for.
    ///
    /// # Errors
    /// The page that is shown instead, for what nobody can mend by other answers.
    pub fn in_form(self) -> Result<Outcome, web::Error> {
        match self {
            Self::Invalid(problems) => {
                let mut errors = Errors::default();
                for problem in problems {
                    errors.add(problem.path, problem.message);
                }
                Ok(Outcome::Invalid(errors))
            }
            Self::Denied(_) | Self::LastAdministrator | Self::Installed => {
                let text = self.to_string();
                let mut letters = text.chars();
                let first = letters.next().map(|letter| letter.to_uppercase().to_string());
                let sentence = format!("{}{}.", first.unwrap_or_default(), letters.as_str());
                Ok(Outcome::invalid("", sentence))
            }
            error => Err(error.into()),
        }
    }
}

impl From<Error> for types::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Denied(reason) => Self::Denied(reason),
            Error::Invalid(problems) => Self::Invalid(
                problems
                    .into_iter()
                    .map(|problem| types::FieldError {
                        path: problem.path,
                        message: problem.message,
                    })
                    .collect(),
            ),
            Error::Busy => Self::Unavailable(error.to_string()),
            Error::Db(error) => error.into(),
            error => Self::Other(error.to_string()),
        }
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Denied(_) => Self::Denied,
            Error::Busy => Self::Busy,
            Error::Hash(_) => Self::internal(error),
            Error::Db(error) => error.into(),
            error => Self::Bad(error.to_string()),
        }
    }
}
