//! Cargo, as plugins are built with it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::{Error, Result};

/// What plugins are compiled to before the linker makes components of them, unless their manifest names another:
/// `target` in `[package.metadata.trovato]`.
const TARGET: &str = "wasm32-unknown-unknown";
/// The same with WASI, which its linker makes components of by itself.
pub const WASI: &str = "wasm32-wasip2";

/// The profile of builds that are for use, where the plugin's own manifest does not have one of that name.
const PROFILE: &str = "plugin";
const PROFILE_SETTINGS: [&str; 6] = [
    "profile.plugin.inherits=\"release\"",
    "profile.plugin.opt-level=3",
    "profile.plugin.lto=true",
    "profile.plugin.codegen-units=1",
    "profile.plugin.panic=\"abort\"",
    "profile.plugin.strip=\"debuginfo\"",
];

/// How a plugin is built.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    /// Quick to build instead of quick to run.
    pub debug: bool,
    /// Whether only what is wrong is told.
    pub quiet: bool,
}

/// What cargo knows of a package.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    manifest_path: PathBuf,
    targets: Vec<Target>,
    metadata: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    crate_types: Vec<String>,
}

/// Builds the crate in a folder. What the compiler says goes to the terminal unchanged.
///
/// # Returns
/// The component.
///
/// # Errors
/// Something is missing on this machine, or the crate does not compile.
pub fn build(folder: &Path, mode: Mode) -> Result<PathBuf> {
    if !folder.join("Cargo.toml").is_file() {
        let folder = folder.display();
        return Err(Error::set_up(format!(
            "{folder} has no Cargo.toml: only plugins written in Rust can be built"
        )));
    }
    let metadata = metadata(folder)?;
    let package = metadata.package(folder)?;
    let (library, target) = (package.library(folder)?, package.target(folder)?);
    require_target(folder, target)?;
    let mut cargo = command("cargo", folder);
    cargo.args(["build", "--lib", "--target", target]);
    cargo.args([
        "--config",
        &format!("target.{target}.linker=\"wasm-component-ld\""),
    ]);
    if mode.quiet {
        cargo.arg("--quiet");
    }
    if !mode.debug {
        cargo.args(["--profile", PROFILE]);
        if !has_profile(&metadata.workspace_root) {
            cargo.args(PROFILE_SETTINGS.iter().flat_map(|setting| ["--config", setting]));
        }
    }
    let status = cargo.status().map_err(|error| cannot_run("cargo", &error))?;
    if !status.success() {
        return Err(Error::failed(
            "the plugin was not built: see what cargo says above",
        ));
    }
    let kind = if mode.debug { "debug" } else { PROFILE };
    Ok(metadata
        .target_directory
        .join(target)
        .join(kind)
        .join(format!("{}.wasm", library.replace('-', "_"))))
}

impl Metadata {
    fn package(&self, folder: &Path) -> Result<&Package> {
        let manifest = folder.join("Cargo.toml");
        let path = fs::canonicalize(&manifest).map_err(Error::set_up)?;
        let is_it = |package: &&Package| fs::canonicalize(&package.manifest_path).is_ok_and(|of| of == path);
        let package = self.packages.iter().find(is_it);
        package.ok_or_else(|| Error::set_up(format!("{} has no package", manifest.display())))
    }
}

impl Package {
    /// What it is compiled to.
    fn target(&self, folder: &Path) -> Result<&'static str> {
        let named = self
            .metadata
            .as_ref()
            .and_then(|metadata| metadata.pointer("/trovato/target"));
        match named.map(|named| named.as_str().unwrap_or_default()) {
            None | Some(TARGET) => Ok(TARGET),
            Some(WASI) => Ok(WASI),
            Some(other) => Err(Error::set_up(format!(
                "{}: plugins are not built for '{other}' but for {TARGET} or {WASI}",
                folder.join("Cargo.toml").display()
            ))),
        }
    }

    /// The name of the library that becomes the component.
    fn library(&self, folder: &Path) -> Result<&str> {
        let mut targets = self.targets.iter();
        let library = targets.find(|target| target.crate_types.iter().any(|kind| kind == "cdylib"));
        library.map(|target| target.name.as_str()).ok_or_else(|| {
            Error::set_up(format!(
                "{} makes no component; add `crate-type = [\"cdylib\", \"rlib\"]` to its `[lib]`",
                folder.join("Cargo.toml").display()
            ))
        })
    }
}

fn metadata(folder: &Path) -> Result<Metadata> {
    let mut cargo = command("cargo", folder);
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = cargo.output().map_err(|error| cannot_run("cargo", &error))?;
    if !output.status.success() {
        return Err(Error::failed(String::from_utf8_lossy(&output.stderr).trim()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Error::failed(format!("cargo metadata: {error}")))
}

fn has_profile(workspace: &Path) -> bool {
    let manifest = fs::read_to_string(workspace.join("Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap_or_default();
    manifest
        .get("profile")
        .and_then(|profiles| profiles.get(PROFILE))
        .is_some()
}

/// Asks the compiler rather than rustup: right also for a Rust that rustup did not install.
fn require_target(folder: &Path, target: &str) -> Result {
    let mut rustc = command("rustc", folder);
    rustc.args(["--print", "target-libdir", "--target", target]);
    let output = rustc.output().map_err(|error| cannot_run("rustc", &error))?;
    let library = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && library.is_dir() {
        return Ok(());
    }
    Err(Error::set_up(format!(
        "Rust can't compile for {target} on this machine; run `rustup target add {target}`"
    )))
}

/// A program of Rust's, in the folder of the plugin, whose settings then hold.
pub fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    // Flags for the machine's own code do not fit WebAssembly; a cargo that runs this program must not speak to the
    // inner one.
    for variable in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
    ] {
        command.env_remove(variable);
    }
    command
}

pub fn cannot_run(program: &str, error: &std::io::Error) -> Error {
    Error::set_up(match error.kind() {
        ErrorKind::NotFound => format!("{program} is not installed; get Rust from https://rustup.rs"),
        _ => format!("{program} can't be started: {error}"),
    })
}
