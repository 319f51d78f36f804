//! Limits of the plugin's own: how often whoever asks has done something of late.

use crate::wit::counters;

/// Counts an action of whoever asks, if it was counted less than `limit` times in the last `seconds` (at most a day).
/// False where it should not be done any more.
///
/// ```no_run
/// use trovato_sdk::prelude::*;
///
/// fn may_write() -> Result<()> {
///     match counters::hit("messages", 3600, 5) {
///         true => Ok(()),
///         false => Err(Error::other("You have written a lot. Please try again in an hour.")),
///     }
/// }
/// ```
pub fn hit(name: &str, seconds: u32, limit: u32) -> bool {
    counters::hit(name, seconds, limit)
}
