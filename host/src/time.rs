//! Time and identifiers as values that are handed in: a moment, the clock that tells it and the source of ids.
//!
//! A leaf: it knows nothing of databases, of the web or of plugins. Nothing else reads the system's clock, so a
//! test that holds a fixed [`Clock`] decides what time it is everywhere.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use uuid::{ContextV7, Uuid};

/// A moment: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment that many milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The moment `after` this one, held at the far end of time.
    #[must_use]
    pub fn plus(self, after: Duration) -> Self {
        Self(self.0.saturating_add(millis(after)))
    }

    /// The moment `before` this one, held at the beginning of time.
    #[must_use]
    pub fn minus(self, before: Duration) -> Self {
        Self(self.0.saturating_sub(millis(before)))
    }

    /// How long after `earlier` this is; zero if it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<i64> for Timestamp {
    fn from(millis: i64) -> Self {
        Self(millis)
    }
}

impl From<Timestamp> for i64 {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.0
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Tells the time. Clones of a clock are the same clock.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `at` until it is [advanced](Self::advance).
    pub fn fixed(at: Timestamp) -> Self {
        Self(Source::Fixed(Arc::new(AtomicI64::new(at.0))))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => system_now(),
            Source::Fixed(at) => Timestamp(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock, and all its clones, forward. The machine's clock can't be moved: it stays as it is.
    pub fn advance(&self, by: Duration) {
        if let Source::Fixed(at) = &self.0 {
            at.fetch_add(millis(by), Ordering::SeqCst);
        }
    }
}

/// The one place that reads the machine's clock. A machine set to before 1970 is taken to be at the epoch.
#[expect(clippy::disallowed_methods, reason = "the one place")]
fn system_now() -> Timestamp {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    Timestamp(elapsed.map_or(0, millis))
}

/// Makes identifiers: UUIDv7 (RFC 9562, 5.7) of the clock's time, which sort in the order they were made, also
/// within one millisecond. Clones share the order.
#[derive(Clone, Debug)]
pub struct Ids {
    clock: Clock,
    context: Arc<Mutex<ContextV7>>,
}

impl Ids {
    /// Identifiers that carry the time of `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            context: Arc::new(Mutex::new(ContextV7::new())),
        }
    }

    /// A new identifier.
    pub fn next(&self) -> Uuid {
        let millis = u64::try_from(self.clock.now().0).unwrap_or(0);
        let nanos = u32::try_from((millis % 1000) * 1_000_000).unwrap_or(0);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*self.context, millis / 1000, nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_it_is_advanced_and_its_clones_move_with_it() {
        let clock = Clock::fixed(Timestamp(1_000));
        let clone = clock.clone();
        assert_eq!(clone.now(), Timestamp(1_000));
        clock.advance(Duration::from_secs(2));
        assert_eq!(clone.now(), Timestamp(3_000));
    }

    #[test]
    fn ids_made_in_one_millisecond_sort_in_the_order_they_were_made_and_carry_its_time() {
        let ids = Ids::new(Clock::fixed(Timestamp(1_700_000_000_123)));
        let made: Vec<Uuid> = (0..1_000).map(|_| ids.next()).collect();
        assert!(made.is_sorted());
        let unix = made.first().and_then(Uuid::get_timestamp).map(|at| at.to_unix());
        assert_eq!(unix, Some((1_700_000_000, 123_000_000)));
    }

    #[test]
    fn time_is_held_at_its_ends_instead_of_wrapping() {
        assert_eq!(
            Timestamp(i64::MAX).plus(Duration::from_secs(1)),
            Timestamp(i64::MAX)
        );
        assert_eq!(Timestamp(5).since(Timestamp(9)), Duration::ZERO);
    }
}
