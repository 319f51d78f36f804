//! `trovato plugin info`.

use clap::Args;

use super::describe::{self, count, several};
use super::{Error, Result, open, print};
use crate::app::App;
use crate::config::Config;
use crate::kernel::{self, Setting};
use crate::subsystems::plugin::{Package, PastVersion, Record, State};
use crate::time::Timestamp;

/// What `info` may be told.
#[derive(Args)]
pub struct Options {
    /// The plugin's name.
    name: String,
}

pub async fn run(config: Config, options: &Options) -> Result {
    let app = open(config).await?;
    let service = &app.site.services().plugins;
    let records = service.records().await.map_err(Error::failed)?;
    let record = records.into_iter().find(|record| record.name == options.name);
    let package = match (service.available().find(&options.name), &record) {
        (Ok(package), _) => package,
        // Its folder may be gone; its copy is still there.
        (Err(_), Some(record)) => service.installed(record).map_err(Error::failed)?,
        (Err(error), None) => return Err(Error::failed(error)),
    };
    let mut lines = describe::manifest(&package);
    lines.push(("State", state(&package, record.as_ref())));
    lines.push(("Artefact", artefact(&app, &package)));
    let found = service.inspect(&app.site, &package).await;
    lines.extend(describe::inspection(&found));
    if let Some(record) = &record {
        several(&mut lines, "Versions", versions(&app, record).await?.into_iter());
        several(
            &mut lines,
            "Tables",
            tables(&app, &package, record).await?.into_iter(),
        );
    }
    let settings = package.manifest.config.iter();
    several(
        &mut lines,
        "Settings",
        settings.map(|(name, of)| setting(&app, &package.manifest.name, name, of)),
    );
    let problem = service.problems().remove(&options.name);
    several(
        &mut lines,
        "Problems",
        problem
            .into_iter()
            .chain(found.problems.iter().map(ToString::to_string)),
    );
    for line in describe::shown(&lines) {
        print(&line);
    }
    Ok(())
}

fn state(package: &Package, record: Option<&Record>) -> String {
    let Some(record) = record else {
        return "found, not installed".to_owned();
    };
    let state = format!("{}, version {}", record.state.name(), record.version);
    let differs = package.digest().is_ok_and(|digest| digest != record.digest);
    if record.state == State::Enabled && differs {
        return format!(
            "{state}; what is found differs: `trovato plugin upgrade {}` puts it to work",
            record.name
        );
    }
    state
}

/// The versions that the plugin was in, and which of them it would go back to.
async fn versions(app: &App, record: &Record) -> Result<Vec<String>> {
    let service = &app.site.services().plugins;
    let versions = service.versions(&record.name).await.map_err(Error::failed)?;
    let earlier = service.earlier(record, None).await.ok();
    let line = |version: PastVersion| {
        let note = if version.digest == record.digest {
            ", this one".to_owned()
        } else if earlier
            .as_ref()
            .is_some_and(|earlier| earlier.digest == version.digest)
        {
            format!(
                "; `trovato plugin rollback {}` puts it to work again",
                record.name
            )
        } else if version.withdrawn.is_some() {
            ", was gone back from".to_owned()
        } else {
            String::new()
        };
        format!(
            "{}, put to work {}{note}",
            version.in_words(),
            moment(version.since)
        )
    };
    Ok(versions.into_iter().map(line).collect())
}

/// A moment to the second, in UTC (RFC 3339).
fn moment(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// Whether the component has been compiled for this machine.
fn artefact(app: &App, package: &Package) -> String {
    let compiled = package.component().is_ok_and(|component| {
        app.site
            .artefacts
            .has(&app.site.engine, &kernel::digest(&component))
    });
    if compiled {
        "compiled".to_owned()
    } else {
        "not compiled yet".to_owned()
    }
}

async fn tables(app: &App, package: &Package, record: &Record) -> Result<Vec<String>> {
    let tables = &app.site.services().plugin_tables;
    let sizes = tables
        .sizes(&package.manifest, record.migration)
        .await
        .map_err(Error::failed)?;
    Ok(sizes
        .into_iter()
        .map(|(table, rows)| format!("{table}, {}", count(rows)))
        .collect())
}

fn setting(app: &App, plugin: &str, name: &str, setting: &Setting) -> String {
    match app.site.services().variables.stored(plugin, name) {
        Some(value) => format!("{name} = {value}"),
        None => format!("{name} = {} (the default)", setting.default),
    }
}
