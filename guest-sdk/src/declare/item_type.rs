//! Content types.

use super::{Field, ItemType};

/// Declares a content type.
///
/// ```
/// use trovato_sdk::prelude::*;
///
/// let event = ItemType::new("event", "Event")
///     .description("Something that happens somewhere.")
///     .field(Field::long_text("field_body", "Body").required().shown_in(Shown::full().without_label()))
///     .field(Field::moment("field_start", "Start").shown_in(Shown::full().weight(-5)))
///     .paths("events/[yyyy]/[title]");
/// assert_eq!(event.fields.len(), 2);
/// ```
impl ItemType {
    /// A content type by its machine name and the name that people see. New items are published.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            description: String::new(),
            title_label: "Title".into(),
            fields: Vec::new(),
            path_pattern: None,
            published: true,
            promoted: false,
        }
    }

    /// What it is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// What the title is called in forms.
    pub fn title_label(mut self, label: impl Into<String>) -> Self {
        self.title_label = label.into();
        self
    }

    /// Adds a field.
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// The pattern of the paths of its items, such as `blog/[yyyy]/[mm]/[title]`.
    pub fn paths(mut self, pattern: impl Into<String>) -> Self {
        self.path_pattern = Some(pattern.into());
        self
    }

    /// Leaves new items unpublished.
    pub fn unpublished(mut self) -> Self {
        self.published = false;
        self
    }

    /// Shows its items on the home page.
    pub fn on_home_page(mut self) -> Self {
        self.promoted = true;
        self
    }
}
