//! Measures the kernel, a site on SQLite, and the people on it against what they must reach.
//!
//! Everything that is compared is measured in one run, in turns. It must not know how the kernel does its work: it
//! uses what the crate `trovato` offers to everyone, and the program `trovato` as people use it.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the words of a command")]
#![expect(
    clippy::cast_precision_loss,
    reason = "measured times and counts are far below 2^52"
)]

mod access;
mod boundary;
mod content;
mod environment;
mod folder;
mod host;
mod instances;
mod loading;
mod native;
mod pace;
mod people;
mod permission;
mod plan;
mod programs;
mod raw;
mod report;
mod run;
mod samples;
mod server;
mod waiting;
mod ways;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::{Parser, Subcommand};
use trovato::kernel::Settings;

use crate::folder::Folder;
use crate::host::Host;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measure Trovato.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The kernel, and a site on SQLite
    Kernel(Options),
    /// Signing in, being signed in, and permissions
    People(run::Options),
    /// A site of many items, on SQLite, and on Postgres where `TROVATO_TEST_POSTGRES_URL` is the address of one
    Content(server::content::Options),
}

#[derive(clap::Args)]
struct Options {
    #[command(flatten)]
    run: run::Options,
    /// Measure only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Take this many turns, for a profiler that needs to look longer
    #[arg(long)]
    rounds: Option<usize>,
}

/// A part of the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Ways of data access
    Access,
    /// Calls of the host, and what limits cost
    Boundary,
    /// Instances, many taps and many requests
    Instances,
    /// Taps that wait for the host
    Waiting,
    /// Loading plugins
    Loading,
    /// A site on SQLite
    Site,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        let wanted = self.only.is_empty() || self.only.contains(&part);
        if wanted {
            eprintln!("measuring: {}", format!("{part:?}").to_lowercase());
        }
        wanted
    }
}

fn main() -> ExitCode {
    let measured = match Arguments::parse().command {
        Command::Kernel(options) => run(&options),
        Command::People(options) => people::run(&options),
        Command::Content(options) => server::content::run(&options),
    };
    match measured {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("trovato-bench: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether every gate holds.
fn run(options: &Options) -> Result<bool> {
    let (mut plan, mut report, runtime) = options.run.begin()?;
    plan.rounds = options.rounds.unwrap_or(plan.rounds);
    let guests = programs::guests()?;
    runtime.block_on(async {
        let folder = Folder::new("site")?;
        let app = run::site(&folder).await?;
        let artefacts = folder.path().join("artefacts");
        let services = app.site.services().clone();
        let host = Arc::new(Host::new(&Settings::default(), &artefacts, services, &guests[0])?);
        if options.wants(Part::Access) {
            access::measure(&host, &plan, &mut report).await?;
        }
        if options.wants(Part::Boundary) {
            boundary::measure(&host, &guests, &plan, &mut report).await?;
        }
        if options.wants(Part::Instances) {
            instances::measure(&host, &plan, &mut report).await?;
        }
        if options.wants(Part::Waiting) {
            waiting::measure(&guests[1], &plan, &mut report).await?;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    if options.wants(Part::Loading) {
        loading::measure(&plan, &mut report)?;
    }
    if options.wants(Part::Site) {
        server::measure(&programs::server()?, &runtime, &plan, &mut report)?;
    }
    options.run.end(report)
}
