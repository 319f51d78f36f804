//! The fields that a document fills: those of its content type that it has something for.

use super::super::fields::{body_of, set_texts};
use super::front_matter::FrontMatter;
use crate::subsystems::item::{Item, Value};
use crate::subsystems::item_type::ItemType;

/// The format of the text.
const FORMAT: &str = "markdown";

/// Fills an item with what a document says and says what did not fit.
pub(super) fn fill(item: &mut Item, of: &ItemType, front: &FrontMatter, body: String) -> Vec<String> {
    item.title.clone_from(&front.title);
    item.published = !front.draft;
    if let Some(field) = body_of(of) {
        let text = Value::Formatted {
            value: body,
            format: FORMAT.to_owned(),
        };
        item.fields.insert(field.to_owned(), vec![text]);
    }
    let summary: Vec<String> = front.summary.iter().cloned().collect();
    let team: Vec<String> = front.team.iter().cloned().collect();
    [
        ("field_summary", summary.as_slice()),
        ("field_authors", front.authors.as_slice()),
        ("field_tags", front.tags.as_slice()),
        ("field_team", team.as_slice()),
    ]
    .into_iter()
    .flat_map(|(name, texts)| set_texts(item, of, name, texts))
    .collect()
}
