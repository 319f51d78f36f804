//! Commands that run cargo in this repository.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
pub fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// The cargo that started this program, working in the folder of the workspace.
pub fn command() -> Command {
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo names itself to what it runs by this variable alone"
    )]
    let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let mut command = Command::new(cargo);
    command.current_dir(root());
    command
}
