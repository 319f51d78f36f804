//! Saying something to whoever asks: on this page, or after a redirect on the next one.

use crate::wit::messages::{Tone, say};

/// What was asked for is done.
pub fn status(text: &str) {
    say(Tone::Status, text);
}

/// It is done, but something needs care.
pub fn warning(text: &str) {
    say(Tone::Warning, text);
}

/// It is not done.
pub fn error(text: &str) {
    say(Tone::Error, text);
}
