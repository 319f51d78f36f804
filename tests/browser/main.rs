//! What people see and do, in a browser.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod administration;
mod attacks;
mod blocks;
mod complaints;
mod contact;
mod credentials;
mod editing;
mod forms;
mod install;
mod keyboard;
mod pages;
mod people;
mod roles;
mod steps;
mod sweep;
mod writing;
