//! `trovato conformance`: proves a host, and proves a plugin.

mod cases;
mod form;
pub mod host;
mod plugin;
pub mod report;
mod run;

use clap::Subcommand;

use super::{Error, Result, print};
use crate::config::{Config, Log};
use crate::subsystems::plugin::Embedded;

mod released {
    use super::Embedded;
    include!(concat!(env!("OUT_DIR"), "/conformance.rs"));
}

/// The guests that cases call, as they are released.
const GUESTS: &[Embedded] = released::GUESTS;
/// The cases: file name and text.
const EMBEDDED: &[(&str, &str)] = released::CASES;

/// What can be proved.
#[derive(Subcommand)]
pub enum Subject {
    /// Proves this host: released guests call every function of every interface.
    Host(host::Options),
    /// Proves a plugin: its manifest, its component, what it declares and what it shows.
    Plugin(plugin::Options),
}

impl Subject {
    /// What is wrong is the result, and is told once.
    pub fn set_log(log: &mut Log) {
        if log.level == Log::default().level {
            "off".clone_into(&mut log.level);
        }
    }
}

pub async fn run(config: &Config, subject: Subject) -> Result {
    let (report, format) = match subject {
        Subject::Host(options) => (host::run(config, &options).await?, options.format),
        Subject::Plugin(options) => (plugin::run(config, &options).await?, options.format),
    };
    print(&report.shown(format));
    match report.failures() {
        0 => Ok(()),
        1 => Err(Error::failed("1 case failed")),
        count => Err(Error::failed(format!("{count} cases failed"))),
    }
}
