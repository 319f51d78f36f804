//! Why something could not be done with an item.

use crate::db;
use crate::wit::types;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// Where: the field's name, then the index within it.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FieldError {
    /// A problem at a place.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }
}

/// Why something could not be done with an item.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none, or whoever asks may not know that there is.
    #[error("there is no such item")]
    NotFound,
    /// Whoever asks may not do this.
    #[error("{0}")]
    Denied(String),
    /// The content type does not exist.
    #[error("there is no content type '{0}'")]
    UnknownType(String),
    /// The item is not what its type says.
    #[error("{}", .0.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// A plugin refused the save.
    #[error("{reason}")]
    Refused {
        /// The plugin.
        plugin: String,
        /// Its words.
        reason: String,
    },
    /// Somebody else has saved a newer revision.
    #[error("the item has been changed by somebody else in the meantime")]
    Conflict,
    /// It can't be shown.
    #[error(transparent)]
    Theme(#[from] crate::subsystems::theme::Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
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
            Error::UnknownType(_) => Self::Invalid(vec![types::FieldError {
                path: "type".to_owned(),
                message: error.to_string(),
            }]),
            Error::Refused { plugin, reason } => Self::Denied(format!("plugin '{plugin}' refused: {reason}")),
            Error::Conflict => Self::Conflict(error.to_string()),
            Error::Theme(_) => Self::Other(error.to_string()),
            Error::Db(error) => error.into(),
        }
    }
}
