//! A content type and its fields.

use serde::{Deserialize, Serialize};

use super::{FieldType, Settings};

/// The view modes that every content type has.
pub const VIEW_MODES: [(&str, &str); 3] = [
    ("full", "Full page"),
    ("teaser", "Teaser"),
    ("search_result", "Search result"),
];

/// A way to show the items of a content type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewMode {
    /// The machine name.
    pub name: String,
    /// The name that people see.
    pub label: String,
}

/// A content type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemType {
    /// The machine name.
    pub name: String,
    /// The name that people see.
    pub label: String,
    /// What it is for.
    pub description: String,
    /// What the title is called in forms.
    pub title_label: String,
    /// Its fields, in the order of forms.
    pub fields: Vec<Field>,
    /// The pattern of the paths of its items.
    pub path_pattern: Option<String>,
    /// Whether new items are published.
    pub published: bool,
    /// Whether new items appear on the home page.
    pub promoted: bool,
    /// View modes besides those of every type, by machine name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modes: Vec<ViewMode>,
    /// Fields that were taken out. Items keep their values until they are purged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Field>,
    /// What is being purged: names of removed fields, or its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purging: Vec<String>,
}

impl ItemType {
    /// A content type of these fields, published and promoted, without a path pattern.
    #[must_use]
    pub fn new(name: impl Into<String>, label: impl Into<String>, fields: Vec<Field>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            description: String::new(),
            title_label: "Title".to_owned(),
            fields,
            path_pattern: None,
            published: true,
            promoted: true,
            modes: Vec::new(),
            removed: Vec::new(),
            purging: Vec::new(),
        }
    }

    /// Its fields in the order of forms.
    #[must_use]
    pub fn ordered(&self) -> Vec<&Field> {
        let mut fields: Vec<&Field> = self.fields.iter().collect();
        fields.sort_by_key(|field| field.weight);
        fields
    }

    /// Every view mode that it has, with the name that people see.
    #[must_use]
    pub fn view_modes(&self) -> Vec<ViewMode> {
        let built_in = VIEW_MODES.iter().map(|(name, label)| ViewMode {
            name: (*name).to_owned(),
            label: (*label).to_owned(),
        });
        built_in.chain(self.modes.iter().cloned()).collect()
    }

    /// The field of a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The machine name.
    pub name: String,
    /// The name that people see.
    pub label: String,
    /// A line of help.
    pub help: String,
    /// What it holds.
    pub field_type: FieldType,
    /// How many values it may have; 0 is any number.
    pub cardinality: u32,
    /// Whether it must have a value.
    pub required: bool,
    /// The values of a new item, in their stored form.
    pub default_values: serde_json::Value,
    /// The view modes that show it.
    pub display: Vec<Display>,
    /// Its place in forms: lower comes first, equal ones keep their order.
    #[serde(default)]
    pub weight: i32,
    /// What its values have to keep to, and how they are asked for.
    #[serde(default)]
    pub settings: Settings,
}

impl Field {
    /// An optional field of one value that no view mode shows.
    #[must_use]
    pub fn new(name: impl Into<String>, field_type: FieldType) -> Self {
        let name = name.into();
        Self {
            label: name.clone(),
            name,
            help: String::new(),
            field_type,
            cardinality: 1,
            required: false,
            default_values: serde_json::Value::Null,
            display: Vec::new(),
            weight: 0,
            settings: Settings::default(),
        }
    }

    /// The built-in type that decides how its values are stored.
    #[must_use]
    pub fn base(&self) -> &FieldType {
        self.field_type.base()
    }

    /// Whether a plugin declares its type.
    #[must_use]
    pub fn is_declared(&self) -> bool {
        matches!(self.field_type, FieldType::Declared(_))
    }

    /// The same field with settings.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// The same field with another number of values.
    #[must_use]
    pub fn with_cardinality(self, cardinality: u32) -> Self {
        Self { cardinality, ..self }
    }

    /// How a view mode shows it.
    #[must_use]
    pub fn display_in(&self, mode: &str) -> Option<&Display> {
        self.display.iter().find(|display| display.mode == mode)
    }
}

/// Where a field's label goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelPosition {
    /// Above the value.
    Above,
    /// Before the value.
    Inline,
    /// Nowhere.
    Hidden,
}

impl LabelPosition {
    /// The word that templates get.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Inline => "inline",
            Self::Hidden => "hidden",
        }
    }
}

/// How a field is shown in a view mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Display {
    /// The view mode.
    pub mode: String,
    /// Where its label goes.
    pub label: LabelPosition,
    /// Lower comes first.
    pub weight: i32,
    /// How the value is shown.
    pub formatter: String,
}
