//! `trovato import`.

use std::path::PathBuf;

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Error, Result, open, print};
use crate::app::App;
use crate::config::Config;
use crate::subsystems::import::markdown::Importer;
use crate::subsystems::import::{Records, Report};

/// Where content comes from.
#[derive(Subcommand)]
pub enum Source {
    /// A folder of Markdown files with front matter (TOML or YAML), as static site generators keep them.
    Markdown {
        /// The folder.
        folder: PathBuf,
        /// The content type of the items.
        #[arg(long = "type", value_name = "NAME", default_value = "blog")]
        item_type: String,
        /// What the folder is known by in later imports, wherever it lies then; where it lies, if none is given.
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
}

pub async fn run(config: Config, source: Source) -> Result {
    let Source::Markdown {
        folder,
        item_type,
        name,
    } = source;
    if !folder.is_dir() {
        return Err(Error::set_up(format!("{} is no folder", folder.display())));
    }
    let app = open(config).await?;
    let importer = Importer::new(app.site.clone(), records(&app), &item_type).map_err(Error::set_up)?;
    let importer = match name {
        Some(name) => importer.known_as(&name),
        None => importer,
    };
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
        bar.set_style(style);
    }
    let report = importer
        .run(&folder, |progress| {
            bar.set_length(progress.total as u64);
            bar.set_position(progress.done as u64);
            bar.set_message(progress.path.to_owned());
        })
        .await;
    bar.finish_and_clear();
    tell(&report.map_err(Error::failed)?);
    Ok(())
}

fn records(app: &App) -> Records {
    let services = app.site.services();
    Records::new(services.db.clone(), services.clock.clock(), services.ids.clone())
}

fn tell(report: &Report) {
    for note in &report.notes {
        print(&format!("note     {note}"));
    }
    for skipped in &report.skipped {
        print(&format!("skipped  {skipped}"));
    }
    let (notes, skipped) = (report.notes.len(), report.skipped.len());
    if report.has_changes() {
        print(&format!(
            "{} items created, {} updated, {} unchanged; {} files stored, {} redirects made; {skipped} documents \
             skipped, {notes} notes.",
            report.created, report.updated, report.unchanged, report.files, report.redirects,
        ));
    } else {
        print(&format!(
            "Nothing has changed: {} items are as they should be; {skipped} documents skipped, {notes} notes.",
            report.unchanged
        ));
    }
}
