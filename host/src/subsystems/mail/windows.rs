//! Counts by name within a sliding window of time.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::time::{Clock, Timestamp};

/// Names that are counted at once; the oldest counts go when there are more.
const NAMES: usize = 10_000;

/// Counts by name.
pub(super) struct Windows {
    clock: Clock,
    hits: Mutex<HashMap<String, VecDeque<Timestamp>>>,
}

impl Windows {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            hits: Mutex::default(),
        }
    }

    /// Counts one, unless there were `limit` in the window already.
    pub(super) fn hit(&self, name: &str, window: Duration, limit: u32) -> bool {
        let now = self.clock.now();
        let begin = now.minus(window);
        let mut hits = self.hits.lock().unwrap_or_else(PoisonError::into_inner);
        if hits.len() >= NAMES {
            hits.retain(|_, times| times.back().is_some_and(|last| *last > begin));
        }
        let times = hits.entry(name.to_owned()).or_default();
        while times.front().is_some_and(|first| *first <= begin) {
            times.pop_front();
        }
        if times.len() >= limit as usize {
            return false;
        }
        times.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_the_limit_pass_in_a_window_and_names_are_counted_apart() {
        let clock = Clock::fixed(Timestamp(0));
        let windows = Windows::new(clock.clone());
        let hour = Duration::from_secs(3600);
        assert!(windows.hit("a", hour, 2) && windows.hit("a", hour, 2));
        assert!(!windows.hit("a", hour, 2));
        assert!(windows.hit("b", hour, 2));
        clock.advance(hour);
        assert!(windows.hit("a", hour, 2));
    }
}
