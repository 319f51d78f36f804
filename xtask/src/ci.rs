//! `cargo xtask ci`: what CI runs, which is the script `.ci/run` and nothing else.

use std::process::Command;

use anyhow::Result;

use crate::interrupt::Interrupts;
use crate::{Outcome, cargo};

/// Runs the script.
///
/// # Errors
/// When there is no bash.
pub fn run(interrupts: &Interrupts) -> Result<Outcome> {
    Ok(interrupts
        .run(Command::new("bash").arg(".ci/run").current_dir(cargo::root()))?
        .into())
}
