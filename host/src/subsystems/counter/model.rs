//! What counting has to say.

use std::time::Duration;

/// Whether something may be done once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may.
    pub allowed: bool,
    /// How often it may in one window.
    pub limit: u32,
    /// How often it may still, after this time.
    pub remaining: u32,
    /// If it may not: when it may again. Else: when one more will be remaining than now.
    pub retry_after: Duration,
}

/// What is counted: at most `limit` times in any `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How often.
    pub limit: u32,
    /// In which time.
    pub window: Duration,
}

impl Limit {
    /// `limit` times in any `window`.
    #[must_use]
    pub fn new(limit: u32, window: Duration) -> Self {
        Self { limit, window }
    }

    /// The window in milliseconds.
    pub(super) fn millis(self) -> i64 {
        i64::try_from(self.window.as_millis()).unwrap_or(i64::MAX).max(1)
    }

    /// Judges by the times in the window, the oldest first, before the one that asks.
    pub(super) fn judge(self, times: &[i64], now: i64, counts: bool) -> Decision {
        let taken = u32::try_from(times.len()).unwrap_or(u32::MAX);
        let allowed = taken < self.limit;
        let after = taken.saturating_add(u32::from(allowed && counts));
        // Not the oldest, if there are more than the limit allows now that it was lowered.
        let gives_way = times.len().saturating_sub(self.limit as usize);
        let oldest = times.get(gives_way).or(times.first()).copied();
        let wait = oldest
            .unwrap_or(now)
            .saturating_add(self.millis())
            .saturating_sub(now);
        Decision {
            allowed,
            limit: self.limit,
            remaining: self.limit.saturating_sub(after),
            retry_after: Duration::from_millis(u64::try_from(wait).unwrap_or(0).max(1)),
        }
    }
}
