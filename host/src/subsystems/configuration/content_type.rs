//! A content type as a file: fields in the order of forms, and nothing of what is being taken out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::model::is_false;
use crate::subsystems::item_type::{
    Allowed, Display, Field, FieldType, ItemType, LabelPosition, Settings, ViewMode,
};

/// A content type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypeFile {
    pub label: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(default = "title")]
    pub title_label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_pattern: Option<String>,
    #[serde(default = "yes")]
    pub published: bool,
    #[serde(default = "yes")]
    pub promoted: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modes: Vec<ModeFile>,
    #[serde(default)]
    pub fields: Vec<FieldFile>,
}

/// A view mode besides those of every type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModeFile {
    pub name: String,
    pub label: String,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldFile {
    pub name: String,
    pub label: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// How many values; 0 is any number.
    #[serde(default = "one")]
    pub cardinality: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    #[serde(default, skip_serializing_if = "Json::is_null")]
    pub default: Json,
    #[serde(default)]
    pub weight: i32,
    /// By view mode.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub display: BTreeMap<String, DisplayFile>,
    #[serde(default, skip_serializing_if = "is_default", with = "SettingsFile")]
    pub settings: Settings,
}

/// How a view mode shows a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DisplayFile {
    pub label: LabelPosition,
    #[serde(default)]
    pub weight: i32,
    pub formatter: String,
}

/// [`Settings`], in which a key that is unknown is a mistake.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Settings", deny_unknown_fields)]
struct SettingsFile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pattern_help: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    allowed: Vec<Allowed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    targets: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    formats: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    media: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    most_bytes: Option<u64>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    widget: String,
}

fn title() -> String {
    "Title".to_owned()
}

fn yes() -> bool {
    true
}

fn one() -> u32 {
    1
}

fn is_default(settings: &Settings) -> bool {
    *settings == Settings::default()
}

impl TypeFile {
    pub(super) fn of(of: &ItemType) -> Self {
        let mode = |mode: &ViewMode| ModeFile {
            name: mode.name.clone(),
            label: mode.label.clone(),
        };
        Self {
            label: of.label.clone(),
            description: of.description.clone(),
            title_label: of.title_label.clone(),
            path_pattern: of.path_pattern.clone(),
            published: of.published,
            promoted: of.promoted,
            modes: of.modes.iter().map(mode).collect(),
            fields: of.ordered().into_iter().map(FieldFile::of).collect(),
        }
    }

    pub(super) fn item_type(&self, name: &str) -> ItemType {
        let mode = |mode: &ModeFile| ViewMode {
            name: mode.name.clone(),
            label: mode.label.clone(),
        };
        ItemType {
            name: name.to_owned(),
            label: self.label.clone(),
            description: self.description.clone(),
            title_label: self.title_label.clone(),
            fields: self.fields.iter().map(FieldFile::field).collect(),
            path_pattern: self.path_pattern.clone(),
            published: self.published,
            promoted: self.promoted,
            modes: self.modes.iter().map(mode).collect(),
            removed: Vec::new(),
            purging: Vec::new(),
        }
    }
}

impl FieldFile {
    fn of(field: &Field) -> Self {
        let display = field.display.iter().map(|display| {
            let shown = DisplayFile {
                label: display.label,
                weight: display.weight,
                formatter: display.formatter.clone(),
            };
            (display.mode.clone(), shown)
        });
        Self {
            name: field.name.clone(),
            label: field.label.clone(),
            help: field.help.clone(),
            kind: field.field_type.clone(),
            cardinality: field.cardinality,
            required: field.required,
            default: field.default_values.clone(),
            weight: field.weight,
            display: display.collect(),
            settings: field.settings.clone(),
        }
    }

    fn field(&self) -> Field {
        let display = self.display.iter().map(|(mode, shown)| Display {
            mode: mode.clone(),
            label: shown.label,
            weight: shown.weight,
            formatter: shown.formatter.clone(),
        });
        Field {
            name: self.name.clone(),
            label: self.label.clone(),
            help: self.help.clone(),
            field_type: self.kind.clone(),
            cardinality: self.cardinality,
            required: self.required,
            default_values: self.default.clone(),
            display: display.collect(),
            weight: self.weight,
            settings: self.settings.clone(),
        }
    }
}
