//! The word that something has changed which every node keeps in mind: plugins, settings, roles.
//!
//! What has changed is in the database, where each node looks twice a second. The word spares the wait, and may be
//! lost: whoever missed it looks all the same.

use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::Subsystem;
use crate::redis::{Heard, Redis};

/// The topic of the word.
const TOPIC: &str = "changed";

/// The word that something has changed.
pub struct Changes(Option<Redis>);

impl Changes {
    /// It goes by Redis, where there is one.
    #[must_use]
    pub fn new(redis: Option<Redis>) -> Self {
        Self(redis)
    }

    /// Tells the other nodes to look. To be called when the change is stored.
    pub async fn tell(&self) {
        let Some(redis) = &self.0 else { return };
        if let Err(error) = redis.publish(TOPIC, b"").await {
            tracing::debug!("other nodes will see a change when they look: {error}");
        }
    }

    /// Hears of changes from now on.
    #[must_use]
    pub fn listen(&self) -> Listener {
        Listener(self.0.as_ref().map(Redis::listen))
    }
}

impl Subsystem for Changes {}

/// Somebody who hears of changes.
pub struct Listener(Option<Receiver<Heard>>);

impl Listener {
    /// Waits for the word, or for so long.
    pub async fn wait(&mut self, at_most: Duration) {
        // What is not heard in time is looked for: the end of the wait is no failure.
        let _ = tokio::time::timeout(at_most, self.heard()).await;
    }

    async fn heard(&mut self) {
        loop {
            match &mut self.0 {
                None => std::future::pending().await,
                Some(receiver) => match receiver.recv().await {
                    Ok(Heard::Message(topic, _)) if *topic != *TOPIC => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => self.0 = None,
                },
            }
        }
    }
}
