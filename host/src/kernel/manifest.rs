//! `plugin.toml`: what a plugin says about itself and asks for.

use std::collections::BTreeMap;
use std::path::Path;

use semver::{Version, VersionReq};
use serde::Deserialize;

use super::{Error, Limits, suggest};

mod check;
mod schedule;

pub use schedule::{Minute, Schedule};

/// A plugin's manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// Its machine name: lower-case letters, digits and dashes.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// What it does, in a line.
    #[serde(default)]
    pub description: String,
    /// Who wrote it.
    #[serde(default)]
    pub authors: Vec<String>,
    /// Its licence (SPDX).
    #[serde(default)]
    pub license: String,
    /// The version of the WIT package that it was written for, such as `0.1`.
    pub wit: String,
    /// Lower is called first.
    #[serde(default)]
    pub weight: i32,
    /// Settings of single taps.
    #[serde(default)]
    pub taps: BTreeMap<String, TapOptions>,
    /// The plugins that it needs, with the versions that will do.
    #[serde(default)]
    pub depends: BTreeMap<String, VersionReq>,
    /// What it asks for.
    #[serde(default)]
    pub grants: Grants,
    /// Its settings.
    #[serde(default)]
    pub config: BTreeMap<String, Setting>,
    /// What it does again and again, by name: when that is due.
    #[serde(default)]
    pub cron: BTreeMap<String, Schedule>,
    /// Its static files.
    #[serde(default)]
    pub routes: Vec<AssetRoute>,
    /// How its tables came about, by version.
    #[serde(default)]
    pub migrations: Vec<Migration>,
}

/// A folder of static files.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AssetRoute {
    /// Where it is served: below `/plugin/NAME/`.
    pub path: String,
    /// The folder, in that of the plugin.
    pub files: String,
}

/// Settings of a tap.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TapOptions {
    /// The weight in this tap, instead of the plugin's.
    pub weight: Option<i32>,
}

/// What a plugin asks for besides what its imports show.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Grants {
    /// The content types whose items it may create, change and delete.
    pub write: Vec<String>,
    /// The database views that it may read.
    pub views: Vec<String>,
    /// Whether it may run SQL text.
    pub raw_sql: bool,
    /// Whether it may write mail to any address.
    pub mail_anyone: bool,
    /// Memory in MiB, where the default is too little.
    pub memory_mib: Option<usize>,
}

impl Grants {
    /// Whether an interface that must be asked for by name is.
    pub(super) fn names(&self, interface: &str) -> bool {
        interface == "raw-sql" && self.raw_sql
    }

    pub(super) fn in_words(&self) -> Vec<String> {
        let write = (!self.write.is_empty()).then(|| {
            format!(
                "create, change and delete content of these types: {}",
                self.write.join(", ")
            )
        });
        let views =
            (!self.views.is_empty()).then(|| format!("read these database views: {}", self.views.join(", ")));
        let mail = self.mail_anyone.then(|| "send mail to any address".to_owned());
        let memory = self
            .memory_mib
            .map(|mib| format!("use up to {mib} MiB of memory"));
        [write, views, mail, memory].into_iter().flatten().collect()
    }
}

/// The kind of a setting.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum SettingType {
    /// Yes or no.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Text.
    Text,
    /// One of the choices.
    Choice,
}

/// A setting.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Setting {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: SettingType,
    /// The name that people see.
    #[serde(default)]
    pub title: String,
    /// What it does.
    #[serde(default)]
    pub description: String,
    /// The value until somebody sets another.
    pub default: toml::Value,
    /// The least number.
    pub minimum: Option<f64>,
    /// The greatest number.
    pub maximum: Option<f64>,
    /// The choices.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// A step in the history of the plugin's tables.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Migration {
    /// Counted from 1, without gaps.
    pub version: u32,
    /// Tables to make.
    #[serde(default)]
    pub create_table: Vec<CreateTable>,
    /// Columns to add; they must allow null.
    #[serde(default)]
    pub add_column: Vec<AddColumn>,
    /// Tables to drop.
    #[serde(default)]
    pub drop_table: Vec<String>,
}

/// A table to make.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CreateTable {
    /// Its name, which begins with the plugin's.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The columns of its primary key.
    pub primary_key: Vec<String>,
    /// Its indexes.
    #[serde(default)]
    pub indexes: Vec<Index>,
}

/// A column to add to a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AddColumn {
    /// The table.
    pub table: String,
    /// The column.
    pub column: Column,
}

/// A column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Whether it may have no value.
    #[serde(default)]
    pub null: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnType {
    /// Yes or no.
    Boolean,
    /// A whole number of 64 bits.
    Integer,
    /// An IEEE 754 double.
    Floating,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// An identifier.
    Id,
    /// A moment.
    Moment,
    /// JSON.
    Json,
}

/// An index.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Index {
    /// Its columns.
    pub columns: Vec<String>,
    /// Whether no two rows may agree in all of them.
    #[serde(default)]
    pub unique: bool,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`Error::Manifest`] with line, column and what would be right.
    pub fn parse(path: &Path, text: &str, taps: &[&str]) -> Result<Self, Error> {
        let manifest: Self = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            located(path, text, offset, with_suggestion(error.message()))
        })?;
        if let Some((word, message)) = check::first_problem(&manifest, taps) {
            let offset = text.find(&word).unwrap_or(0);
            return Err(located(path, text, offset, message));
        }
        Ok(manifest)
    }

    /// Whether a plugin can have this name.
    ///
    /// # Errors
    /// What the rule is.
    pub fn check_name(name: &str) -> Result<(), String> {
        check::name(name).map_or(Ok(()), |(_, message)| Err(message))
    }

    /// The plugin's weight in a tap.
    #[must_use]
    pub fn weight_of(&self, tap: &str) -> i32 {
        self.taps
            .get(tap)
            .and_then(|options| options.weight)
            .unwrap_or(self.weight)
    }

    /// The prefix of the names of the plugin's tables.
    #[must_use]
    pub fn table_prefix(&self) -> String {
        format!("{}_", self.name.replace('-', "_"))
    }

    pub(super) fn limits(&self, defaults: &Limits, max_memory: usize) -> Limits {
        let memory = self.grants.memory_mib.map_or(defaults.memory, |mib| mib << 20);
        Limits {
            memory: memory.min(max_memory),
            ..*defaults
        }
    }
}

fn located(path: &Path, text: &str, offset: usize, message: String) -> Error {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    Error::Manifest {
        path: path.to_owned(),
        line,
        column,
        message,
    }
}

/// Adds what an unknown key was probably meant to be.
fn with_suggestion(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if let Some(unknown) = quoted.next().filter(|_| message.starts_with("unknown"))
        && let Some(nearest) = suggest(unknown, quoted)
    {
        return format!("{message}; did you mean `{nearest}`?");
    }
    message.to_owned()
}
