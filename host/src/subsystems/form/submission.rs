//! A request for a form, or with one.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method};

use crate::web::Error;

/// The mark of a request that wants only the part of a form that has changed.
#[derive(Clone, Copy, Debug)]
pub struct Part;

/// A request for a form, or with one: an extractor for handlers of routes.
#[derive(Debug)]
pub struct Submission {
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    pub(super) part: bool,
}

impl Submission {
    /// Whether a form comes with the request; else one is asked for.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD)
    }
}

impl<S: Sync> FromRequest<S> for Submission {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        Ok(Self {
            method: parts.method,
            part: parts.extensions.get::<Part>().is_some(),
            headers: parts.headers,
            body,
        })
    }
}
