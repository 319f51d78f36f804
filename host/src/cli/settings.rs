//! `trovato config`.

use clap::Subcommand;
use serde_json::Value as Json;

use super::{Error, Result, print};
use crate::config::Loaded;

/// What can be done about the configuration.
#[derive(Subcommand)]
pub enum Action {
    /// Shows the settings in effect, with where each comes from. Secrets are hidden.
    Show {
        /// As JSON: a list of objects with `key`, `value` and `source`.
        #[arg(long)]
        json: bool,
    },
}

pub fn run(loaded: &Loaded, action: &Action) -> Result {
    let Action::Show { json } = action;
    let settings = loaded.settings();
    if *json {
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
