//! Where letters wait: a bounded number of them in this process, each of them in the database as well (`queue`). Each is
//! tried several times.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::queue::{self, Parcel};
use super::transport::{Failure, Transport};
use super::{Counts, Error};
use crate::config;
use crate::db::{self, Db};
use crate::time::{Clock, Timestamp};

/// Letters that may wait.
const WAITING: u32 = 1000;
/// Letters that are handed over at once.
const AT_ONCE: usize = 4;
/// How often a letter is tried, and how the pause before the next time grows: with a first pause of five seconds the
/// last time is after about eighteen minutes.
const TIMES: u32 = 5;
const GROWTH: u32 = 6;
const MINUTE: Duration = Duration::from_secs(60);
/// How long a letter is held beyond the next time that it is tried: longer than one try takes.
const HELD: Duration = Duration::from_secs(5 * 60);

/// Where letters wait.
pub(super) struct Office {
    pub(super) transport: Transport,
    db: Db,
    clock: Clock,
    room: Arc<Semaphore>,
    hands: Semaphore,
    pause: Duration,
    per_minute: usize,
    recent: Mutex<VecDeque<Instant>>,
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Office {
    pub(super) fn new(transport: Transport, db: Db, clock: Clock, settings: &config::Mail) -> Arc<Self> {
        Arc::new(Self {
            transport,
            db,
            clock,
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

    /// Takes a letter: when this answers, it is stored.
    pub(super) async fn post(self: &Arc<Self>, parcel: Parcel) -> Result<(), Error> {
        let Ok(place) = self.room.clone().try_acquire_owned() else {
            tracing::warn!("a message was refused: {WAITING} wait to be sent already");
            return Err(Error::Full);
        };
        let now = self.clock.now();
        queue::insert(&self.db, &parcel, now, self.held(Duration::ZERO)).await?;
        tokio::spawn(self.clone().deliver(parcel, place));
        Ok(())
    }

    /// Goes on with letters whose process is gone, as many as there is room for.
    pub(super) async fn take_over(self: &Arc<Self>) -> db::Result<()> {
        if self.room.available_permits() < (WAITING / 2) as usize {
            return Ok(());
        }
        let now = self.clock.now();
        for parcel in queue::take_over(&self.db, now, self.held(Duration::ZERO)).await? {
            // Without room it is found again when nobody holds it.
            if let Ok(place) = self.room.clone().try_acquire_owned() {
                tokio::spawn(self.clone().deliver(parcel, place));
            }
        }
        Ok(())
    }

    fn held(&self, pause: Duration) -> Timestamp {
        self.clock.now().plus(pause.saturating_add(HELD))
    }

    async fn deliver(self: Arc<Self>, parcel: Parcel, _place: OwnedSemaphorePermit) {
        let mut pause = self.pause;
        for time in u32::try_from(parcel.tries).unwrap_or(TIMES).saturating_add(1)..=TIMES {
            let Err(failure) = self.hand_over(&parcel).await else {
                return self.forget(&parcel).await;
            };
            // The server's words may name the recipient, who is nobody's business.
            let cause = failure.cause.replace(&parcel.recipient, "(recipient)");
            if !failure.passes || time == TIMES {
                self.failed.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(
                    mail.tries = time,
                    "a message could not be sent and is given up: {cause}"
                );
                return self.forget(&parcel).await;
            }
            tracing::info!(
                mail.tries = time,
                pause_s = pause.as_secs(),
                "a message could not be sent yet: {cause}"
            );
            if let Err(error) = queue::hold(&self.db, parcel.id, time.into(), self.held(pause)).await {
                tracing::warn!("a message that waits could not be noted, it may be sent twice: {error}");
            }
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(GROWTH);
        }
        self.forget(&parcel).await;
    }

    async fn forget(&self, parcel: &Parcel) {
        if let Err(error) = queue::remove(&self.db, parcel.id).await {
            tracing::warn!("a message that is done could not be noted, it may be sent twice: {error}");
        }
    }

    /// Sends now, and once.
    pub(super) async fn send(&self, parcel: &Parcel) -> Result<(), Error> {
        let sent = self.hand_over(parcel).await;
        sent.map_err(|failure| Error::Refused(failure.cause))
    }

    async fn hand_over(&self, parcel: &Parcel) -> Result<(), Failure> {
        self.keep_pace().await;
        // The semaphore is never closed.
        let _hand = self.hands.acquire().await;
        self.transport.carry(parcel).await?;
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
            tracing::info!("{waiting} message(s) that could not be sent yet wait for the next start");
        }
    }
}
