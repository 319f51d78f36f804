//! What the editor of formatted text needs to know of a form: which of its text formats are HTML, and what they keep.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Element, Kind, Painter};
use crate::subsystems::format::Markup;

/// What the script of the editor is told.
#[derive(Serialize)]
pub struct EditorView {
    /// The text formats of the form that are HTML.
    formats: BTreeMap<String, Markup>,
}

impl EditorView {
    /// None where nothing in the form is written in HTML, and no rows are of several kinds: then nobody has to wait for
    /// the editor.
    pub fn of(painter: &Painter<'_>) -> Option<Self> {
        if painter.form.asks {
            return None;
        }
        let has_kinds = painter.form.all().any(|element| element.aid.kind_in.is_some());
        let choosing = painter.form.all().filter_map(|element| match &element.kind {
            Kind::Rich => Some(element),
            _ => painter.form.find(element.aid.format_in.as_deref()?),
        });
        let formats: BTreeMap<String, Markup> = choosing
            .flat_map(|element: &Element| &element.choices)
            .filter_map(|choice| Some((choice.value.clone(), painter.formats.markup(&choice.value)?)))
            .collect();
        (has_kinds || !formats.is_empty()).then_some(Self { formats })
    }
}
