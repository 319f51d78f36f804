//! Time.

use std::time::Duration;

use crate::value::Timestamp;
use crate::wit::clock;

/// The time now.
pub fn now() -> Timestamp {
    clock::now()
}

/// A clock that never runs backwards, for measuring: the time since some moment before the call began.
pub fn monotonic() -> Duration {
    Duration::from_nanos(clock::monotonic())
}
