//! Commands that run cargo in this repository.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The folder of the workspace.
pub fn root() -> &'static Path {
    static PACKAGE: LazyLock<PathBuf> = LazyLock::new(|| {
        #[expect(
            clippy::disallowed_methods,
            reason = "cargo says by this variable alone where the package is; the folder at the time of the build may have moved"
        )]
        let package = std::env::var_os("CARGO_MANIFEST_DIR");
        package.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from)
    });
    PACKAGE.parent().unwrap_or(&PACKAGE)
}

/// The cargo that started this program, working in the folder of the workspace.
pub fn command() -> Command {
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo names itself to what it runs by this variable alone"
    )]
    let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    in_workspace(cargo)
}

/// A program that works in the folder of the workspace and may run cargo there.
pub fn in_workspace(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    // Cargo describes this package to this program in variables. Build scripts that watch them (ring has one)
    // would run again, and all that stands on them be built again, each time after cargo was run by hand.
    #[expect(
        clippy::disallowed_methods,
        reason = "the names of the variables, to leave them out"
    )]
    let names = std::env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.to_str().is_some_and(describes_a_package)) {
        command.env_remove(name);
    }
    command
}

fn describes_a_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.lock").is_file());
    }

    #[test]
    fn what_cargo_runs_is_not_told_about_this_package() {
        let command = in_workspace("true");

        let kept = command.get_envs().filter(|(_, value)| value.is_some()).count();
        let removed: Vec<_> = command.get_envs().filter_map(|(name, _)| name.to_str()).collect();
        assert_eq!(kept, 0);
        assert!(removed.contains(&"CARGO_MANIFEST_DIR"));
        assert!(removed.contains(&"CARGO_PKG_NAME"));
        assert!(!removed.contains(&"CARGO"));
    }
}
