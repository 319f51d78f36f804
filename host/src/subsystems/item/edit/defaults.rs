//! What new items begin with: the widgets of items, for those who make content types.

use std::collections::BTreeMap;

use super::answer::{self, Reading};
use super::moment::Zone;
use super::widget::{self, Context};
use crate::subsystems::Session;
use crate::subsystems::form::{Choice, Element, Values};
use crate::subsystems::item::stored::{decode_field, encode_field};
use crate::subsystems::item_type::{Field, FieldType};

/// Whether new items can begin with a value of a field of this type.
#[must_use]
pub fn has_default(kind: &FieldType) -> bool {
    !matches!(kind, FieldType::File | FieldType::Image | FieldType::Blocks)
}

/// The element that asks for what new items begin with. It has the name of the field.
#[must_use]
pub fn default_element(session: &Session, field: &Field) -> Element {
    let formats = session.services().formats.definitions().into_iter();
    let context = Context {
        formats: formats
            .map(|format| Choice::from((format.name, format.label)))
            .collect(),
        files: BTreeMap::new(),
        // A content type does not depend on a plugin that is at work.
        widgets: BTreeMap::new(),
        zone: Zone::of(session.request()),
    };
    let values = decode_field(field.default_values.clone(), &field.field_type);
    let mut element = widget::element(field, &values, &context);
    element.required = false;
    for child in &mut element.children {
        child.required = false;
    }
    element
}

/// What was answered to [`default_element`], in its stored form.
#[must_use]
pub fn read_default(session: &Session, field: &Field, values: &Values) -> serde_json::Value {
    let zone = Zone::of(session.request());
    let reading = Reading {
        zone: &zone,
        stored: &|_| None,
    };
    let given = answer::given(field, values, &[], &reading);
    if given.values.is_empty() {
        return serde_json::Value::Null;
    }
    encode_field(&given.values, field)
}
