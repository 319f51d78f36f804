//! `cargo xtask bench`: the measurements of the crate `trovato-bench`, in a release build.

use std::ffi::OsString;

use anyhow::Result;

use crate::interrupt::Interrupts;
use crate::{Outcome, cargo, progress, wasm};

#[derive(clap::Args)]
pub struct Arguments {
    /// What to measure and how, for example `kernel --short`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    rest: Vec<OsString>,
}

/// Builds and runs the measurements.
///
/// # Errors
/// When the target of plugins cannot be installed or cargo cannot be started.
pub fn run(arguments: &Arguments, interrupts: &Interrupts) -> Result<Outcome> {
    wasm::install_target(interrupts)?;
    progress::step("measuring a release build");
    let mut command = cargo::command();
    command
        .args(["run", "--release", "--package", "trovato-bench", "--"])
        .args(&arguments.rest);
    Ok(interrupts.run(&mut command)?.into())
}
