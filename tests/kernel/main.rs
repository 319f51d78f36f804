//! The kernel and the interfaces that it offers to plugins, through fixture guests on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod artefacts;
mod assets;
mod conformance;
mod consent;
mod hot;
mod isolation;
mod lifecycle;
mod loading;
mod manifests;
mod order;
mod pages;
mod released;
mod rollback;
mod saving;
mod viewing;
mod wasi;
mod words;
