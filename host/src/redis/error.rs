//! What can go wrong with Redis.

use std::time::Duration;

/// Why Redis did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address can't be used: the set-up is wrong.
    #[error("redis-url can't be used: {0}")]
    Url(String),
    /// There is nothing to trust a server by: the set-up is wrong.
    #[error("TLS to Redis can't be used: {0}")]
    Tls(String),
    /// Redis does not answer at present. It was not asked.
    #[error("Redis is away")]
    Away,
    /// Redis did not answer in time. What was asked for may still be done.
    #[error("Redis did not answer within {0:?}")]
    Timeout(Duration),
    /// Redis answered with an error.
    #[error("Redis answered: {0}")]
    Answer(String),
}

impl Error {
    /// Whether to go on without Redis is the thing to do; else the question was wrong.
    #[must_use]
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Away | Self::Timeout(_))
    }
}
