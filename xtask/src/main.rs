//! The developer commands. `cargo xtask serve` and `cargo xtask test` are all that a fresh machine needs:
//! each sets up what is missing first.
//!
//! This crate must not depend on the host: it has to be there, in seconds, before the host can be built.

mod bench;
mod cargo;
mod ci;
mod conformance;
mod descendants;
mod docs;
mod interrupt;
mod ports;
mod progress;
mod reference;
mod serve;
mod services;
mod setup;
mod test;
mod tools;
mod unprivileged;
mod wasm;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::interrupt::{Interrupted, Interrupts};

/// Develop Trovato: run it, test it, measure it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site and serve it, with its data in data/
    Serve(serve::Arguments),
    /// Run every test, with a Postgres, a Redis and a Chromium of its own
    Test(test::Arguments),
    /// Measure: `bench kernel` for the whole run, `bench kernel --short` for a check
    Bench(bench::Arguments),
    /// Run what CI runs
    Ci,
    /// Prove this host with the released cases, on both databases
    Conformance,
    /// Only set up what the other commands need
    SetUp,
    /// Build the book in docs/
    Docs,
    /// Write the reference of the WIT package, or check it with all links of the documentation
    Reference(reference::Arguments),
}

/// How a command ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
}

impl From<std::process::ExitStatus> for Outcome {
    fn from(status: std::process::ExitStatus) -> Self {
        if status.success() {
            Self::Passed
        } else {
            Self::Failed
        }
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(Outcome::Passed) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Err(error) if error.is::<Interrupted>() => {
            progress::step("interrupted; nothing is left running");
            ExitCode::from(130)
        }
        Err(error) => {
            progress::failure(&error);
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<Outcome> {
    let interrupts = Interrupts::listen()?;
    match command {
        Command::Serve(arguments) => serve::run(&arguments, &interrupts),
        Command::Test(arguments) => test::run(&arguments, &interrupts),
        Command::Bench(arguments) => bench::run(&arguments, &interrupts),
        Command::Ci => ci::run(&interrupts),
        Command::Conformance => conformance::run(&interrupts),
        Command::SetUp => setup::run(&interrupts),
        Command::Docs => docs::run(&interrupts),
        Command::Reference(arguments) => reference::run(&arguments),
    }
}
