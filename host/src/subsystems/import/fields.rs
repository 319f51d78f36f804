//! Where in an item of a content type the parts of a text go that was written elsewhere.

use crate::subsystems::item::{Item, Value};
use crate::subsystems::item_type::{FieldType, ItemType};

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

/// Sets a field of plain text, if the type has it; texts of which it can hold one only become one.
pub(super) fn set_texts(item: &mut Item, of: &ItemType, name: &str, texts: &[String]) -> Vec<String> {
    let Some(field) = of.field(name) else {
        return Vec::new();
    };
    let FieldType::Text(most) = *field.base() else {
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
