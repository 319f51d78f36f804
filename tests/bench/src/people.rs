//! What people cost: signing in, being signed in, and asking whether somebody may do something.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use trovato::app::{App, Start};
use trovato::config::Config;

use crate::folder::Folder;
use crate::plan::Plan;
use crate::report::Report;
use crate::{permission, programs, server};

#[derive(clap::Args)]
pub struct Options {
    /// Few runs, and limits three times as wide: whether everything still works
    #[arg(long)]
    short: bool,
    /// Write the figures to a file, for machines
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Whether every gate holds.
pub fn run(options: &Options) -> Result<bool> {
    let plan = if options.short { Plan::SHORT } else { Plan::FULL };
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(std::io::stderr)
        .init();
    let program = programs::server()?;
    let mut report = Report::new(options.short);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let folder = Folder::new("permissions")?;
        let config = Config {
            data_dir: folder.path().to_owned(),
            ..Config::default()
        };
        let app = App::start(config, Start::default()).await?;
        eprintln!("measuring: permissions");
        permission::measure(&permission::session(&app.site), &plan, &mut report).await
    })?;
    eprintln!("measuring: people on a site");
    server::people::measure(&program, &runtime, &plan, &mut report)?;
    report.close();
    println!("{report}");
    if let Some(file) = &options.json {
        let json = serde_json::to_string_pretty(&report)?;
        std::fs::write(file, json + "\n").with_context(|| file.display().to_string())?;
    }
    Ok(report.holds())
}
