//! The fields that a document fills: those of its content type that it has something for.

use super::front_matter::FrontMatter;
use crate::subsystems::item::{Item, Value};
use crate::subsystems::item_type::{FieldType, ItemType};

/// The format of the text.
const FORMAT: &str = "markdown";

/// The field for the text: `field_body`, or the first for long text.
pub(super) fn body_of(item_type: &ItemType) -> Option<&str> {
    let long = || {
        item_type
            .fields
            .iter()
            .filter(|field| field.field_type == FieldType::LongText)
    };
    long()
        .find(|field| field.name == "field_body")
        .or_else(|| long().next())
        .map(|field| field.name.as_str())
}

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

/// Sets a field of plain text, if the type has it; texts of which it can hold one only become one.
fn set_texts(item: &mut Item, of: &ItemType, name: &str, texts: &[String]) -> Vec<String> {
    let Some(field) = of.field(name) else {
        return Vec::new();
    };
    let FieldType::Text(most) = field.field_type else {
        return Vec::new();
    };
    let joined = [texts.join(", ")];
    let texts = if field.cardinality == 1 && texts.len() > 1 {
        joined.as_slice()
    } else {
        texts
    };
    let fits = |text: &&String| text.chars().count() <= most as usize;
    let values: Vec<Value> = texts
        .iter()
        .filter(fits)
        .map(|text| Value::Text(text.clone()))
        .collect();
    if values.is_empty() {
        item.fields.remove(name);
    } else {
        item.fields.insert(name.to_owned(), values);
    }
    let too_long = texts.iter().filter(|text| !fits(text));
    too_long
        .map(|text| {
            let long = text.chars().count();
            format!(
                "{} of {long} characters is left out: at most {most} fit",
                field.label
            )
        })
        .collect()
}
