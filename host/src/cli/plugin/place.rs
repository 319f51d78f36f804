//! Where the plugin is that a command is told of.

use std::path::{Path, PathBuf};

use super::{Error, Result};
use crate::config::Config;
use crate::kernel::suggest;

/// The folder of a plugin's source: a folder, the name of one in the site's folder of plugins, or the working folder.
pub fn folder(config: &Config, told: Option<&str>) -> Result<PathBuf> {
    let told = told.unwrap_or(".");
    let beside = config.plugins_dir();
    let candidates = [PathBuf::from(told), beside.join(told)];
    if let Some(found) = candidates.into_iter().find(|folder| is_plugin(folder)) {
        return Ok(found);
    }
    if told == "." {
        return Err(Error::set_up(
            "the working folder has no plugin.toml; name the plugin or its folder, or make one with `trovato plugin new`",
        ));
    }
    let names = names(&beside);
    let hint =
        suggest(told, names.iter().map(String::as_str)).map(|near| format!("; did you mean '{near}'?"));
    Err(Error::set_up(format!(
        "there is no plugin.toml in '{told}', and no plugin of that name in {}{}",
        beside.display(),
        hint.unwrap_or_default()
    )))
}

/// A path as it can be typed: relative where it is below the working folder.
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    match path.strip_prefix(&here) {
        Ok(below) if below != Path::new("") => below.display().to_string(),
        _ => path.display().to_string(),
    }
}

fn is_plugin(folder: &Path) -> bool {
    folder.join("plugin.toml").is_file()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok());
    entries
        .filter(|entry| is_plugin(&entry.path()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
