//! What went wrong, in the cases that a caller can act on.

use std::fmt;
use std::num::{ParseFloatError, ParseIntError};

use crate::wit::types::Error as HostError;
pub use crate::wit::types::FieldError;

/// What most functions of a plugin answer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something did not work. Calls of the host give it, and taps may answer with it.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// It does not exist, or whoever asks may not know that it does.
    NotFound,
    /// Whoever asks may not do this; the text says what is missing.
    Denied(String),
    /// The input was refused; every problem is listed.
    Invalid(Vec<FieldError>),
    /// Something changed in the meantime, or a name is taken already.
    Conflict(String),
    /// More than a limit allows; the text names the limit.
    Limit(String),
    /// It can't be done just now and may work later.
    Unavailable(String),
    /// Anything else.
    Other(String),
}

impl Error {
    /// Nothing there; as the answer of the `page` tap, the site's 404 page.
    pub fn not_found() -> Self {
        Self::NotFound
    }

    /// Not allowed; as the answer of the `page` tap, the site's 403 page.
    pub fn denied(missing: impl Into<String>) -> Self {
        Self::Denied(missing.into())
    }

    /// One field is wrong. [`Refusal`] names several.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Refusal::of(field, message).into()
    }

    /// Anything else, in words.
    pub fn other(message: impl Into<String>) -> Self {
        Self::Other(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, text) = match self {
            Self::NotFound => return f.write_str("not found"),
            Self::Invalid(fields) => {
                for (index, field) in fields.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}{}: {}", field.path, field.message)?;
                }
                return Ok(());
            }
            Self::Denied(text) => ("denied: ", text),
            Self::Conflict(text) => ("conflict: ", text),
            Self::Limit(text) => ("limit: ", text),
            Self::Unavailable(text) => ("unavailable: ", text),
            Self::Other(text) => ("", text),
        };
        write!(f, "{kind}{text}")
    }
}

impl std::error::Error for Error {}

impl From<HostError> for Error {
    fn from(error: HostError) -> Self {
        match error {
            HostError::NotFound => Self::NotFound,
            HostError::Denied(text) => Self::Denied(text),
            HostError::Invalid(fields) => Self::Invalid(fields),
            HostError::Conflict(text) => Self::Conflict(text),
            HostError::Limit(text) => Self::Limit(text),
            HostError::Unavailable(text) => Self::Unavailable(text),
            HostError::Other(text) => Self::Other(text),
        }
    }
}

impl From<Error> for HostError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Denied(text) => Self::Denied(text),
            Error::Invalid(fields) => Self::Invalid(fields),
            Error::Conflict(text) => Self::Conflict(text),
            Error::Limit(text) => Self::Limit(text),
            Error::Unavailable(text) => Self::Unavailable(text),
            Error::Other(text) => Self::Other(text),
        }
    }
}

impl From<String> for Error {
    fn from(message: String) -> Self {
        Self::Other(message)
    }
}

impl From<&str> for Error {
    fn from(message: &str) -> Self {
        Self::Other(message.into())
    }
}

impl From<ParseIntError> for Error {
    fn from(error: ParseIntError) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<ParseFloatError> for Error {
    fn from(error: ParseFloatError) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<std::string::FromUtf8Error> for Error {
    fn from(error: std::string::FromUtf8Error) -> Self {
        Self::Other(error.to_string())
    }
}

/// What is wrong with an item, field by field: how `item-presave` says no.
///
/// ```
/// use trovato_sdk::prelude::*;
///
/// fn check(price: i64, stock: i64) -> Result<(), Refusal> {
///     let mut refusal = Refusal::default();
///     if price < 0 {
///         refusal = refusal.and("field_price", "must not be negative");
///     }
///     if stock < 0 {
///         refusal = refusal.and("field_stock", "must not be negative");
///     }
///     refusal.unless_empty()
/// }
/// assert!(check(3, 4).is_ok());
/// assert!(check(-3, 4).is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Refusal(Vec<FieldError>);

impl Refusal {
    /// A refusal for one field.
    pub fn of(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::default().and(field, message)
    }

    /// Adds a problem.
    pub fn and(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.0.push(FieldError {
            path: field.into(),
            message: message.into(),
        });
        self
    }

    /// The refusal as an error, if there is anything to refuse.
    pub fn unless_empty(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(refusal.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_read_as_sentences() {
        assert_eq!(
            Error::denied("needs `administer blog`").to_string(),
            "denied: needs `administer blog`"
        );
        let refusal = Refusal::of("field_a", "is empty").and("field_b", "is too long");
        assert_eq!(
            Error::from(refusal).to_string(),
            "field_a: is empty; field_b: is too long"
        );
    }

    #[test]
    fn an_error_survives_the_way_to_the_host_and_back() {
        let errors = [
            Error::NotFound,
            Error::denied("a"),
            Error::invalid("field_a", "b"),
            Error::Conflict("c".into()),
            Error::Limit("d".into()),
            Error::Unavailable("e".into()),
            Error::other("f"),
        ];
        for error in errors {
            assert_eq!(Error::from(HostError::from(error.clone())), error);
        }
    }
}
