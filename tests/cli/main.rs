//! The program as people run it: what it prints, what it does, and how it ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod configuration;
mod configuration_plugins;
mod crash;
mod mail;
mod serve;
mod token;
mod user;

use std::io::Write;
use std::process::{Command, Output, Stdio};

use trovato_tests::{Place, TestApp};

/// What a command has said, and how it ended.
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Done {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What was printed, of a command that went well.
    #[track_caller]
    fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self.out
    }

    #[track_caller]
    fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.well()).unwrap()
    }

    /// What was said of a command that ended with this code.
    #[track_caller]
    fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self.err
    }
}

/// The program on the site of a test, with nothing from the environment of the tests.
fn command(app: &TestApp, arguments: &[&str]) -> Command {
    command_at(app.place(), arguments)
}

/// The program on a place of its own.
fn command_at(place: &Place, arguments: &[&str]) -> Command {
    let config = place.config();
    let mut command = Command::new(env!("CARGO_BIN_EXE_trovato"));
    command
        .env_clear()
        .env("TROVATO_DATABASE_URL", config.database_url())
        .env("TROVATO_PASSWORD_MEMORY_KIB", "64")
        .env("TROVATO_PASSWORD_PASSES", "1")
        .env("TROVATO_PASSWORD_LANES", "1")
        .arg("--data-dir")
        .arg(place.folder())
        .args(arguments)
        .current_dir(place.folder());
    command
}

/// Runs a command to its end.
async fn trovato(app: &TestApp, arguments: &[&str]) -> Done {
    with(command(app, arguments), None).await
}

/// Runs a command that reads.
async fn trovato_reading(app: &TestApp, arguments: &[&str], input: &'static str) -> Done {
    with(command(app, arguments), Some(input)).await
}

async fn with(mut command: Command, input: Option<&'static str>) -> Done {
    let run = move || {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut stdin = process.stdin.take().unwrap();
        stdin.write_all(input.unwrap_or_default().as_bytes()).unwrap();
        drop(stdin);
        Done::of(process.wait_with_output().unwrap())
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}
