//! Redis and what several nodes share by it, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod cache;
mod changes;
mod counters;
mod kinds;
mod moves;
mod people;
mod redis;
mod trust;
