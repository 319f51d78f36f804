//! The plugins that come with the site, as visitors see their work.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod related;
mod wordpress;
