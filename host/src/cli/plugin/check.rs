//! `trovato plugin check`: whether a plugin keeps to the contract, found out in a site that is thrown away.

use clap::Args;

use super::{Error, Result, describe, place, print};
use crate::app::STOCK;
use crate::cli::scratch::Scratch;
use crate::config::Config;
use crate::subsystems::plugin::{Inspection, Package};
use crate::time::Clock;
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
    let scratch = Scratch::start(config, None, Clock::system()).await?;
    let app = &scratch.app;
    let service = &app.site.services().plugins;
    let package = match found {
        Found::Package(package) => package.clone(),
        Found::Stock(name) => service.available().find(name).map_err(Error::failed)?,
    };
    let inspection = service.inspect(&app.site, &package).await;
    let told = tell(&package, &inspection);
    scratch.stop().await;
    told
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
