//! What is measured, built first: the guests, and the server's program.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

const TARGET: &str = "wasm32-unknown-unknown";

/// A plugin that is loaded by hand.
pub struct Guest {
    pub name: &'static str,
    pub manifest: String,
    pub component: Vec<u8>,
}

/// The folder of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Builds the benchmark's own guests; gives the reader and the waiter.
pub fn guests() -> Result<[Guest; 2]> {
    let target = target()?.join("guests");
    let mut build = cargo();
    build.args([
        "build",
        "--quiet",
        "--locked",
        "--target",
        TARGET,
        "--profile",
        "plugin",
        "--target-dir",
    ]);
    build
        .arg(&target)
        .args(["-p", "bench-reader", "-p", "bench-waiter"]);
    run(&mut build)?;
    let built = target.join(TARGET).join("plugin");
    Ok([
        guest("reader", "bench-reader", &built)?,
        guest("waiter", "bench-waiter", &built)?,
    ])
}

fn guest(folder: &str, name: &'static str, built: &Path) -> Result<Guest> {
    let manifest = workspace()
        .join("tests/bench/guests")
        .join(folder)
        .join("plugin.toml");
    let component = built.join(format!("{}.wasm", name.replace('-', "_")));
    Ok(Guest {
        name,
        manifest: std::fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?,
        component: std::fs::read(&component).with_context(|| component.display().to_string())?,
    })
}

/// The program that serves sites: the one that `cargo xtask bench` has built along, else one that is built now.
pub fn server() -> Result<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "how xtask says what it has built")]
    if let Some(program) = std::env::var_os("TROVATO_BENCH_SERVER") {
        return Ok(program.into());
    }
    let mut build = cargo();
    build.args([
        "build",
        "--quiet",
        "--locked",
        "--release",
        "-p",
        "trovato",
        "--bin",
        "trovato",
        "--target-dir",
    ]);
    build.arg(target()?);
    run(&mut build)?;
    Ok(target()?.join("release/trovato"))
}

/// The folder that this program was built into.
fn target() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent);
    Ok(target.context("the benchmark was not built by cargo")?.to_owned())
}

fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(workspace());
    cargo
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().context("cargo can't be started")?;
    ensure!(status.success(), "the build failed");
    Ok(())
}
