//! A private Postgres, set for speed: its data need not survive anything.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::tools::{self, Program};
use crate::unprivileged;

use super::{Place, Service};

/// Debian keeps the programs of each version apart, and off the path.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The administrator of the private server, who needs no password.
const ADMINISTRATOR: &str = "postgres";
/// What is needed of an installation; one folder has them all.
const NEEDED: [&str; 3] = ["postgres", "initdb", "pg_isready"];

const SETTINGS: [&str; 8] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=300",
    "shared_buffers=128MB",
    "listen_addresses=127.0.0.1",
];

pub struct Postgres;

impl Service for Postgres {
    fn program(&self) -> Program {
        Program {
            name: "Postgres",
            package: "postgresql",
            find,
        }
    }

    fn variable(&self) -> &'static str {
        "TROVATO_TEST_POSTGRES_URL"
    }

    fn url(&self, port: u16) -> String {
        format!("postgres://{ADMINISTRATOR}@127.0.0.1:{port}/postgres")
    }

    fn prepare(&self, place: &Place<'_>) -> Result<()> {
        let mut command = unprivileged::command(&beside(place.program, "initdb"), place.account);
        command.args(["--username", ADMINISTRATOR, "--auth", "trust", "--no-sync"]);
        command.args(["--encoding", "UTF8", "--locale", "C.UTF-8"]);
        command.arg("--pgdata").arg(data(place)).current_dir(place.folder);
        // In a group of its own, out of reach of Ctrl-C: it takes a second, and is not worth half a folder.
        let output = command.process_group(0).stdin(Stdio::null()).output();
        let output = output.context("initdb could not be started")?;
        if !output.status.success() {
            bail!(
                "initdb failed:\n{}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(())
    }

    fn command(&self, place: &Place<'_>, port: u16) -> Command {
        let mut command = unprivileged::command(place.program, place.account);
        command
            .arg("-D")
            .arg(data(place))
            .arg("-k")
            .arg(place.folder)
            .args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command
    }

    fn answers(&self, place: &Place<'_>, port: u16) -> bool {
        Command::new(beside(place.program, "pg_isready"))
            .args([
                "--quiet",
                "--host",
                "127.0.0.1",
                "--dbname",
                "postgres",
                "--timeout",
                "2",
            ])
            .args(["--username", ADMINISTRATOR, "--port", &port.to_string()])
            .stdin(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

fn data(place: &Place<'_>) -> PathBuf {
    place.folder.join("data")
}

fn beside(program: &Path, name: &str) -> PathBuf {
    program.with_file_name(name)
}

/// The `postgres` of the path, else of the newest version that Debian has installed.
fn find() -> Option<PathBuf> {
    // A link on the path stands alone: its neighbours are where it leads to.
    let on_path = tools::on_path("postgres").and_then(|program| fs::canonicalize(program).ok());
    let debian = newest_first(folders_of(Path::new(DEBIAN)))
        .into_iter()
        .map(|folder| folder.join("bin/postgres"));
    on_path
        .into_iter()
        .chain(debian)
        .find(|program| is_complete(program))
}

fn is_complete(program: &Path) -> bool {
    NEEDED
        .iter()
        .all(|name| tools::is_runnable(&beside(program, name)))
}

fn folders_of(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

/// Orders folders that are named by a version number; others are left out.
fn newest_first(folders: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = folders
        .into_iter()
        .filter_map(|folder| Some((folder.file_name()?.to_str()?.parse().ok()?, folder)))
        .collect();
    versions.sort_by(|(left, _), (right, _)| right.cmp(left));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_comes_first_by_number() {
        let folders = ["/p/9", "/p/15", "/p/common", "/p/16"]
            .map(PathBuf::from)
            .to_vec();

        assert_eq!(
            newest_first(folders),
            ["/p/16", "/p/15", "/p/9"].map(PathBuf::from)
        );
    }

    #[test]
    fn the_address_names_the_administrator() {
        assert_eq!(Postgres.url(5433), "postgres://postgres@127.0.0.1:5433/postgres");
    }
}
