//! `cargo xtask bench`: the measurements of the crate `trovato-bench`, in a release build.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::interrupt::Interrupts;
use crate::services::Services;
use crate::{Outcome, cargo, progress, wasm};

#[derive(clap::Args)]
pub struct Arguments {
    /// What to measure and how, for example `kernel --short`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    rest: Vec<OsString>,
}

/// Builds what is measured and what measures it, together, and runs the measurements.
///
/// # Errors
/// When the target of plugins cannot be installed or cargo cannot be started.
pub fn run(arguments: &Arguments, interrupts: &Interrupts) -> Result<Outcome> {
    wasm::install_targets(interrupts)?;
    progress::step("building a release to measure");
    let mut build = cargo::command();
    build.args([
        "build",
        "--release",
        "--bins",
        "--package",
        "trovato",
        "--package",
        "trovato-bench",
    ]);
    let built: Outcome = interrupts.run(&mut build)?.into();
    if !matches!(built, Outcome::Passed) {
        return Ok(built);
    }
    let release = release_folder()?;
    // Content is measured on both databases.
    let services = match arguments.rest.first() {
        Some(what) if what == "content" => Some(Services::start(interrupts)?),
        _ => None,
    };
    let mut command = Command::new(release.join("trovato-bench"));
    command
        .current_dir(cargo::root())
        .env("TROVATO_BENCH_SERVER", release.join("trovato"))
        .envs(services.iter().flat_map(Services::environment))
        .args(&arguments.rest);
    Ok(interrupts.run(&mut command)?.into())
}

/// Where cargo puts release builds: beside this program's own build.
fn release_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent);
    Ok(target.context("xtask was not built by cargo")?.join("release"))
}
