//! How far a node has read what others have invalidated.
//!
//! Numbers are given before a transaction commits, so a smaller one may appear after a larger one. A number that is
//! missing is waited for as long as a transaction can take; then it belongs to one that was rolled back.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::time::Timestamp;

/// Longer than any transaction takes from its last statement to its end.
pub(super) const OPEN: Duration = Duration::from_secs(60);

/// How far a node has read.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// Everything up to here was read.
    read: i64,
    /// What was read beyond, and when it was first seen.
    beyond: BTreeMap<i64, Timestamp>,
}

impl Journal {
    /// One that was read up to a record.
    pub fn read_to(read: i64) -> Self {
        Self {
            read,
            beyond: BTreeMap::new(),
        }
    }

    /// Where to go on reading. What comes after may have been read before.
    pub fn position(&self) -> i64 {
        self.read
    }

    /// Whether a record is new; from now on it is not.
    pub fn take(&mut self, id: i64, now: Timestamp) -> bool {
        if id <= self.read || self.beyond.contains_key(&id) {
            return false;
        }
        self.beyond.insert(id, now);
        true
    }

    /// Notes what need not be waited for any more.
    pub fn settle(&mut self, now: Timestamp) {
        while let Some(first) = self.beyond.first_entry() {
            let (id, seen) = (*first.key(), *first.get());
            if id != self.read + 1 && now.since(seen) < OPEN {
                return;
            }
            self.read = id;
            first.remove();
        }
    }

    /// Whether records were dropped that this node has not read: it has slept for long.
    pub fn has_missed(&self, oldest: i64) -> bool {
        self.read > 0 && oldest > self.read + 1 && !self.beyond.keys().any(|id| *id < oldest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_000_000);

    #[test]
    fn a_record_is_taken_once() {
        let mut journal = Journal::default();
        assert!(journal.take(1, START));
        assert!(!journal.take(1, START));
        journal.settle(START);
        assert!(!journal.take(1, START));
        assert_eq!(journal.position(), 1);
    }

    #[test]
    fn a_number_that_is_missing_is_waited_for_as_long_as_a_transaction_may_take() {
        let mut journal = Journal::default();
        assert!(journal.take(1, START));
        assert!(journal.take(3, START));
        journal.settle(START);
        assert_eq!(journal.position(), 1);
        assert!(journal.take(2, START), "the one that committed later");
        journal.settle(START);
        assert_eq!(journal.position(), 3);
        assert!(journal.take(9, START));
        journal.settle(START.plus(OPEN));
        assert_eq!(journal.position(), 9);
    }
}
