//! How values of plugins' field types are asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::{asked, complain};
use crate::kernel::Plain;
use crate::subsystems::form::{self, Element, Kind};
use crate::subsystems::item_type::{Field, FieldType, ItemType};
use crate::subsystems::{Plugin, Session};
use crate::taps;
use crate::wit::forms::Element as Made;

/// Choices of a widget: rows repeat them.
const CHOICES: usize = 1000;

/// The elements that plugins have for one value of their fields, by the fields' names. Fields that are not asked for are
/// left alone.
pub(in super::super) async fn widgets(
    session: &Session,
    of: &ItemType,
    closed: &BTreeSet<String>,
) -> BTreeMap<String, Element> {
    let mut widgets = BTreeMap::new();
    for field in of.fields.iter().filter(|field| !closed.contains(&field.name)) {
        let Some((plugin, told)) = asked::<taps::FieldWidget>(session, &of.name, field) else {
            continue;
        };
        let mut input = Plain(|| (told.clone(),));
        let Ok((Some(made),)) = session.call::<taps::FieldWidget>(plugin, &mut input).await else {
            continue;
        };
        match widget(session, plugin, field, made) {
            Ok(element) => drop(widgets.insert(field.name.clone(), element)),
            Err(problem) => complain::<taps::FieldWidget>(session, plugin, &problem),
        }
    }
    widgets
}

fn widget(session: &Session, plugin: &Plugin, field: &Field, made: Made) -> Result<Element, String> {
    let mut element = form::element_of(session, &plugin.manifest.name, &field.name, made)?;
    if !asks_for_one(&element.kind, field.base()) {
        return Err(format!(
            "an element of the kind '{}' can't ask for a value of the kind {}",
            element.kind.name(),
            field.base().name()
        ));
    }
    if element.choices.len() > CHOICES {
        return Err(format!(
            "the element has {} choices; it may have {CHOICES}",
            element.choices.len()
        ));
    }
    // Whether it can and must be answered is the site's to say.
    element.disabled = false;
    element.required = false;
    element.weight = 0;
    Ok(element)
}

/// Whether an answer to an element of a kind can be read as one value of a type.
fn asks_for_one(kind: &Kind, base: &FieldType) -> bool {
    match kind {
        Kind::Select { multiple } => !multiple,
        Kind::Radios => true,
        Kind::Checkbox => *base == FieldType::Boolean,
        Kind::Text
        | Kind::Textarea
        | Kind::Number { .. }
        | Kind::Date { .. }
        | Kind::Email
        | Kind::Url
        | Kind::Telephone
        | Kind::Search => *base != FieldType::Boolean,
        _ => false,
    }
}
