//! What every run begins and ends with.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use tokio::runtime::{Builder, Runtime};
use trovato::app::{App, Start};
use trovato::config::Config;

use crate::folder::Folder;
use crate::pace::pace;
use crate::plan::Plan;
use crate::report::Report;

#[derive(clap::Args)]
pub struct Options {
    /// Few runs, and limits two and a half times as wide, on a slow machine more: whether everything still works
    #[arg(long)]
    short: bool,
    /// Write the figures to a file, for machines
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Options {
    /// Whether little is measured.
    pub fn is_short(&self) -> bool {
        self.short
    }

    /// How much is measured, where it is noted, and what it runs on.
    pub fn begin(&self) -> Result<(Plan, Report, Runtime)> {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::WARN)
            .with_writer(std::io::stderr)
            .init();
        let plan = if self.short { Plan::SHORT } else { Plan::FULL };
        let runtime = Builder::new_multi_thread().enable_all().build()?;
        Ok((plan, Report::new(self.short, pace()), runtime))
    }

    /// Shows what was measured; whether every gate holds.
    pub fn end(&self, mut report: Report) -> Result<bool> {
        report.close();
        println!("{report}");
        if let Some(file) = &self.json {
            let json = serde_json::to_string_pretty(&report)?;
            std::fs::write(file, json + "\n").with_context(|| file.display().to_string())?;
        }
        Ok(report.holds())
    }
}

/// A site in this process, on SQLite.
pub async fn site(folder: &Folder) -> Result<App> {
    let config = Config {
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    Ok(App::start(config, Start::default()).await?)
}
