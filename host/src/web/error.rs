//! What can go wrong with a request, as statuses and words for people.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Problem;

/// Why a request was not answered as asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Nothing is there, or nothing that may be known of.
    #[error("There is nothing at this address.")]
    NotFound,
    /// Who asks shows no valid token, and nothing else. Why, nobody is told.
    #[error("Who asks has to show a valid access token, or log in.")]
    Unauthorised,
    /// Whoever asks may not see this.
    #[error("You may not see this page.")]
    Denied,
    /// A form that this site has not shown to this browser, perhaps sent by another site in its name.
    #[error("This form does not come from a page that this site has shown to you, so nothing was done.")]
    Foreign,
    /// The method is not for this address.
    #[error("This address can't be used in this way.")]
    Method,
    /// The request makes no sense; the text says why.
    #[error("{0}")]
    Bad(String),
    /// Something that programs are told more about than a status.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// The request carries too much.
    #[error("The request is larger than this site accepts.")]
    TooLarge,
    /// Whoever asks does so too often; may again after so many seconds.
    #[error("Too much was asked from here in a short time. Please try again in {}.", wait(*.0))]
    TooMany(u64),
    /// More asks for this at once than the site does at a time; nothing is wrong.
    #[error("Too many people are asking for this just now. Please try again in a moment.")]
    Busy,
    /// The site is busy or its database is away.
    #[error("The site can't answer just now. Please try again in a moment.")]
    Unavailable(String),
    /// There is no room left to store what was sent.
    #[error("The site has no room left to store this, so nothing was stored.")]
    Full(String),
    /// A fault of the site.
    #[error("Something went wrong on our side.")]
    Internal(String),
}

impl Error {
    /// A fault of the site, with its cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// The HTTP status (RFC 9110).
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unauthorised => StatusCode::UNAUTHORIZED,
            Self::Denied | Self::Foreign => StatusCode::FORBIDDEN,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Problem(problem) => problem.status,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            // RFC 4918, 11.5.
            Self::Full(_) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The heading of the error page.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::NotFound => "Page not found",
            Self::Unauthorised => "Not logged in",
            Self::Denied => "Access denied",
            Self::Foreign => "Form refused",
            Self::Method => "Method not allowed",
            Self::Bad(_) => "Bad request",
            Self::Problem(problem) => problem.status.canonical_reason().unwrap_or("Refused"),
            Self::TooLarge => "Request too large",
            Self::TooMany(_) => "Too many requests",
            Self::Busy | Self::Unavailable(_) => "Temporarily unavailable",
            Self::Full(_) => "No room left",
            Self::Internal(_) => "Internal error",
        }
    }

    /// What the reader can do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotFound => "The address may be mistyped, or the page may have moved or been removed.",
            Self::Unauthorised | Self::Denied => "If you have an account that may, log in and try again.",
            Self::Foreign => {
                "Open the page with the form again and send it from there. Cookies must be allowed for this site."
            }
            Self::Method | Self::Bad(_) | Self::Problem(_) | Self::TooLarge => {
                "Go back and try again in another way."
            }
            Self::TooMany(_) => "Nothing was done. Go back after that time and send it again.",
            Self::Busy | Self::Unavailable(_) => "Nothing is lost; reload the page in a minute.",
            Self::Full(_) => "Tell the people who run this site; what was there before is unharmed.",
            Self::Internal(_) => "The people who run this site find the cause by the request number below.",
        }
    }

    /// The cause, for the log only.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::Unavailable(cause) | Self::Full(cause) | Self::Internal(cause) => Some(cause),
            _ => None,
        }
    }
}

/// Seconds in words.
fn wait(seconds: u64) -> String {
    match seconds {
        ..=1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// An empty answer that carries the error to the server's outermost layer.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
