//! How a plugin fares: its counts by tap, and the circuit breaker that suspends it after repeated failures.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::time::{Clock, Timestamp};

/// So many failures within [`WINDOW`] suspend a plugin for [`COOL_DOWN`].
const FAILURES: usize = 5;
const WINDOW: Duration = Duration::from_secs(60);
const COOL_DOWN: Duration = Duration::from_secs(30);
const WELL: i64 = i64::MIN;

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

impl Snapshot {
    /// How long a call took on average; nothing where there was none.
    #[must_use]
    pub fn mean(&self) -> Duration {
        match u32::try_from(self.calls) {
            Ok(0) => Duration::ZERO,
            Ok(calls) => self.time / calls,
            Err(_) => self.time / u32::MAX,
        }
    }
}

/// A plugin's record since the process started. It outlives upgrades.
#[derive(Debug)]
pub struct Health {
    taps: Box<[TapCount]>,
    breaker: Mutex<Breaker>,
    /// When the plugin was suspended, in milliseconds of the clock; [`WELL`] when it is not and is not on trial either.
    suspended_at: AtomicI64,
    clock: Clock,
}

#[derive(Debug, Default)]
struct Breaker {
    /// Oldest first. They age until they suspend the plugin; then they stay until their tap succeeds.
    failures: VecDeque<Failed>,
    last_cause: String,
}

#[derive(Debug)]
struct Failed {
    slot: usize,
    at: Timestamp,
}

impl Health {
    /// An empty record for so many taps. The clock says when a cool-down is over; it is only asked when something fails.
    #[must_use]
    pub fn new(taps: usize, clock: Clock) -> Self {
        Self {
            taps: std::iter::repeat_with(TapCount::default).take(taps).collect(),
            breaker: Mutex::default(),
            suspended_at: AtomicI64::new(WELL),
            clock,
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

    /// What the last failure said; empty where there was none.
    #[must_use]
    pub fn last_failure(&self) -> String {
        let breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        breaker.last_cause.clone()
    }

    /// Ends a suspension and forgets what led to it: what runs from now on is another version.
    pub fn pardon(&self) {
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        breaker.failures.clear();
        self.suspended_at.store(WELL, Relaxed);
    }

    /// How much of the cool-down is left. A clock that is set back ends it.
    pub(super) fn cool_down(&self) -> Option<Duration> {
        let at = self.suspended_at.load(Relaxed);
        if at == WELL {
            return None;
        }
        let (at, now) = (Timestamp(at), self.clock.now());
        let left = COOL_DOWN.checked_sub(now.since(at))?;
        (at <= now && !left.is_zero()).then_some(left)
    }

    pub(super) fn succeeded(&self, slot: usize, time: Duration) {
        self.count(slot, time);
        // Only a plugin on trial pays for the lock.
        if self.is_on_trial() {
            self.forgive(slot, time);
        }
    }

    fn is_on_trial(&self) -> bool {
        self.suspended_at.load(Relaxed) != WELL && self.cool_down().is_none()
    }

    /// Forgets the failures that a call which went well and took so long makes up for: those of the same tap from
    /// before it started. Ends the trial when none is left.
    fn forgive(&self, slot: usize, time: Duration) {
        let started = self.clock.now().minus(time);
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        breaker
            .failures
            .retain(|failed| failed.slot != slot || failed.at >= started);
        // Asked again under the lock: another call may have failed meanwhile.
        if breaker.failures.is_empty() && self.is_on_trial() {
            self.suspended_at.store(WELL, Relaxed);
        }
    }

    /// Counts a failure; true when it is the one that suspends the plugin.
    pub(super) fn failed(&self, slot: usize, time: Duration, cause: &str) -> bool {
        self.count(slot, time);
        if let Some(count) = self.taps.get(slot) {
            count.failures.fetch_add(1, Relaxed);
        }
        let now = self.clock.now();
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        // A failed trial call suspends at once, whenever it comes.
        let on_trial = self.is_on_trial();
        if self.suspended_at.load(Relaxed) == WELL {
            breaker.failures.retain(|failed| now.since(failed.at) < WINDOW);
        } else if breaker.failures.len() >= FAILURES {
            breaker.failures.pop_front();
        }
        breaker.failures.push_back(Failed { slot, at: now });
        cause.clone_into(&mut breaker.last_cause);
        let suspends = on_trial || (breaker.failures.len() >= FAILURES && self.cool_down().is_none());
        if !suspends {
            return false;
        }
        self.suspended_at.store(now.as_millis(), Relaxed);
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

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::ZERO;
    const BEGIN: Timestamp = Timestamp(1_700_000_000_000);

    fn suspended() -> (Health, Clock) {
        let clock = Clock::fixed(BEGIN);
        let health = Health::new(2, clock.clone());
        for nth in 1..=FAILURES {
            assert_eq!(health.failed(0, QUICK, "it broke"), nth == FAILURES);
        }
        assert!(health.cool_down().is_some());
        (health, clock)
    }

    fn on_trial() -> (Health, Clock) {
        let (health, clock) = suspended();
        clock.advance(COOL_DOWN);
        assert!(health.is_on_trial());
        (health, clock)
    }

    #[test]
    fn a_suspension_lasts_as_long_as_the_clock_says() {
        let (health, clock) = suspended();
        assert_eq!(health.suspended().unwrap().0, COOL_DOWN);
        clock.advance(Duration::from_secs(29));
        assert_eq!(health.suspended().unwrap().0, Duration::from_secs(1));
        clock.advance(Duration::from_secs(1));
        assert!(health.suspended().is_none());
    }

    #[test]
    fn failures_that_lie_far_apart_suspend_nothing() {
        let clock = Clock::fixed(BEGIN);
        let health = Health::new(1, clock.clone());
        for _ in 0..3 * FAILURES {
            assert!(!health.failed(0, QUICK, "it broke"));
            clock.advance(WINDOW / 4);
        }
    }

    #[test]
    fn a_call_that_was_running_when_the_suspension_began_does_not_end_it() {
        let (health, _) = suspended();
        health.succeeded(0, QUICK);
        assert!(health.suspended().is_some());
        let (health, _) = on_trial();
        health.succeeded(0, 2 * COOL_DOWN);
        assert!(health.is_on_trial());
    }

    #[test]
    fn a_trial_that_goes_well_ends_the_matter() {
        let (health, _) = on_trial();
        health.succeeded(0, QUICK);
        assert!(!health.is_on_trial() && !health.failed(0, QUICK, "it broke"));
    }

    #[test]
    fn a_trial_that_fails_suspends_again_at_once() {
        let (health, _) = on_trial();
        assert!(health.failed(0, QUICK, "it broke again"));
        assert_eq!(health.suspended().unwrap().1, "it broke again");
    }

    #[test]
    fn a_tap_is_not_forgiven_for_the_success_of_another() {
        let (health, _) = on_trial();
        health.succeeded(1, QUICK);
        assert!(health.failed(0, QUICK, "it broke"));
    }

    #[test]
    fn a_pardon_forgets_everything() {
        let (health, _) = suspended();
        health.pardon();
        assert!(health.suspended().is_none() && !health.failed(0, QUICK, "it broke"));
    }
}
