//! What the site has to say about what somebody has done: shown on the page that is answered, or after a redirect on
//! the next one.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// Messages of a request: more are dropped.
const MOST: usize = 20;
/// Characters of a message.
const LENGTH: usize = 500;

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// What was asked for is done.
    Status,
    /// It is done, but something needs care.
    Warning,
    /// It is not done.
    Error,
}

impl Tone {
    /// The word by which templates know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A message to whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// How it is meant.
    pub tone: Tone,
    /// Plain text.
    pub text: String,
}

impl Message {
    /// A message; a long text is cut.
    #[must_use]
    pub fn new(tone: Tone, text: &str) -> Self {
        let text = text.chars().take(LENGTH).collect();
        Self { tone, text }
    }
}

/// The messages that nobody has seen yet.
#[derive(Debug, Default)]
pub struct Messages(Mutex<Vec<Message>>);

impl Messages {
    /// Those that an earlier request has left.
    #[must_use]
    pub fn left(messages: Vec<Message>) -> Self {
        Self(Mutex::new(messages))
    }

    /// Adds one.
    pub fn say(&self, tone: Tone, text: &str) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let message = Message::new(tone, text);
        if waiting.len() < MOST && !waiting.contains(&message) {
            waiting.push(message);
        }
    }

    /// Takes all of them, for a page that shows them.
    #[must_use]
    pub fn take(&self) -> Vec<Message> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
