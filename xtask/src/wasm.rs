//! The compilation targets of plugins.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::interrupt::Interrupts;
use crate::progress;

/// What plugins are compiled to before they are wrapped as components, without WASI and with it.
const TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "wasm32-wasip2"];

/// Installs the standard libraries of the targets that are missing.
///
/// # Errors
/// When there is no compiler, or rustup is missing or fails.
pub fn install_targets(interrupts: &Interrupts) -> Result<()> {
    for target in TARGETS {
        if is_installed(target)? {
            continue;
        }
        progress::step(&format!("installing the compilation target {target} with rustup"));
        let mut command = Command::new("rustup");
        command.args(["target", "add", target]).current_dir(cargo::root());
        let status = interrupts.run(&mut command).with_context(|| {
            format!("the Rust target {target} is missing; install it, or install Rust by rustup")
        })?;
        if !status.success() {
            bail!("rustup target add {target} failed: see its messages above");
        }
    }
    Ok(())
}

/// Asks the compiler rather than rustup: faster, and right for a Rust that rustup did not install.
fn is_installed(target: &str) -> Result<bool> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", target])
        .current_dir(cargo::root())
        .output()
        .context("rustc could not be started")?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    Ok(output.status.success() && folder.is_dir())
}
