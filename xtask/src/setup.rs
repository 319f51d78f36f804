//! `cargo xtask set-up`: everything that the other commands need and this machine lacks.

use anyhow::Result;

use crate::Outcome;
use crate::interrupt::Interrupts;
use crate::{progress, services, tools, wasm};

/// Installs what is missing: the target of plugins, the servers and the browser of the tests.
///
/// # Errors
/// When something is missing and cannot be installed from here.
pub fn run(interrupts: &Interrupts) -> Result<Outcome> {
    wasm::install_targets(interrupts)?;
    tools::install_missing(&services::programs(), interrupts)?;
    progress::step("everything that is needed is installed");
    Ok(Outcome::Passed)
}
