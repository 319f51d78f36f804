//! `cargo xtask serve`: builds the site and becomes it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};

use crate::interrupt::Interrupts;
use crate::{Outcome, cargo, progress, wasm};

#[derive(clap::Args)]
pub struct Arguments {
    /// Build for speed: slower to build, as fast to run as in production
    #[arg(long)]
    release: bool,
    /// What to hand on to `trovato serve`
    #[arg(last = true)]
    rest: Vec<OsString>,
}

/// Builds what has changed and runs `trovato serve` in place of this program, which leaves Ctrl-C to it.
///
/// # Errors
/// When the target of plugins cannot be installed or cargo cannot be started.
pub fn run(arguments: &Arguments, interrupts: &Interrupts) -> Result<Outcome> {
    wasm::install_targets(interrupts)?;
    progress::step("building Trovato and its plugins (minutes at first, then only what has changed)");
    let mut command = cargo::command();
    command.args(["run", "--package", "trovato", "--bin", "trovato"]);
    if arguments.release {
        command.arg("--release");
    }
    let error = command
        .arg("--")
        .args(["serve", "--demo"])
        .args(&arguments.rest)
        .exec();
    Err(error).context("cargo could not be started")
}
