//! The plugins that come with the site, as visitors see their work.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod editorial;
mod related;
mod seo;
mod wordpress;
