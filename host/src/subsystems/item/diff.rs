//! What differs between two versions of an item, field by field, and word by word within a text.

use std::time::Duration;

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::names::Names;
use super::words::in_words;
use super::{Item, Value};
use crate::subsystems::item_type::ItemType;

/// How long is looked for the best way to tell a difference; then a good one serves.
const PATIENCE: Duration = Duration::from_millis(150);
/// Characters of two texts that are compared word by word; longer ones are compared line by line.
const BY_WORDS: usize = 200_000;

/// Something that two versions have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `title`, `published`, or the name of a field.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Its parts in order: what was taken out, what was put in, and what is the same.
    pub parts: Vec<Part>,
}

/// A stretch of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `same`, `removed` or `added`.
    pub change: &'static str,
    /// The text.
    pub text: String,
}

/// What differs between an older and a newer version of an item.
#[must_use]
pub fn differences(of: &ItemType, older: &Item, newer: &Item, names: &Names) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |name: &str, label: &str, older: String, newer: String| {
        if older != newer {
            found.push(Difference {
                name: name.to_owned(),
                label: label.to_owned(),
                parts: parts(&older, &newer),
            });
        }
    };
    compare("title", &of.title_label, older.title.clone(), newer.title.clone());
    for field in of.ordered() {
        let text = |item: &Item| {
            let lines = item
                .values(&field.name)
                .iter()
                .map(|value| in_words(value, field, names));
            let mut text = lines.collect::<Vec<_>>().join("\n");
            // Another format is another text, though it reads the same.
            if let Some(Value::Formatted { format, .. }) = item.first(&field.name)
                && differing_formats(older, newer, &field.name)
            {
                text = format!("[{format}]\n{text}");
            }
            text
        };
        compare(&field.name, &field.label, text(older), text(newer));
    }
    let word = |published: bool| if published { "Published" } else { "Not published" }.to_owned();
    compare("published", "State", word(older.published), word(newer.published));
    found
}

fn differing_formats(older: &Item, newer: &Item, field: &str) -> bool {
    let format = |item: &Item| match item.first(field) {
        Some(Value::Formatted { format, .. }) => Some(format.clone()),
        _ => None,
    };
    format(older) != format(newer)
}

fn parts(older: &str, newer: &str) -> Vec<Part> {
    let mut config = TextDiff::configure();
    config.timeout(PATIENCE);
    let long = older.len() + newer.len() > BY_WORDS;
    let diff = if long {
        config.diff_lines(older, newer)
    } else {
        config.diff_words(older, newer)
    };
    let mut parts: Vec<Part> = Vec::new();
    for change in diff.iter_all_changes() {
        let name = match change.tag() {
            ChangeTag::Equal => "same",
            ChangeTag::Delete => "removed",
            ChangeTag::Insert => "added",
        };
        match parts.last_mut() {
            Some(last) if last.change == name => last.text.push_str(change.value()),
            _ => parts.push(Part {
                change: name,
                text: change.value().to_owned(),
            }),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_word_by_word() {
        let told: Vec<(&str, String)> = parts("the old quay", "the new quay")
            .into_iter()
            .map(|part| (part.change, part.text))
            .collect();
        let expected = [
            ("same", "the "),
            ("removed", "old"),
            ("added", "new"),
            ("same", " quay"),
        ];
        assert_eq!(told, expected.map(|(change, text)| (change, text.to_owned())));
    }
}
