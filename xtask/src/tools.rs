//! Programs that must be installed: where they are, and how they come when they are missing.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use rustix::process::geteuid;

use crate::interrupt::Interrupts;
use crate::progress;

/// A program, the Debian package that has it, and how to find it.
#[derive(Clone, Copy)]
pub struct Program {
    pub name: &'static str,
    pub package: &'static str,
    pub find: fn() -> Option<PathBuf>,
}

impl Program {
    /// Where the program is.
    ///
    /// # Errors
    /// When it is not installed.
    pub fn path(&self) -> Result<PathBuf> {
        (self.find)().with_context(|| format!("{} is not installed", self.name))
    }
}

/// The first file of that name that may be run, in the folders of `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "PATH says where installed programs are")]
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(|path| is_runnable(path))
}

/// Whether the path is a file that may be run.
pub fn is_runnable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// Installs the programs that are missing, if this machine allows it.
///
/// # Errors
/// When some are missing and cannot be installed from here; the message says what to do.
pub fn install_missing(programs: &[Program], interrupts: &Interrupts) -> Result<()> {
    let missing: Vec<_> = programs
        .iter()
        .filter(|program| (program.find)().is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing
        .iter()
        .map(|program| program.name)
        .collect::<Vec<_>>()
        .join(", ");
    let packages: Vec<_> = missing.iter().map(|program| program.package).collect();
    if !geteuid().is_root() || on_path("apt-get").is_none() {
        bail!(
            "not installed: {names}. Install it with the package manager of this system and try again; \
             on Debian: sudo apt-get install {}",
            packages.join(" ")
        );
    }
    progress::step(&format!("installing {names} with apt-get"));
    apt_get(&packages, interrupts)?;
    match missing.iter().find(|program| (program.find)().is_none()) {
        Some(program) => bail!(
            "apt-get installed {}, and yet {} is not found",
            program.package,
            program.name
        ),
        None => Ok(()),
    }
}

fn apt_get(packages: &[&str], interrupts: &Interrupts) -> Result<()> {
    let _quiet = NoAutostart::begin().context("services could not be kept from starting at installation")?;
    let update = ["update", "-qq"];
    let install = ["install", "-qq", "--yes", "--no-install-recommends"];
    for arguments in [&update[..], &[&install[..], packages].concat()] {
        let mut command = Command::new("apt-get");
        command
            .args(["-o", "Acquire::Retries=3", "-o", "Dpkg::Use-Pty=0"])
            .args(arguments);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        if !interrupts.run(&mut command)?.success() {
            bail!("apt-get {} failed: see its messages above", arguments.join(" "));
        }
    }
    Ok(())
}

/// Keeps Debian from starting the servers that it installs: the tests start their own, on their own ports.
///
/// The file is what Debian's invoke-rc.d(8) asks; 101 means "do not".
struct NoAutostart {
    ours: bool,
}

impl NoAutostart {
    const POLICY: &str = "/usr/sbin/policy-rc.d";

    fn begin() -> io::Result<Self> {
        match fs::File::create_new(Self::POLICY) {
            Ok(mut file) => {
                let guard = Self { ours: true };
                file.write_all(b"#!/bin/sh\nexit 101\n")?;
                file.set_permissions(fs::Permissions::from_mode(0o755))?;
                Ok(guard)
            }
            // This machine has its own policy.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Self { ours: false }),
            Err(error) => Err(error),
        }
    }
}

impl Drop for NoAutostart {
    fn drop(&mut self) {
        if self.ours {
            let _ = fs::remove_file(Self::POLICY);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABSENT: Program = Program {
        name: "Nothing",
        package: "nothing",
        find: || None,
    };

    #[test]
    fn a_program_of_the_path_is_found() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program").is_none());
    }

    #[test]
    fn a_folder_cannot_be_run() {
        assert!(!is_runnable(Path::new("/")));
    }

    #[test]
    fn a_missing_program_is_named() {
        assert_eq!(ABSENT.path().unwrap_err().to_string(), "Nothing is not installed");
    }
}
