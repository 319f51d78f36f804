//! The compilation target of plugins.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::interrupt::Interrupts;
use crate::progress;

/// What plugins are compiled to before they are wrapped as components.
const TARGET: &str = "wasm32-unknown-unknown";

/// Installs the target's standard library if it is missing.
///
/// # Errors
/// When there is no compiler, or rustup is missing or fails.
pub fn install_target(interrupts: &Interrupts) -> Result<()> {
    if is_installed()? {
        return Ok(());
    }
    progress::step(&format!("installing the compilation target {TARGET} with rustup"));
    let mut command = Command::new("rustup");
    command.args(["target", "add", TARGET]).current_dir(cargo::root());
    let status = interrupts.run(&mut command).with_context(|| {
        format!("the Rust target {TARGET} is missing; install it, or install Rust by rustup")
    })?;
    if !status.success() {
        bail!("rustup target add {TARGET} failed: see its messages above");
    }
    Ok(())
}

/// Asks the compiler rather than rustup: faster, and right for a Rust that rustup did not install.
fn is_installed() -> Result<bool> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(cargo::root())
        .output()
        .context("rustc could not be started")?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    Ok(output.status.success() && folder.is_dir())
}
