//! Letters and their recipients.

use sha2::{Digest, Sha256};

/// Somebody to write to: exactly one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The name that the message shows.
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

impl Recipient {
    /// An address without a name.
    #[must_use]
    pub fn address(address: impl Into<String>) -> Self {
        Self {
            name: None,
            address: address.into(),
        }
    }

    /// Names the recipient where messages are counted; the address itself is nobody's business there.
    pub(super) fn key(&self) -> String {
        let digest = Sha256::digest(self.address.to_lowercase().as_bytes());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("mail:to:{hex}")
    }
}

/// A message before it is put into the form of RFC 5322.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Who gets it.
    pub to: Recipient,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// Its subject: one line.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its text as HTML.
    pub html: Option<String>,
}

/// What became of messages since the start of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// They wait to be sent or to be tried again.
    pub waiting: usize,
    /// A server or a folder has taken them.
    pub sent: u64,
    /// They were given up.
    pub failed: u64,
}
