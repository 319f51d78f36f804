//! Where letters wait: a bounded number of them, in this process. Each is tried several times.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::Message;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::transport::{Failure, Transport};
use super::{Counts, Error};
use crate::config;

/// Letters that may wait.
const WAITING: u32 = 1000;
/// Letters that are handed over at once.
const AT_ONCE: usize = 4;
/// How often a letter is tried, and how the pause before the next time grows: with a first pause of five seconds the
/// last time is after about eighteen minutes.
const TIMES: u32 = 5;
const GROWTH: u32 = 6;
const MINUTE: Duration = Duration::from_secs(60);

/// Where letters wait.
pub(super) struct Office {
    pub(super) transport: Transport,
    room: Arc<Semaphore>,
    hands: Semaphore,
    pause: Duration,
    per_minute: usize,
    recent: Mutex<VecDeque<Instant>>,
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Office {
    pub(super) fn new(transport: Transport, settings: &config::Mail) -> Arc<Self> {
        Arc::new(Self {
            transport,
            room: Arc::new(Semaphore::new(WAITING as usize)),
            hands: Semaphore::new(AT_ONCE),
            pause: Duration::from_secs(settings.retry_s),
            per_minute: settings.per_minute.max(1) as usize,
            recent: Mutex::default(),
            sent: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        })
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            waiting: (WAITING as usize).saturating_sub(self.room.available_permits()),
            sent: self.sent.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
        }
    }

    /// Takes a letter and answers at once.
    pub(super) fn post(self: &Arc<Self>, message: Message, to: String) -> Result<(), Error> {
        let Ok(place) = self.room.clone().try_acquire_owned() else {
            tracing::warn!("a message was refused: {WAITING} wait to be sent already");
            return Err(Error::Full);
        };
        tokio::spawn(self.clone().deliver(message, to, place));
        Ok(())
    }

    async fn deliver(self: Arc<Self>, message: Message, to: String, _place: OwnedSemaphorePermit) {
        let mut pause = self.pause;
        for time in 1..=TIMES {
            let Err(failure) = self.hand_over(&message).await else {
                return;
            };
            // The server's words may name the recipient, who is nobody's business.
            let cause = failure.cause.replace(&to, "(recipient)");
            if !failure.passes || time == TIMES {
                self.failed.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(
                    mail.tries = time,
                    "a message could not be sent and is given up: {cause}"
                );
                return;
            }
            tracing::info!(
                mail.tries = time,
                pause_s = pause.as_secs(),
                "a message could not be sent yet: {cause}"
            );
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(GROWTH);
        }
    }

    /// Sends now, and once.
    pub(super) async fn send(&self, message: &Message) -> Result<(), Error> {
        let sent = self.hand_over(message).await;
        sent.map_err(|failure| Error::Refused(failure.cause))
    }

    async fn hand_over(&self, message: &Message) -> Result<(), Failure> {
        self.keep_pace().await;
        // The semaphore is never closed.
        let _hand = self.hands.acquire().await;
        self.transport.carry(message).await?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Waits while as many messages as allowed have left within the last minute.
    async fn keep_pace(&self) {
        loop {
            let until = {
                let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
                let now = Instant::now();
                while recent
                    .front()
                    .is_some_and(|first| now.duration_since(*first) >= MINUTE)
                {
                    recent.pop_front();
                }
                match recent.front() {
                    Some(first) if recent.len() >= self.per_minute => *first + MINUTE,
                    _ => {
                        recent.push_back(now);
                        return;
                    }
                }
            };
            tokio::time::sleep_until(until.into()).await;
        }
    }

    pub(super) async fn drain(&self, at_most: Duration) {
        if tokio::time::timeout(at_most, self.room.acquire_many(WAITING))
            .await
            .is_err()
        {
            let waiting = self.counts().waiting;
            tracing::warn!(
                "{waiting} message(s) that could not be sent are lost with the end of the process"
            );
        }
    }
}
