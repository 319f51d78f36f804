//! Forms, through the front door on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod bad_input;
mod contact;
mod install;
mod kinds;
mod plugins;
mod references;
