//! `cargo xtask ci`: what CI runs, which is the script `.ci/run` and nothing else.

use anyhow::Result;

use crate::interrupt::Interrupts;
use crate::{Outcome, cargo};

/// Runs the script.
///
/// # Errors
/// When there is no bash.
pub fn run(interrupts: &Interrupts) -> Result<Outcome> {
    Ok(interrupts.run(cargo::in_workspace("bash").arg(".ci/run"))?.into())
}
