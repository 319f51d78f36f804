//! `trovato plugin list`.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;

use super::columns::aligned;
use super::{Error, Result, open, print};
use crate::config::Config;
use crate::kernel::Source;
use crate::subsystems::plugin::{self, Package, Plugins, Record, State};

/// What `list` may be told.
#[derive(Args)]
pub struct Options {
    /// As JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// A plugin as it is listed.
#[derive(serde::Serialize)]
struct Entry {
    name: String,
    /// The version at work; where there is none, the one that is found.
    version: Option<String>,
    /// `found`, `enabled` or `disabled`.
    state: &'static str,
    /// `embedded`, `folder`, or `kept` where only the copy is left that was made when it was enabled.
    source: &'static str,
    /// The version that an upgrade would put to work.
    upgrade: Option<String>,
    problem: Option<String>,
}

pub async fn run(config: Config, options: &Options) -> Result {
    let app = open(config).await?;
    let entries = entries(&app.site.services().plugins).await?;
    if options.json {
        print(&serde_json::to_string_pretty(&entries).map_err(Error::failed)?);
        return Ok(());
    }
    let mut rows = vec![["NAME", "VERSION", "STATE", "SOURCE", "NOTE"].map(str::to_owned)];
    rows.extend(entries.into_iter().map(row));
    for line in aligned(&rows) {
        print(&line);
    }
    Ok(())
}

async fn entries(service: &Plugins) -> Result<Vec<Entry>> {
    let mut problems = service.problems();
    let records = service.records().await.map_err(Error::failed)?;
    let records: BTreeMap<String, Record> = records
        .into_iter()
        .map(|record| (record.name.clone(), record))
        .collect();
    let mut packages = service.available().all();
    let names: BTreeSet<String> = records.keys().chain(packages.keys()).cloned().collect();
    let entry = |name: String| {
        entry(
            records.get(&name),
            packages.remove(&name),
            problems.remove(&name),
            name,
        )
    };
    Ok(names.into_iter().map(entry).collect())
}

fn entry(
    record: Option<&Record>,
    package: Option<std::result::Result<Package, plugin::Error>>,
    problem: Option<String>,
    name: String,
) -> Entry {
    let (package, broken) = match package {
        Some(Ok(package)) => (Some(package), None),
        Some(Err(error)) => (None, Some(error.to_string())),
        None => (None, None),
    };
    let digest = package
        .as_ref()
        .map(|package| package.digest().map_err(|error| error.to_string()));
    let missing = digest.as_ref().and_then(|digest| digest.as_ref().err()).cloned();
    let differs = record.is_some_and(|record| {
        record.state == State::Enabled && matches!(&digest, Some(Ok(digest)) if *digest != record.digest)
    });
    let found = package
        .as_ref()
        .map(|package| package.manifest.version.to_string());
    let source = match &package {
        Some(package) if matches!(package.source, Source::Embedded(_)) => "embedded",
        Some(_) => "folder",
        None if broken.is_some() => "folder",
        None => "kept",
    };
    Entry {
        name,
        version: record
            .map(|record| record.version.clone())
            .or_else(|| found.clone()),
        state: record.map_or("found", |record| record.state.name()),
        source,
        upgrade: found.filter(|_| differs),
        problem: problem.or(broken).or(missing),
    }
}

fn row(entry: Entry) -> [String; 5] {
    let note = match (entry.problem, entry.upgrade) {
        (Some(problem), _) => problem.replace('\n', " "),
        (None, Some(found)) => format!(
            "{found} is found; `trovato plugin upgrade {}` puts it to work",
            entry.name
        ),
        (None, None) => String::new(),
    };
    let version = entry.version.unwrap_or_else(|| "?".to_owned());
    [
        entry.name,
        version,
        entry.state.to_owned(),
        entry.source.to_owned(),
        note,
    ]
}
