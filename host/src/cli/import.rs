//! `trovato import`.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Error, Result, open, print};
use crate::app::App;
use crate::config::Config;
use crate::subsystems::import::{self, Progress, Records, Report, markdown, wxr};

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
    /// The export of a WordPress site (WXR), as its page "Tools → Export" makes it.
    Wxr {
        /// The XML file.
        file: PathBuf,
        /// The content type of posts.
        #[arg(long, value_name = "NAME", default_value = "blog")]
        posts: String,
        /// The content type of pages.
        #[arg(long, value_name = "NAME", default_value = "page")]
        pages: String,
        /// A copy of the site's folder wp-content/uploads: its pictures are stored and shown from here.
        #[arg(long, value_name = "FOLDER")]
        uploads: Option<PathBuf>,
    },
}

pub async fn run(config: Config, source: Source) -> Result {
    let report = match source {
        Source::Markdown {
            folder,
            item_type,
            name,
        } => {
            is_folder(&folder)?;
            let app = open(config).await?;
            let importer = markdown::Importer::new(app.site.clone(), records(&app), &item_type);
            let importer = importer.map_err(Error::set_up)?;
            let importer = match name {
                Some(name) => importer.known_as(&name),
                None => importer,
            };
            let bar = Bar::new();
            importer.run(&folder, |progress| bar.show(progress)).await
        }
        Source::Wxr {
            file,
            posts,
            pages,
            uploads,
        } => {
            if let Some(folder) = &uploads {
                is_folder(folder)?;
            }
            let app = open(config).await?;
            let options = wxr::Options {
                posts,
                pages,
                uploads,
            };
            let importer = wxr::Importer::new(app.site.clone(), records(&app), options);
            let bar = Bar::new();
            importer
                .map_err(Error::set_up)?
                .run(&file, |progress| bar.show(progress))
                .await
        }
    };
    tell(&report.map_err(|error| match error {
        import::Error::Export { .. } => Error::set_up(error),
        error => Error::failed(error),
    })?);
    Ok(())
}

fn is_folder(folder: &Path) -> Result {
    if folder.is_dir() {
        return Ok(());
    }
    Err(Error::set_up(format!("{} is no folder", folder.display())))
}

/// Shows how far an import is; it is gone afterwards.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn show(&self, progress: Progress<'_>) {
        self.0.set_length(progress.total as u64);
        self.0.set_position(progress.done as u64);
        self.0.set_message(progress.path.to_owned());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
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
            "{} items created, {} updated, {} unchanged; {} files stored, {} redirects made{}; {skipped} skipped, \
             {notes} notes.",
            report.created,
            report.updated,
            report.unchanged,
            report.files,
            report.redirects,
            further(report),
        ));
    } else {
        print(&format!(
            "Nothing has changed: {} items are as they should be; {skipped} skipped, {notes} notes.",
            report.unchanged
        ));
    }
}

/// What only some imports bring.
fn further(report: &Report) -> String {
    let told = [
        (report.menus, "menus arranged"),
        (report.comments, "comments kept"),
    ];
    let told = told.into_iter().filter(|(count, _)| *count > 0);
    told.map(|(count, what)| format!(", {count} {what}")).collect()
}
