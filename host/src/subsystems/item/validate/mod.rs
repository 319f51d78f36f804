//! Whether an item is what its content type says: all that is wrong with it, each thing with its place.
//!
//! What needs the database, whether a record that is referred to is there, is asked in `super::refer`.

mod blocks;
mod bounds;
mod composite;
mod text;
mod value;

use std::collections::BTreeSet;

use super::error::FieldError;
use super::model::{Item, Value};
use crate::subsystems::item_type::{Field, ItemType};

pub use blocks::{BLOCKS, Block, Kind as BlockKind, Member};
pub use value::NUL;

/// Characters of a title.
pub const TITLE_LIMIT: usize = 255;
/// Values of a field of any number.
pub const VALUES_LIMIT: usize = 1000;
/// Bytes of all fields of an item together.
pub const ITEM_LIMIT: usize = 4 << 20;
/// Characters of a log message.
pub const LOG_LIMIT: usize = 1000;

/// What values are checked against besides their types.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The text formats of the site.
    pub formats: &'a BTreeSet<String>,
    /// Those that whoever saves may use.
    pub usable: &'a BTreeSet<String>,
    /// The item as it is stored: a text in a format stays as it is, whoever saves it.
    pub stored: Option<&'a Item>,
}

impl Known<'_> {
    /// Whether a value stands in the stored item already.
    fn is_stored(&self, field: &Field, value: &Value) -> bool {
        self.stored
            .is_some_and(|stored| stored.values(&field.name).contains(value))
    }
}

/// Everything that is wrong with an item; empty when nothing is.
#[must_use]
pub fn problems(item: &Item, of: &ItemType, known: Known<'_>) -> Vec<FieldError> {
    let mut problems = title(&item.title, &of.title_label);
    for name in item.fields.keys().filter(|name| of.field(name).is_none()) {
        problems.push(FieldError::new(
            name,
            format!("the content type '{}' has no field '{name}'", of.name),
        ));
    }
    for field in &of.fields {
        check_field(item.values(&field.name), field, known, &mut problems);
    }
    let size: usize = item.fields.values().flatten().map(value::size).sum();
    if size > ITEM_LIMIT {
        let message = format!(
            "the fields have {size} bytes together; at most {} MiB are stored",
            ITEM_LIMIT >> 20
        );
        problems.push(FieldError::new("fields", message));
    }
    if let (Some(from), Some(until)) = (item.publish_on, item.unpublish_on)
        && until <= from
    {
        problems.push(FieldError::new(
            "unpublish_on",
            "it must be unpublished after it is published",
        ));
    }
    problems
}

fn title(title: &str, label: &str) -> Vec<FieldError> {
    let problem = if title.trim().is_empty() {
        format!("{label} is required")
    } else if title.chars().count() > TITLE_LIMIT {
        format!("{label} has at most {TITLE_LIMIT} characters")
    } else if title.chars().any(char::is_control) {
        format!("{label} must not have line breaks or control characters")
    } else {
        return Vec::new();
    };
    vec![FieldError::new("title", problem)]
}

fn check_field(values: &[Value], field: &Field, known: Known<'_>, problems: &mut Vec<FieldError>) {
    let label = &field.label;
    if field.required && values.iter().all(value::is_empty) {
        problems.push(FieldError::new(&field.name, format!("{label} is required")));
    }
    let most = match field.cardinality {
        0 => VALUES_LIMIT,
        most => most as usize,
    };
    if values.len() > most {
        let message = format!("{label} has at most {most} values; there are {}", values.len());
        problems.push(FieldError::new(&field.name, message));
    }
    for (index, value) in values.iter().enumerate().take(most.max(VALUES_LIMIT)) {
        for wrong in value::problems(value, field, known) {
            let path = match wrong.path.as_str() {
                "" => format!("{}.{index}", field.name),
                within => format!("{}.{index}.{within}", field.name),
            };
            problems.push(FieldError::new(path, format!("{label}: {}", wrong.message)));
        }
    }
}
