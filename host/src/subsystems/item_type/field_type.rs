//! What a field holds.

use serde::{Deserialize, Serialize};

/// Characters of a line of text, unless a field says otherwise.
const LINE: u32 = 255;

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
    /// A day: `2024-01-31`.
    Date,
    /// From one day to another: `{"from", "to"}`.
    DateRange,
    /// An e-mail address.
    Email,
    /// A URL or a path of this site.
    Url,
    /// One of the listed machine names.
    Choice(Vec<String>),
    /// A reference to a record of a kind: `item`, `user`, `tag`.
    Reference(String),
    /// A file of the site.
    File,
    /// A picture among the files of the site, with what it shows in words: `{"target_id", "alt"}`.
    Image,
    /// JSON.
    Json,
    /// A body of blocks: `{"blocks": [{"type", …}]}`.
    Blocks,
    /// A type that a plugin declares, over a built-in one.
    Declared(Box<DeclaredType>),
    /// A field type that nobody here has declared.
    Other(String),
}

/// A field type of a plugin. What it is based on is kept with each field, so that the field's values are read in the same
/// way whether the plugin is there or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredType {
    /// Its full name: that of the plugin, a dot, and its own.
    pub name: String,
    /// The built-in type whose values it has.
    pub base: FieldType,
}

impl DeclaredType {
    /// The plugin that declares it.
    #[must_use]
    pub fn plugin(&self) -> &str {
        self.name.split_once('.').map_or("", |(plugin, _)| plugin)
    }

    /// What the plugin calls it.
    #[must_use]
    pub fn short_name(&self) -> &str {
        self.name.split_once('.').map_or(&self.name, |(_, name)| name)
    }
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
            Self::Date => "date",
            Self::DateRange => "date_range",
            Self::Email => "email",
            Self::Url => "url",
            Self::Choice(_) => "choice",
            Self::Reference(_) => "reference",
            Self::File => "file",
            Self::Image => "image",
            Self::Json => "json",
            Self::Blocks => "blocks",
            Self::Declared(of) => &of.name,
            Self::Other(name) => name,
        }
    }

    /// The type that decides how values are stored: itself, unless a plugin declares it over another.
    #[must_use]
    pub fn base(&self) -> &Self {
        match self {
            Self::Declared(of) => &of.base,
            built_in => built_in,
        }
    }

    /// Whether types of plugins can be based on it: whether a value is one thing that says all by itself.
    #[must_use]
    pub fn is_base(&self) -> bool {
        matches!(
            self,
            Self::Text(_)
                | Self::Integer
                | Self::Decimal
                | Self::Floating
                | Self::Boolean
                | Self::Moment
                | Self::Date
                | Self::Email
                | Self::Url
                | Self::Json
        )
    }

    /// The names of those that types of plugins can be based on.
    pub fn bases() -> impl Iterator<Item = String> {
        let built_in = Self::built_in().into_iter();
        built_in
            .filter(|(known, _)| known.is_base())
            .map(|(known, _)| known.key())
    }

    /// The built-in types with the names that people see. References come once for each kind of record.
    #[must_use]
    pub fn built_in() -> Vec<(Self, &'static str)> {
        vec![
            (Self::Text(LINE), "Text, one line"),
            (Self::LongText, "Text, long"),
            (Self::Blocks, "Blocks"),
            (Self::Integer, "Number, whole"),
            (Self::Decimal, "Number, exact decimals"),
            (Self::Floating, "Number, floating"),
            (Self::Boolean, "Yes or no"),
            (Self::Choice(Vec::new()), "Choice from a list"),
            (Self::Date, "Date"),
            (Self::DateRange, "Dates, from and to"),
            (Self::Moment, "Date and time"),
            (Self::Email, "E-mail address"),
            (Self::Url, "Web address"),
            (Self::Image, "Image"),
            (Self::File, "File"),
            (Self::Reference("item".to_owned()), "Reference to content"),
            (Self::Reference("user".to_owned()), "Reference to a person"),
            (Self::Reference("tag".to_owned()), "Reference to a tag"),
            (Self::Json, "JSON"),
        ]
    }

    /// The built-in type of a name: that of [`FieldType::name`], with dashes or underscores, a reference as
    /// `reference:item`.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let name = name.replace('-', "_");
        let known = Self::built_in().into_iter().map(|(known, _)| known);
        known.into_iter().find(|known| known.key() == name)
    }

    /// The name by which [`FieldType::by_name`] finds it.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Reference(kind) => format!("reference:{kind}"),
            other => other.name().to_owned(),
        }
    }

    /// Whether a value is several things under names, stored as they are.
    #[must_use]
    pub fn is_composite(&self) -> bool {
        matches!(self, Self::DateRange | Self::Image | Self::Blocks)
    }
}
