//! How a plugin fares: its counts by tap, and the circuit breaker that suspends it after repeated failures.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many failures within [`WINDOW`] suspend a plugin for [`COOL_DOWN`].
const FAILURES: usize = 5;
const WINDOW: Duration = Duration::from_secs(60);
const COOL_DOWN: Duration = Duration::from_secs(30);

/// How one tap of a plugin was called.
#[derive(Debug, Default)]
pub struct TapCount {
    calls: AtomicU64,
    failures: AtomicU64,
    nanoseconds: AtomicU64,
}

/// A reading of [`TapCount`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// How often it was called.
    pub calls: u64,
    /// How often that failed.
    pub failures: u64,
    /// How long the calls took in all.
    pub time: Duration,
}

/// A plugin's record since the process started. It outlives upgrades.
#[derive(Debug)]
pub struct Health {
    taps: Box<[TapCount]>,
    breaker: Mutex<Breaker>,
    /// Nanoseconds since `epoch` until which the plugin is suspended; 0 while it is not.
    suspended_until: AtomicU64,
    epoch: Instant,
}

#[derive(Debug, Default)]
struct Breaker {
    failures: Vec<Instant>,
    last_cause: String,
}

impl Health {
    /// An empty record for so many taps.
    #[must_use]
    pub fn new(taps: usize) -> Self {
        Self {
            taps: std::iter::repeat_with(TapCount::default).take(taps).collect(),
            breaker: Mutex::default(),
            suspended_until: AtomicU64::new(0),
            epoch: Instant::now(),
        }
    }

    /// The counts of a tap.
    #[must_use]
    pub fn tap(&self, slot: usize) -> Snapshot {
        self.taps
            .get(slot)
            .map_or_else(Snapshot::default, |count| Snapshot {
                calls: count.calls.load(Relaxed),
                failures: count.failures.load(Relaxed),
                time: Duration::from_nanos(count.nanoseconds.load(Relaxed)),
            })
    }

    /// For how much longer the plugin is suspended, and the failure that led to it.
    #[must_use]
    pub fn suspended(&self) -> Option<(Duration, String)> {
        let left = self.cool_down()?;
        let breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        Some((left, breaker.last_cause.clone()))
    }

    /// Ends a suspension and forgets what led to it: what runs from now on is another version.
    pub fn pardon(&self) {
        self.suspended_until.store(0, Relaxed);
        self.breaker
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .failures
            .clear();
    }

    pub(super) fn cool_down(&self) -> Option<Duration> {
        let until = self.suspended_until.load(Relaxed);
        if until == 0 {
            return None;
        }
        Duration::from_nanos(until).checked_sub(self.epoch.elapsed())
    }

    pub(super) fn succeeded(&self, slot: usize, time: Duration) {
        self.count(slot, time);
        // Only a plugin that was suspended pays for the lock: its trial call went well.
        if self.suspended_until.load(Relaxed) != 0 {
            self.pardon();
        }
    }

    /// Counts a failure; true when it is the one that suspends the plugin.
    pub(super) fn failed(&self, slot: usize, time: Duration, cause: &str) -> bool {
        self.count(slot, time);
        if let Some(count) = self.taps.get(slot) {
            count.failures.fetch_add(1, Relaxed);
        }
        let now = Instant::now();
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        breaker
            .failures
            .retain(|moment| now.duration_since(*moment) < WINDOW);
        breaker.failures.push(now);
        cause.clone_into(&mut breaker.last_cause);
        // A failed trial call suspends at once: its predecessors are still on record.
        if breaker.failures.len() < FAILURES || self.cool_down().is_some() {
            return false;
        }
        let until = self.epoch.elapsed() + COOL_DOWN;
        self.suspended_until
            .store(u64::try_from(until.as_nanos()).unwrap_or(u64::MAX), Relaxed);
        true
    }

    fn count(&self, slot: usize, time: Duration) {
        if let Some(count) = self.taps.get(slot) {
            count.calls.fetch_add(1, Relaxed);
            count
                .nanoseconds
                .fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Relaxed);
        }
    }
}
