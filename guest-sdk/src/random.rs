//! Randomness from the operating system; a fixed sequence under test.

use crate::wit::random;

/// So many random bytes; at most 65,536.
pub fn bytes(count: u32) -> Vec<u8> {
    random::bytes(count)
}

/// A random number.
pub fn number() -> u64 {
    random::number()
}
