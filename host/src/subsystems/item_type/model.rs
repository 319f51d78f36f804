//! A content type and its fields.

use serde::{Deserialize, Serialize};

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
        }
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
        }
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

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line of plain text, at most so many characters.
    Text(u32),
    /// Long text with a text format.
    LongText,
    /// A whole number.
    Integer,
    /// An exact decimal number.
    Decimal,
    /// An IEEE 754 double.
    Floating,
    /// Yes or no.
    Boolean,
    /// A moment.
    Moment,
    /// An e-mail address.
    Email,
    /// A URL or a path of this site.
    Url,
    /// One of the listed machine names.
    Choice(Vec<String>),
    /// A reference to a record of a kind.
    Reference(String),
    /// JSON.
    Json,
    /// A field type that is not built in.
    Other(String),
}

impl FieldType {
    /// The machine name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Text(_) => "text",
            Self::LongText => "long_text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Floating => "floating",
            Self::Boolean => "boolean",
            Self::Moment => "moment",
            Self::Email => "email",
            Self::Url => "url",
            Self::Choice(_) => "choice",
            Self::Reference(_) => "reference",
            Self::Json => "json",
            Self::Other(name) => name,
        }
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
