//! Content types as plugins declare them.

use serde_json::Value as Json;

use super::{Display, Field, FieldType, ItemType, LabelPosition, Settings};
use crate::wit::declarations;
use crate::wit::types::FieldValue;

/// Reads a declaration.
///
/// # Errors
/// What is wrong with it.
pub fn from_declaration(declared: declarations::ItemType) -> Result<ItemType, String> {
    if !is_name(&declared.name, 32) {
        let rule = "a content type's name has at most 32 lower-case letters, digits and underscores";
        return Err(format!(
            "'{}' is no name for a content type: {rule}",
            declared.name
        ));
    }
    let mut fields: Vec<Field> = Vec::with_capacity(declared.fields.len());
    for field in declared.fields {
        let field = read_field(field)?;
        if fields.iter().any(|other| other.name == field.name) {
            return Err(format!(
                "the content type '{}' has two fields '{}'",
                declared.name, field.name
            ));
        }
        fields.push(field);
    }
    Ok(ItemType {
        name: declared.name,
        label: declared.label,
        description: declared.description,
        title_label: declared.title_label,
        fields,
        path_pattern: declared.path_pattern,
        published: declared.published,
        promoted: declared.promoted,
        modes: Vec::new(),
        removed: Vec::new(),
        purging: Vec::new(),
    })
}

fn read_field(declared: declarations::FieldDefinition) -> Result<Field, String> {
    if !declared.name.starts_with("field_") || !is_name(&declared.name, 64) {
        let rule = "a field's name is field_ and then lower-case letters, digits and underscores, 64 in all";
        return Err(format!("'{}' is no name for a field: {rule}", declared.name));
    }
    let display = declared.display.into_iter().map(|display| Display {
        mode: display.mode,
        label: match display.label {
            declarations::LabelPosition::Above => LabelPosition::Above,
            declarations::LabelPosition::Inline => LabelPosition::Inline,
            declarations::LabelPosition::Hidden => LabelPosition::Hidden,
        },
        weight: display.weight,
        formatter: display.formatter,
    });
    Ok(Field {
        name: declared.name,
        label: declared.label,
        help: declared.help,
        field_type: read_type(declared.field_type),
        cardinality: declared.cardinality,
        required: declared.required,
        default_values: Json::Array(
            declared
                .default_values
                .into_iter()
                .filter_map(read_default)
                .collect(),
        ),
        display: display.collect(),
        weight: 0,
        settings: Settings::default(),
    })
}

pub(super) fn read_type(declared: declarations::FieldType) -> FieldType {
    use declarations::FieldType as Declared;
    match declared {
        Declared::Text(most) => FieldType::Text(most),
        Declared::LongText => FieldType::LongText,
        Declared::Integer => FieldType::Integer,
        Declared::Decimal => FieldType::Decimal,
        Declared::Floating => FieldType::Floating,
        Declared::Boolean => FieldType::Boolean,
        Declared::Moment => FieldType::Moment,
        Declared::Email => FieldType::Email,
        Declared::Url => FieldType::Url,
        Declared::Choice(choices) => FieldType::Choice(choices),
        Declared::Reference(kind) => FieldType::Reference(kind),
        Declared::Json => FieldType::Json,
        // The contract is older than these, or it is the name of a plugin's type: that is found when all are known.
        Declared::Other(name) => FieldType::by_name(&name).unwrap_or(FieldType::Other(name)),
    }
}

fn read_default(value: FieldValue) -> Option<Json> {
    Some(match value {
        FieldValue::Null => return None,
        FieldValue::Boolean(value) => Json::from(value),
        FieldValue::Integer(value) | FieldValue::Moment(value) => Json::from(value),
        FieldValue::Floating(value) => Json::from(value),
        FieldValue::Decimal(value) | FieldValue::Text(value) => Json::from(value),
        FieldValue::Formatted(text) => serde_json::json!({ "value": text.value, "format": text.format }),
        FieldValue::Reference(to) => {
            serde_json::json!({ "target_id": to.target, "target_type": to.target_type })
        }
        FieldValue::Json(text) => serde_json::json!({ "json": serde_json::from_str::<Json>(&text).ok()? }),
        FieldValue::Other(other) => {
            serde_json::json!({ "kind": other.kind, "json": serde_json::from_str::<Json>(&other.json).ok()? })
        }
    })
}

pub(super) fn is_name(name: &str, most: usize) -> bool {
    (1..=most).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_')
}
