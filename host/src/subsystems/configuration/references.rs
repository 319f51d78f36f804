//! What the files of content types name in other files: the types that a field refers to, and its text formats.

use std::collections::BTreeSet;

use super::check::did_you_mean;
use super::content_type::FieldFile;
use super::model::{ITEM_TYPES, file_of};
use super::{Configuration, Problem};
use crate::subsystems::format::Definition;
use crate::subsystems::item_type::FieldType;

/// A name behind which there is nothing.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Lack<'a> {
    item_type: &'a str,
    field: &'a str,
    of: Of,
    name: &'a str,
}

/// What is named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Type,
    Format,
}

/// Names of what will not be there. What a site lacks already is no reason to refuse what the site has.
pub(super) fn problems(present: &Configuration, wanted: &Configuration) -> Vec<Problem> {
    let (types, formats) = (types(wanted), formats(wanted));
    let before = lacks(present);
    let new = lacks(wanted).into_iter().filter(|lack| !before.contains(lack));
    let problem = |lack: Lack<'_>| {
        let (setting, what, known) = match lack.of {
            Of::Type => ("targets", "content type", &types),
            Of::Format => ("formats", "text format", &formats),
        };
        let meant = did_you_mean(lack.name, known.iter().map(String::as_str));
        Problem::new(
            file_of(ITEM_TYPES, lack.item_type),
            format!("{}.settings.{setting}", lack.field),
            format!("there is no {what} '{}'{meant}", lack.name),
        )
    };
    new.map(problem).collect()
}

fn types(configuration: &Configuration) -> BTreeSet<String> {
    configuration.item_types.keys().cloned().collect()
}

fn formats(configuration: &Configuration) -> BTreeSet<String> {
    let built_in = Definition::built_in().into_iter().map(|format| format.name);
    built_in.chain(configuration.formats.keys().cloned()).collect()
}

fn lacks(configuration: &Configuration) -> BTreeSet<Lack<'_>> {
    let (types, formats) = (types(configuration), formats(configuration));
    let mut lacks = BTreeSet::new();
    for (item_type, file) in &configuration.item_types {
        for field in &file.fields {
            let (of, known) = match named(field) {
                Some(Of::Type) => (Of::Type, &types),
                Some(Of::Format) => (Of::Format, &formats),
                None => continue,
            };
            let names = match of {
                Of::Type => &field.settings.targets,
                Of::Format => &field.settings.formats,
            };
            lacks.extend(
                names
                    .iter()
                    .filter(|name| !known.contains(*name))
                    .map(|name| Lack {
                        item_type,
                        field: &field.name,
                        of,
                        name,
                    }),
            );
        }
    }
    lacks
}

/// What the settings of a field name. Those that its type has no use for are left alone.
fn named(field: &FieldFile) -> Option<Of> {
    match &field.kind {
        FieldType::Reference(kind) if kind == "item" => Some(Of::Type),
        FieldType::LongText => Some(Of::Format),
        _ => None,
    }
}
