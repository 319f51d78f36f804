//! `trovato plugin build`.

use std::fs;
use std::path::Path;

use clap::Args;

use super::cargo::{self, Mode};
use super::{Error, Result, check, place};
use crate::config::Config;
use crate::subsystems::plugin::Package;

/// What `build` may be told.
#[derive(Args)]
pub struct Options {
    /// The plugin, by its folder or its name; the working folder where none is given.
    #[arg(value_name = "FOLDER|NAME")]
    plugin: Option<String>,
    /// Build quickly instead of small and fast.
    #[arg(long)]
    debug: bool,
}

pub async fn run(config: &Config, options: &Options) -> Result {
    let folder = place::folder(config, options.plugin.as_deref())?;
    let package = component(
        &folder,
        Mode {
            debug: options.debug,
            quiet: false,
        },
    )?;
    check::report(config, &package).await
}

/// Builds the component of the plugin in a folder and puts it beside its manifest.
pub fn component(folder: &Path, mode: Mode) -> Result<Package> {
    // A wrong manifest is told before a long build.
    let package = Package::read(folder).map_err(Error::failed)?;
    let name = &package.manifest.name;
    let built = cargo::build(folder, mode)?;
    // A reader sees the whole component or none.
    let temporary = folder.join(format!(".{name}.wasm.tmp"));
    let target = folder.join(format!("{name}.wasm"));
    let copied = fs::copy(&built, &temporary).and_then(|_| fs::rename(&temporary, &target));
    copied.map_err(|error| {
        Error::failed(format!(
            "{} can't be copied to {}: {error}",
            built.display(),
            target.display()
        ))
    })?;
    Ok(package)
}
