//! Counting in the process's own memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::model::{Decision, Limit};

/// Keys that are counted at once. The one that was not seen for longest is forgotten first.
const KEYS: u64 = 50_000;

/// The times at which each key was counted, the oldest first.
pub(super) struct Memory(Cache<String, Arc<Mutex<VecDeque<i64>>>>);

impl Memory {
    pub fn new() -> Self {
        // Not the policy that keeps what is asked for often: a new key has to be counted too.
        let builder = Cache::builder().max_capacity(KEYS);
        Self(builder.eviction_policy(EvictionPolicy::lru()).build())
    }

    /// Whether the key has used its limit up, as far as is known here.
    pub fn is_used_up(&self, key: &str, limit: Limit, now: i64) -> Option<Decision> {
        let times = self.0.get(key)?;
        let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
        let decision = limit.judge(recent(&mut times, limit, now), now, true);
        (!decision.allowed).then_some(decision)
    }

    /// Counts, if there is room.
    pub fn hit(&self, key: &str, limit: Limit, now: i64) -> Decision {
        let times = self.0.get_with_by_ref(key, Arc::default);
        let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
        let decision = limit.judge(recent(&mut times, limit, now), now, true);
        if decision.allowed {
            times.push_back(now);
        }
        decision
    }
}

/// What lies in the window; the rest is forgotten.
fn recent(times: &mut VecDeque<i64>, limit: Limit, now: i64) -> &[i64] {
    let begin = now.saturating_sub(limit.millis());
    while times.front().is_some_and(|time| *time <= begin) {
        times.pop_front();
    }
    times.make_contiguous()
}
