//! Fields shown.

use minijinja::Value as TemplateValue;

use super::super::declared::Formatted;
use super::super::names::Names;
use super::super::{Items, words};
use super::values::Showing;
use crate::subsystems::Session;
use crate::subsystems::item::model::{Item, Value, ViewMode};
use crate::subsystems::item_type::{Display, Field, ItemType};
use crate::subsystems::theme::{self, Additions, FieldContext, ItemField, Ordered, SafeHtml};

/// Characters of the summary of a long text.
pub(super) const SUMMARY: usize = 400;

/// The fields that a view mode shows, in their order.
pub(super) fn displayed<'a>(of: &'a ItemType, mode: &ViewMode) -> Vec<(&'a Field, &'a Display)> {
    let mut shown: Vec<_> = of
        .fields
        .iter()
        .filter_map(|field| Some((field, field.display_in(mode.name())?)))
        .collect();
    shown.sort_by_key(|(_, display)| display.weight);
    shown
}

/// What fields are shown with.
#[derive(Clone, Copy)]
pub(super) struct FieldsShown<'a> {
    pub displayed: &'a [(&'a Field, &'a Display)],
    /// What plugins have made of the values of their field types.
    pub formatted: &'a Formatted,
    pub names: &'a Names,
}

impl Items {
    pub(super) fn render_fields(
        &self,
        session: &Session,
        item: &Item,
        context: &theme::Item,
        shown: FieldsShown<'_>,
    ) -> Ordered<ItemField> {
        let mut rendered = Vec::with_capacity(shown.displayed.len());
        for (field, display) in shown.displayed {
            let values = item.values(&field.name);
            if values.is_empty() {
                continue;
            }
            let showing = Showing {
                session,
                field,
                display,
                names: shown.names,
            };
            let made = shown.formatted.get(&field.name);
            let made = |index: usize| made.and_then(|made| made.get(index)).cloned().flatten();
            let items: Vec<SafeHtml> = values
                .iter()
                .enumerate()
                .map(|(index, value)| made(index).unwrap_or_else(|| self.render_value(value, showing)))
                .filter(|html| !html.is_empty())
                .collect();
            if items.is_empty() {
                continue;
            }
            let label_position = display.label.name().to_owned();
            // A dot ends a class in a selector.
            let field_type = field.field_type.name().replace('.', "-");
            let of_template = FieldContext {
                field: theme::Field {
                    name: field.name.clone(),
                    label: field.label.clone(),
                    label_position: label_position.clone(),
                    field_type: field_type.clone(),
                    items,
                },
                item: context.clone(),
            };
            let html =
                self.themes
                    .render_field(&session.request().theme, &of_template, &Additions::default());
            let values = values.iter().map(plain).collect();
            let field_for_item = ItemField {
                label: field.label.clone(),
                label_position,
                html,
                values,
                field_type,
            };
            rendered.push((field.name.clone(), field_for_item));
        }
        Ordered(rendered)
    }
}

/// The value as templates see it.
fn plain(value: &Value) -> TemplateValue {
    match value {
        Value::Boolean(value) => TemplateValue::from(*value),
        Value::Integer(value) => TemplateValue::from(*value),
        Value::Floating(value) => TemplateValue::from(*value),
        Value::Moment(moment) => TemplateValue::from(moment.as_millis()),
        other => TemplateValue::from(words::plain(other)),
    }
}
