//! `trovato config`.

use clap::Subcommand;
use serde_json::Value as Json;

use super::{Error, Result, configuration, print};
use crate::config::{Config, Loaded};

/// What can be done about the configuration.
#[derive(Subcommand)]
pub enum Action {
    /// Shows the settings in effect, with where each comes from. Secrets are hidden.
    Show {
        /// As JSON: a list of objects with `key`, `value` and `source`.
        #[arg(long)]
        json: bool,
    },
    /// Writes what the site is configured by into a folder: a YAML file for each content type, text format, role, menu
    /// and plugin, and one for the site. No content, no people, no secrets.
    Export(configuration::Folder),
    /// Makes the site what a folder of `export` says: all or nothing, but for plugins, which come first.
    Import(configuration::Import),
    /// Compares the site with a folder of `export`. Exit code 0: no difference, 1: some, 2: it can't be told.
    Diff(configuration::Folder),
}

pub async fn run(config: Config, action: Action) -> Result {
    match action {
        // Answered before there is a log.
        Action::Show { .. } => Ok(()),
        Action::Export(options) => configuration::export(config, &options).await,
        Action::Import(options) => configuration::import(config, &options).await,
        Action::Diff(options) => configuration::diff(config, &options).await,
    }
}

pub fn show(loaded: &Loaded, json: bool) -> Result {
    let settings = loaded.settings();
    if json {
        let text = serde_json::to_string_pretty(&settings).map_err(Error::failed)?;
        print(&text);
        return Ok(());
    }
    let width = |texts: &dyn Fn(usize) -> usize| (0..settings.len()).map(texts).max().unwrap_or(0);
    let values: Vec<String> = settings.iter().map(|setting| text(&setting.value)).collect();
    let keys = width(&|at| settings.get(at).map_or(0, |setting| setting.key.chars().count()));
    let wide = width(&|at| values.get(at).map_or(0, |value| value.chars().count())).min(40);
    for (setting, value) in settings.iter().zip(&values) {
        print(&format!(
            "{:keys$}  {value:wide$}  {}",
            setting.key, setting.source
        ));
    }
    Ok(())
}

/// A value as it would be written in the file; a dash where there is none.
fn text(value: &Json) -> String {
    match value {
        Json::Null => "-".to_owned(),
        Json::String(text) if text == "(hidden)" => text.clone(),
        other => other.to_string(),
    }
}
