//! A plugin in words: what it is, answers, imports, asks for and declares.

use super::place;
use crate::kernel::Source;
use crate::subsystems::item_type::{FieldTypeDeclaration, ItemType};
use crate::subsystems::plugin::{Inspection, Package};
use crate::wit::declarations::Route;

/// A subject and a line about it.
pub type Line = (&'static str, String);

/// What the manifest says.
pub fn manifest(package: &Package) -> Vec<Line> {
    let manifest = &package.manifest;
    let mut lines = vec![("Plugin", format!("{} {}", manifest.name, manifest.version))];
    let texts = [
        ("About", manifest.description.clone()),
        ("Authors", manifest.authors.join(", ")),
        ("Licence", manifest.license.clone()),
    ];
    lines.extend(texts.into_iter().filter(|(_, text)| !text.is_empty()));
    let depends = manifest
        .depends
        .iter()
        .map(|(name, range)| format!("{name} {range}"));
    several(&mut lines, "Needs", depends);
    lines.push(("Component", component(package)));
    let tasks = manifest
        .cron
        .iter()
        .map(|(name, when)| format!("{name}, {when} (UTC)"));
    several(&mut lines, "Schedules", tasks);
    let files = manifest.routes.iter().map(|route| {
        let below = format!("{}/", route.files);
        let count = package
            .assets
            .iter()
            .filter(|asset| asset.file.starts_with(&below))
            .count();
        format!("/plugin/{}/{}/, {count} from {below}", manifest.name, route.path)
    });
    several(&mut lines, "Files", files);
    lines
}

fn component(package: &Package) -> String {
    let size = match package.component() {
        Ok(bytes) => format!("{} KiB", bytes.len().div_ceil(1024)),
        Err(_) => "missing".to_owned(),
    };
    match &package.source {
        Source::Embedded(_) => format!("part of the program, {size}"),
        Source::File(path) => format!("{}, {size}", place::shown(path)),
    }
}

/// What the component turned out to be.
pub fn inspection(found: &Inspection) -> Vec<Line> {
    let Some(plugin) = &found.plugin else {
        return Vec::new();
    };
    let mut lines = vec![("Answers", found.taps().collect::<Vec<_>>().join(", "))];
    if !plugin.imports.is_empty() {
        lines.push(("Imports", plugin.imports.join(", ")));
    }
    if plugin.capabilities.is_empty() {
        lines.push(("Asks to", "nothing that has to be agreed to".to_owned()));
    }
    several(&mut lines, "Asks to", plugin.capabilities.iter().cloned());
    let field_types = found.field_types.iter().map(field_type);
    several(&mut lines, "Field types", field_types);
    several(&mut lines, "Types", found.types.iter().map(item_type));
    several(&mut lines, "Routes", found.routes.iter().map(route));
    let permissions = found
        .permissions
        .iter()
        .map(|of| format!("{}: {}", of.name, of.description));
    several(&mut lines, "Permissions", permissions);
    lines
}

fn field_type(declared: &FieldTypeDeclaration) -> String {
    let of = &declared.of;
    format!("{} ({}), based on {}", of.name, declared.label, of.base.name())
}

fn item_type(of: &ItemType) -> String {
    let fields: Vec<&str> = of.fields.iter().map(|field| field.name.as_str()).collect();
    format!(
        "{} ({}): {}",
        of.name,
        of.label,
        if fields.is_empty() {
            "no fields".to_owned()
        } else {
            fields.join(", ")
        }
    )
}

fn route(of: &Route) -> String {
    let menu = of
        .link
        .as_ref()
        .map(|link| format!(", in the menu {}", link.menu))
        .unwrap_or_default();
    format!(
        "{} \"{}\" for those who may {}{menu}",
        of.path, of.title, of.permission
    )
}

/// A number of rows.
pub fn count(rows: u64) -> String {
    if rows == 1 {
        "1 row".to_owned()
    } else {
        format!("{rows} rows")
    }
}

/// The subject once, then a line for each text.
pub fn several(lines: &mut Vec<Line>, subject: &'static str, texts: impl Iterator<Item = String>) {
    lines.extend(
        texts
            .enumerate()
            .map(|(index, text)| (if index == 0 { subject } else { "" }, text)),
    );
}

/// Lines as they are printed.
pub fn shown(lines: &[Line]) -> impl Iterator<Item = String> {
    lines.iter().map(|(subject, text)| format!("{subject:<12}{text}"))
}
