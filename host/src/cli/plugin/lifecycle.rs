//! `trovato plugin enable`, `disable`, `upgrade`, `rollback` and `uninstall`.

use clap::Args;

use super::agree::{agree, wishes};
use super::describe::count;
use super::{Error, Result, open, print};
use crate::app::App;
use crate::config::Config;
use crate::subsystems::plugin::{Outcome, Package, Plugins, Record, State};

/// Told after every change.
const FOLLOWED: &str = "A server that runs takes this up by itself within a second.";

/// A plugin.
#[derive(Args)]
pub struct Named {
    /// The plugin's name.
    name: String,
}

/// A plugin, and whether its change is agreed to.
#[derive(Args)]
pub struct Changed {
    /// The plugin's name.
    name: String,
    /// Agree to what the plugin asks for, or to the loss of its data.
    #[arg(long, short)]
    yes: bool,
}

/// A plugin, and the version that it is to go back to.
#[derive(Args)]
pub struct Back {
    /// The plugin's name.
    name: String,
    /// The version, or the beginning of its digest; the one that was at work before where none is given.
    #[arg(long, value_name = "VERSION|DIGEST")]
    to: Option<String>,
}

pub async fn enable(config: Config, options: &Changed) -> Result {
    let app = open(config).await?;
    let package = find(&app, &options.name)?;
    let record = record(&app, &package.manifest.name).await?;
    if let Some(record) = record.filter(|record| record.state == State::Enabled) {
        if record.digest == package.digest().map_err(Error::failed)? {
            print(&format!(
                "The plugin '{}' is enabled already, in version {}.",
                record.name, record.version
            ));
            return Ok(());
        }
        return put_to_work(&app, &package, &record.capabilities, options.yes).await;
    }
    put_to_work(&app, &package, &[], options.yes).await
}

pub async fn upgrade(config: Config, options: &Changed) -> Result {
    let app = open(config).await?;
    let package = find(&app, &options.name)?;
    let name = &package.manifest.name;
    let record = record(&app, name)
        .await?
        .filter(|record| record.state == State::Enabled);
    let record = record.ok_or_else(|| {
        Error::set_up(format!(
            "the plugin '{name}' is not enabled; `trovato plugin enable {name}` enables it"
        ))
    })?;
    if record.digest == package.digest().map_err(Error::failed)? {
        print(&format!(
            "Version {} of '{name}' is what is found, and is at work already.",
            record.version
        ));
        return Ok(());
    }
    print(&format!(
        "The plugin '{name}': {} → {}",
        record.version, package.manifest.version
    ));
    put_to_work(&app, &package, &record.capabilities, options.yes).await
}

/// Enables a package after asking for what has not been agreed to before.
async fn put_to_work(app: &App, package: &Package, agreed: &[String], yes: bool) -> Result {
    let name = &package.manifest.name;
    let service = service(app);
    let capabilities = service
        .capabilities_of(&app.site, package)
        .map_err(Error::failed)?;
    let new: Vec<String> = capabilities
        .iter()
        .filter(|wish| !agreed.contains(wish))
        .cloned()
        .collect();
    if new.is_empty() {
        let more = if agreed.is_empty() {
            "nothing that has to be agreed to"
        } else {
            "no more than before"
        };
        print(&format!("The plugin '{name}' asks for {more}."));
    } else {
        let also = if agreed.is_empty() { "" } else { "also " };
        let wishes = wishes(&format!("The plugin '{name}' {also}asks to"), &new);
        agree(&wishes, &format!("Shall '{name}' be enabled with that?"), yes)?;
    }
    let outcome = service
        .enable_package(&app.site, package, &capabilities)
        .await
        .map_err(Error::failed)?;
    let version = &package.manifest.version;
    let done = match outcome {
        Outcome::Installed => "was installed and is enabled",
        Outcome::Enabled => "is enabled again",
        Outcome::Upgraded => "is at work in place of the other version",
        Outcome::Unchanged => "was enabled already",
        Outcome::RolledBack => "is at work again",
    };
    print(&format!("The plugin '{name}' {version} {done}. {FOLLOWED}"));
    Ok(())
}

pub async fn disable(config: Config, options: &Named) -> Result {
    let app = open(config).await?;
    let name = &options.name;
    service(&app)
        .disable(&app.site, name)
        .await
        .map_err(Error::failed)?;
    print(&format!(
        "The plugin '{name}' is disabled; its tables and settings stay. {FOLLOWED}"
    ));
    Ok(())
}

pub async fn rollback(config: Config, options: &Back) -> Result {
    let app = open(config).await?;
    let name = &options.name;
    let done = service(&app)
        .rollback(&app.site, name, options.to.as_deref())
        .await
        .map_err(Error::failed)?;
    let to = done.to.in_words();
    print(&match done.outcome {
        Outcome::Unchanged => format!("The plugin '{name}' is at work in {to} already."),
        _ => format!(
            "The plugin '{name}' is at work in {to} again, in the place of {}. {FOLLOWED}",
            done.from
        ),
    });
    Ok(())
}

pub async fn uninstall(config: Config, options: &Changed) -> Result {
    let app = open(config).await?;
    let name = &options.name;
    let record = record(&app, name).await?;
    let record = record.ok_or_else(|| Error::failed(format!("the plugin '{name}' is not installed")))?;
    if record.state == State::Enabled {
        return Err(Error::failed(format!(
            "the plugin '{name}' is enabled; `trovato plugin disable {name}` comes first"
        )));
    }
    let losses = losses(&app, &record).await?;
    agree(&losses, &format!("Shall '{name}' be uninstalled?"), options.yes)?;
    service(&app)
        .uninstall(&app.site, name)
        .await
        .map_err(Error::failed)?;
    print(&format!("The plugin '{name}' is uninstalled."));
    Ok(())
}

/// What goes with a plugin, as lines.
async fn losses(app: &App, record: &Record) -> Result<Vec<String>> {
    let services = app.site.services();
    let maker = service(app)
        .maker_of_tables(record)
        .await
        .map_err(Error::failed)?;
    let package = match maker {
        Some(package) => package,
        None => service(app).installed(record).map_err(Error::failed)?,
    };
    let sizes = services
        .plugin_tables
        .sizes(&package.manifest, record.migration)
        .await
        .map_err(Error::failed)?;
    let mut lines: Vec<String> = sizes
        .iter()
        .map(|(table, rows)| format!("  - the table {table} with {}", count(*rows)))
        .collect();
    let settings = package.manifest.config.keys();
    let set = settings.filter(|setting| services.variables.stored(&record.name, setting).is_some());
    lines.extend(set.map(|setting| format!("  - the value of the setting {setting}")));
    if lines.is_empty() {
        return Ok(vec![format!(
            "The plugin '{}' has no data of its own. Content stays.",
            record.name
        )]);
    }
    lines.insert(0, format!("With the plugin '{}' go:", record.name));
    lines.push("Content stays.".to_owned());
    Ok(lines)
}

fn service(app: &App) -> &Plugins {
    &app.site.services().plugins
}

fn find(app: &App, name: &str) -> Result<Package> {
    service(app).available().find(name).map_err(Error::failed)
}

async fn record(app: &App, name: &str) -> Result<Option<Record>> {
    let records = service(app).records().await.map_err(Error::failed)?;
    Ok(records.into_iter().find(|record| record.name == name))
}
