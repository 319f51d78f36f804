//! What the types of a manifest can't say.

use std::collections::BTreeSet;

use super::{CreateTable, Manifest, Setting, SettingType};
use crate::kernel::suggest;

/// The first thing that is wrong: a word to find it by in the text, and what is wrong with it.
pub(super) fn first_problem(manifest: &Manifest, taps: &[&str]) -> Option<(String, String)> {
    name(&manifest.name)
        .or_else(|| unknown_tap(manifest, taps))
        .or_else(|| {
            manifest
                .config
                .iter()
                .find_map(|(name, setting)| wrong_default(name, setting))
        })
        .or_else(|| migrations(manifest))
        .or_else(|| manifest.cron.keys().find_map(|name| wrong_task(name)))
        .or_else(|| routes(manifest))
}

fn wrong_task(name: &str) -> Option<(String, String)> {
    let fits = !name.is_empty()
        && name.len() <= 40
        && name
            .chars()
            .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-' || char == '_');
    (!fits).then(|| {
        let rule = "at most 40 lower-case letters, digits, dashes and underscores";
        (name.to_owned(), format!("`{name}` is no name for a task: {rule}"))
    })
}

/// Paths that lead out of a folder, and two that are the same.
fn routes(manifest: &Manifest) -> Option<(String, String)> {
    let mut known = BTreeSet::new();
    manifest.routes.iter().find_map(|route| {
        for (key, path) in [("path", &route.path), ("files", &route.files)] {
            let segment = |segment: &str| {
                !segment.is_empty()
                    && !segment.starts_with('.')
                    && segment.chars().all(|char| char.is_ascii_alphanumeric() || "-_.".contains(char))
            };
            if !path.split('/').all(segment) {
                let rule = "folders between slashes, of letters, digits, dashes, underscores and points, with no point \
                            at the beginning";
                return Some((path.clone(), format!("the `{key}` `{path}` of a route is no path: {rule}")));
            }
        }
        let taken = !known.insert(&route.path);
        taken.then(|| (route.path.clone(), format!("the path `{}` is that of two routes", route.path)))
    })
}

pub(super) fn name(name: &str) -> Option<(String, String)> {
    let fits = name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-');
    (!fits).then(|| {
        let rule =
            "a plugin's name has at most 40 lower-case letters, digits and dashes, and begins with a letter";
        (
            name.to_owned(),
            format!("`{name}` is no name for a plugin: {rule}"),
        )
    })
}

fn unknown_tap(manifest: &Manifest, taps: &[&str]) -> Option<(String, String)> {
    let unknown = manifest.taps.keys().find(|tap| !taps.contains(&tap.as_str()))?;
    let hint = suggest(unknown, taps.iter().copied())
        .map(|nearest| format!("; did you mean `{nearest}`?"))
        .unwrap_or_default();
    Some((unknown.clone(), format!("unknown tap `{unknown}`{hint}")))
}

fn wrong_default(name: &str, setting: &Setting) -> Option<(String, String)> {
    let fits = match setting.kind {
        SettingType::Boolean => setting.default.is_bool(),
        SettingType::Integer => setting.default.is_integer(),
        SettingType::Number => setting.default.is_float() || setting.default.is_integer(),
        SettingType::Text => setting.default.is_str(),
        SettingType::Choice => setting
            .default
            .as_str()
            .is_some_and(|value| setting.choices.iter().any(|choice| choice == value)),
    };
    (!fits).then(|| {
        (
            name.to_owned(),
            format!("the default of the setting `{name}` does not fit its type"),
        )
    })
}

fn migrations(manifest: &Manifest) -> Option<(String, String)> {
    let prefix = manifest.table_prefix();
    for (expected, migration) in (1..).zip(&manifest.migrations) {
        if migration.version != expected {
            let message = format!("migrations are numbered from 1 without gaps; expected version {expected}");
            return Some((format!("version = {}", migration.version), message));
        }
        let foreign = migration
            .create_table
            .iter()
            .map(|table| &table.name)
            .chain(migration.add_column.iter().map(|add| &add.table))
            .chain(&migration.drop_table)
            .find(|table| !table.starts_with(&prefix) || !identifier(table));
        if let Some(table) = foreign {
            let message =
                format!("the name of the table `{table}` must begin with `{prefix}`, in lower case");
            return Some((table.clone(), message));
        }
        if let Some(problem) = migration.create_table.iter().find_map(columns) {
            return Some(problem);
        }
    }
    None
}

fn columns(table: &CreateTable) -> Option<(String, String)> {
    let known = |name: &String| table.columns.iter().any(|column| &column.name == name);
    let wrong = table
        .columns
        .iter()
        .map(|column| &column.name)
        .find(|name| !identifier(name));
    if let Some(name) = wrong {
        return Some((
            name.clone(),
            format!("`{name}` is no name for a column: use lower-case letters, digits and _"),
        ));
    }
    let mut named = table
        .primary_key
        .iter()
        .chain(table.indexes.iter().flat_map(|index| &index.columns));
    if let Some(name) = named.find(|name| !known(name)) {
        return Some((
            name.clone(),
            format!("the table `{}` has no column `{name}`", table.name),
        ));
    }
    table.primary_key.is_empty().then(|| {
        (
            table.name.clone(),
            format!("the table `{}` needs a primary-key", table.name),
        )
    })
}

fn identifier(name: &str) -> bool {
    (1..=60).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_')
}
