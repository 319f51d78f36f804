//! `trovato conformance host`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use super::cases::{self, Suite};
use super::report::{Format, Report};
use super::run::Bench;
use super::{Error, Result};
use crate::cli::scratch::Scratch;
use crate::config::Config;
use crate::db::{Backend, Db, Options as DbOptions, sql};
use crate::time::{Clock, Timestamp};
use crate::wit;

/// The time at which every case runs: 14 November 2023.
const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// What `host` may be told.
#[derive(Args)]
pub struct Options {
    /// A folder of fixtures, with `cases/` and `plugins/`; those in the program where none is named.
    #[arg(long, value_name = "FOLDER")]
    fixtures: Option<PathBuf>,
    /// An empty database to run on; a SQLite file of its own where none is given.
    #[arg(long, value_name = "URL")]
    on: Option<String>,
    /// Only the cases of these interfaces.
    #[arg(long, value_name = "NAME")]
    interface: Vec<String>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

impl Options {
    /// All cases of a folder of fixtures, or those in the program, on a database or on a SQLite file of its own.
    #[must_use]
    pub fn new(fixtures: Option<PathBuf>, on: Option<String>) -> Self {
        Self {
            fixtures,
            on,
            interface: Vec::new(),
            format: Format::default(),
        }
    }

    /// Of these, those of one interface.
    #[must_use]
    pub fn only(mut self, interface: &str) -> Self {
        self.interface.push(interface.to_owned());
        self
    }
}

/// Runs the cases.
///
/// # Errors
/// The fixtures or the database can't be used. What does not hold is in the report.
pub async fn run(config: &Config, options: &Options) -> Result<Report> {
    let mut suites = match &options.fixtures {
        Some(folder) => cases::read(&folder.join("cases"))?,
        None => cases::embedded()?,
    };
    if !options.interface.is_empty() {
        suites.retain(|suite| options.interface.contains(&suite.interface));
    }
    if let Some(url) = &options.on {
        require_empty(url).await?;
    }
    let scratch = Scratch::start(config, options.on.as_deref(), Clock::fixed(NOW)).await?;
    let bench = Bench::new(&scratch.app, options.fixtures.as_deref());
    let database = match scratch.app.db.backend() {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "Postgres",
    };
    let mut report = Report {
        subject: format!(
            "trovato {} with trovato:kernel {} on {database}",
            env!("CARGO_PKG_VERSION"),
            wit::VERSION
        ),
        ..Report::default()
    };
    for suite in &suites {
        for case in &suite.cases {
            report.outcomes.push(bench.run(suite, case).await);
        }
    }
    if options.interface.is_empty() {
        report.uncovered = uncovered(&suites);
    }
    scratch.stop().await;
    Ok(report)
}

/// Guests leave content behind: nobody's site is for that.
async fn require_empty(url: &str) -> Result {
    let db = Db::connect(url, &DbOptions::default())
        .await
        .map_err(Error::set_up)?;
    let known = db
        .fetch_all::<(i64,)>(sql("SELECT CAST(COUNT(*) AS bigint) FROM item", ()))
        .await;
    db.close().await;
    match known.ok().and_then(|rows| rows.first().copied()) {
        Some((items,)) if items > 0 => Err(Error::set_up(
            "that database has content already; conformance needs an empty one",
        )),
        _ => Ok(()),
    }
}

/// The functions of the contract that no case is about: `interface/function`.
pub fn uncovered(suites: &[Suite]) -> Vec<String> {
    let covered: BTreeSet<String> = suites
        .iter()
        .flat_map(|suite| {
            let functions = suite.cases.iter().flat_map(|case| &case.covers);
            functions.map(move |function| format!("{}/{function}", suite.interface))
        })
        .collect();
    let shapes = wit::contract().shapes().unwrap_or_default();
    let functions = shapes.iter().filter_map(|shape| {
        let (name, of) = shape.split_once(": ")?;
        let (interface, member) = name.split_once('/')?;
        let member = member.strip_prefix("[method]item.").unwrap_or(member);
        let is_function = of.contains("func(") && !interface.starts_with("tap-");
        is_function.then(|| format!("{interface}/{member}"))
    });
    functions.filter(|function| !covered.contains(function)).collect()
}
