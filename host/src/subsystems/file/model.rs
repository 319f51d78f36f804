//! A stored file.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use super::Error;
use crate::time::Timestamp;

/// What a path segment carries as it is: the unreserved characters of RFC 3986, 2.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// Bytes of a name: what file systems allow, so that a download keeps it.
const NAME_LIMIT: usize = 255;

/// A stored file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The identifier.
    pub id: Uuid,
    /// The name that people see.
    pub name: String,
    /// The media type, by its content.
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// The SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    /// When it was stored.
    pub created: Timestamp,
    pub(super) blob_key: String,
}

impl File {
    /// The path that it is served at.
    #[must_use]
    pub fn url(&self) -> String {
        format!("/files/{}/{}", self.id, encode(&self.name))
    }
}

/// A name as a segment of a path.
pub(super) fn encode(name: &str) -> String {
    utf8_percent_encode(name, SEGMENT).to_string()
}

/// Refuses what is no name for a file, or would be shown as another one.
pub(super) fn check_name(name: &str) -> Result<(), Error> {
    let reason = if name.trim().is_empty() {
        "it is empty"
    } else if name == "." || name == ".." {
        "it stands for a folder"
    } else if name.len() > NAME_LIMIT {
        "it is longer than 255 bytes"
    } else if name.contains(['/', '\\']) {
        "it has a slash"
    } else if name.chars().any(char::is_control) {
        "it has a control character"
    } else if name.chars().any(turns_direction) {
        "it has a character that turns the direction of text"
    } else {
        return Ok(());
    };
    Err(Error::Name {
        name: name.to_owned(),
        reason,
    })
}

/// The explicit controls of Unicode's bidirectional algorithm (UAX #9, 2).
fn turns_direction(char: char) -> bool {
    matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_path_or_deceives_is_refused() {
        for name in [
            "",
            " ",
            ".",
            "..",
            "../x.png",
            "a\\b",
            "a\0b",
            "gpj.\u{202e}exe",
            &"x".repeat(300),
        ] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        for name in ["a.png", "Ünï cödé (1).svg", "..a", "100%.txt"] {
            assert!(check_name(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn a_name_is_encoded_as_one_segment() {
        assert_eq!(encode("a b?/ü(1).svg"), "a%20b%3F%2F%C3%BC%281%29.svg");
    }
}
