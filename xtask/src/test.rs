//! `cargo xtask test`: every test, with servers of its own, leaving nothing running.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::descendants::Descendants;
use crate::interrupt::Interrupts;
use crate::services::Services;
use crate::{Outcome, cargo, progress, setup, tools};

#[derive(clap::Args)]
pub struct Arguments {
    /// Run only the tests whose names contain one of these
    filters: Vec<OsString>,
}

/// Sets up what is missing, starts the servers, runs the tests, stops the servers.
///
/// # Errors
/// When the tests could not be run at all, or were interrupted.
pub fn run(arguments: &Arguments, interrupts: &Interrupts) -> Result<Outcome> {
    setup::run(interrupts)?;
    let _descendants = Descendants::adopt();
    let services = Services::start(interrupts)?;

    let mut outcome = Outcome::Passed;
    let mut program = cargo::command();
    program.args(["build", "--package", "trovato", "--bin", "trovato"]);
    if Outcome::from(interrupts.run(&mut program)?) == Outcome::Failed {
        return Ok(Outcome::Failed);
    }
    for mut suite in suites(&arguments.filters) {
        suite.envs(services.environment());
        // Tests of plugins start it for sites of their own.
        suite.env("TROVATO_TEST_PROGRAM", cargo::root().join("target/debug/trovato"));
        if Outcome::from(interrupts.run(&mut suite)?) == Outcome::Failed {
            outcome = Outcome::Failed;
        }
    }
    progress::step(match outcome {
        Outcome::Passed => "all tests passed",
        Outcome::Failed => "there are failures: see above",
    });
    Ok(outcome)
}

/// The commands that together run every test. The summary of the last is the one that is read, so the short
/// one, of the examples in the documentation, comes first.
fn suites(filters: &[OsString]) -> Vec<Command> {
    if tools::on_path("cargo-nextest").is_none() {
        let mut all = cargo::command();
        all.args(["test", "--workspace", "--no-fail-fast", "--"])
            .args(filters);
        return vec![all];
    }
    let mut examples = cargo::command();
    examples
        .args(["test", "--workspace", "--doc", "--no-fail-fast", "--"])
        .args(filters);
    let mut rest = cargo::command();
    rest.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
    if !filters.is_empty() {
        // The filter may have named an example.
        rest.arg("--no-tests=warn");
    }
    rest.arg("--").args(filters);
    vec![examples, rest]
}
