//! Mail that the site has sent: in tests it is written to files.

use std::fs;
use std::time::Duration;

use crate::TestApp;

/// A message as it was written.
#[derive(Clone, Debug)]
pub struct ReceivedLetter {
    /// The whole message.
    pub text: String,
}

impl ReceivedLetter {
    /// A header; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default();
        head.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .unwrap_or_default()
    }

    /// The first link that contains the text.
    #[track_caller]
    #[must_use]
    pub fn link(&self, part: &str) -> &str {
        self.text
            .split_whitespace()
            .find(|word| word.starts_with("http") && word.contains(part))
            .unwrap_or_else(|| panic!("no link with '{part}' in\n{}", self.text))
    }
}

impl TestApp {
    /// The messages that were sent, in the order in which they were written.
    pub async fn letters(&self) -> Vec<ReceivedLetter> {
        self.services().mail.drain(Duration::from_secs(10)).await;
        let Ok(entries) = fs::read_dir(self.place().folder().join("mail")) else {
            return Vec::new();
        };
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let read = |file| ReceivedLetter {
            text: readable(&fs::read_to_string(file).unwrap()),
        };
        files.into_iter().map(read).collect()
    }
}

/// Without the line breaks of quoted-printable (RFC 2045, 6.7), so that links are whole.
fn readable(text: &str) -> String {
    text.replace("=\r\n", "").replace("=3D", "=")
}
