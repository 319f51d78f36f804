//! `trovato plugin check`: whether a plugin keeps to the contract, found out in a site that is thrown away.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Error, Result, describe, place, print};
use crate::app::{App, STOCK, Start};
use crate::config::{self, Config};
use crate::subsystems::plugin::{Inspection, Package};
use crate::wit;

/// What `check` may be told.
#[derive(Args)]
pub struct Options {
    /// The plugin, by its folder or its name; the working folder where none is given.
    #[arg(value_name = "FOLDER|NAME")]
    plugin: Option<String>,
}

pub async fn run(config: &Config, options: &Options) -> Result {
    let told = options.plugin.as_deref();
    if let Some(name) = told.filter(|name| STOCK.iter().any(|embedded| embedded.name == *name))
        && place::folder(config, told).is_err()
    {
        return in_throw_away_site(config, Found::Stock(name)).await;
    }
    let package = Package::read(&place::folder(config, told)?).map_err(Error::failed)?;
    report(config, &package).await
}

/// Checks a package and tells what was found.
///
/// # Errors
/// There are problems.
pub async fn report(config: &Config, package: &Package) -> Result {
    in_throw_away_site(config, Found::Package(package)).await
}

enum Found<'a> {
    Stock(&'a str),
    Package(&'a Package),
}

async fn in_throw_away_site(config: &Config, found: Found<'_>) -> Result {
    let folder = Temporary::new()?;
    let start = Start {
        throw_away: true,
        ..Start::default()
    };
    let app = App::start(settings(config, &folder.0), start).await?;
    let service = &app.site.services().plugins;
    let package = match found {
        Found::Package(package) => package.clone(),
        Found::Stock(name) => service.available().find(name).map_err(Error::failed)?,
    };
    let inspection = service.inspect(&app.site, &package).await;
    let told = tell(&package, &inspection);
    app.db.close().await;
    told
}

fn settings(config: &Config, folder: &Path) -> Config {
    Config {
        data_dir: folder.to_owned(),
        // Those that the plugin needs are looked for where the site has them.
        plugins_dir: Some(config.plugins_dir()),
        themes_dir: folder.join("themes"),
        limits: config.limits.clone(),
        kernel: config::Kernel {
            instances: 64,
            ..config.kernel.clone()
        },
        ..Config::default()
    }
}

fn tell(package: &Package, found: &Inspection) -> Result {
    let mut lines = describe::manifest(package);
    lines.extend(describe::inspection(found));
    for line in describe::shown(&lines) {
        print(&line);
    }
    for problem in &found.problems {
        print(&format!("problem     {problem}"));
    }
    match found.problems.len() {
        0 => {
            print(&format!(
                "ok          it keeps to trovato:kernel {}",
                wit::VERSION
            ));
            Ok(())
        }
        1 => Err(Error::failed("1 problem found")),
        count => Err(Error::failed(format!("{count} problems found"))),
    }
}

/// A folder that is removed in the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("trovato-check-{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .map_err(|error| Error::set_up(format!("{} can't be made: {error}", folder.display())))?;
        Ok(Self(folder))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What is left lies in the machine's folder for what may be lost.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
