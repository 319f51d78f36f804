//! Fields whose types plugins declare: what the plugins say of their values. A field of a built-in type costs nothing here,
//! and one whose plugin is not at work is what its base is.

mod format;
mod validate;
mod widget;

use std::sync::Arc;

use crate::kernel::Tap;
use crate::subsystems::item_type::{Field, FieldType};
use crate::subsystems::{Plugin, Session};
use crate::wit::fields::TypedField;
use crate::wit::types::NamedText;

pub(super) use format::Formatted;
pub(super) use validate::problems;
pub(super) use widget::widgets;

/// The plugin that is asked by a tap about a field, and the field as it is told.
fn asked<'a, T: Tap>(
    session: &'a Session,
    item_type: &str,
    field: &Field,
) -> Option<(&'a Arc<Plugin>, TypedField)> {
    let FieldType::Declared(of) = &field.field_type else {
        return None;
    };
    let registry = session.registry();
    registry.noted().field_types.behind(&field.field_type)?;
    let plugin = registry
        .get(of.plugin())
        .filter(|plugin| plugin.answers(T::SLOT))?;
    let settings = &field.settings;
    let set = [
        ("min", &settings.min),
        ("max", &settings.max),
        ("pattern", &settings.pattern),
    ];
    let named = |(name, value): (&str, &Option<String>)| {
        let name = name.to_owned();
        value.clone().map(|value| NamedText { name, value })
    };
    let told = TypedField {
        field_type: of.short_name().to_owned(),
        item_type: item_type.to_owned(),
        name: field.name.clone(),
        label: field.label.clone(),
        cardinality: field.cardinality,
        required: field.required,
        settings: set.into_iter().filter_map(named).collect(),
    };
    Some((plugin, told))
}

/// Says in the log what is wrong with an answer that is left out.
fn complain<T: Tap>(session: &Session, plugin: &Plugin, problem: &str) {
    let name = plugin.manifest.name.as_str();
    tracing::error!(
        plugin.name = name,
        plugin.tap = T::NAME,
        request.id = %session.request().id,
        "plugin '{name}' failed in '{}' and is left out: {problem}",
        T::NAME,
    );
}
