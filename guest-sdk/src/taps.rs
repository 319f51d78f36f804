//! The taps: the places where the host asks plugins. One module each, made from the WIT package.
//!
//! The function at the top of a module's page is what an author writes with [`#[tap]`](macro@crate::tap); the
//! module's `Answer` lists what it may return. Where a tap has no error of its own, `Result` is still accepted: an
//! error is logged, and the plugin adds nothing.

#[macro_use]
mod answers;

trovato_sdk_macros::taps!();
