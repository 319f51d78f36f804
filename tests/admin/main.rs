//! The administration in the browser: who may go where, what surrounds its pages, and what they do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod access;
mod config;
mod content;
mod contrast;
mod menu_changes;
mod menu_targets;
mod menus;
mod navigation;
mod paths;
mod plugins;
mod reports;
mod search;
mod toolbar;
mod weight;
