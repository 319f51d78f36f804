//! Fields of content types, and how they are shown.

use super::{Field, FieldType, LabelPosition, Shown};
use crate::value::FieldValue;
use crate::wit::types::ViewMode;

macro_rules! fields {
    ($($(#[$docs:meta])* $function:ident $case:ident;)+) => {
        $(
            $(#[$docs])*
            pub fn $function(name: impl Into<String>, label: impl Into<String>) -> Self {
                Self::new(name, label, FieldType::$case)
            }
        )+
    };
}

/// Declares a field: one value, not required, shown nowhere, until said otherwise.
impl Field {
    /// A field of any type.
    pub fn new(name: impl Into<String>, label: impl Into<String>, field_type: FieldType) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            help: String::new(),
            field_type,
            cardinality: 1,
            required: false,
            default_values: Vec::new(),
            display: Vec::new(),
        }
    }

    /// One line of plain text of at most so many characters.
    pub fn text(name: impl Into<String>, label: impl Into<String>, characters: u32) -> Self {
        Self::new(name, label, FieldType::Text(characters))
    }

    /// One of the listed machine names.
    pub fn choice<C: Into<String>>(
        name: impl Into<String>,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = C>,
    ) -> Self {
        Self::new(
            name,
            label,
            FieldType::Choice(choices.into_iter().map(Into::into).collect()),
        )
    }

    /// A reference to a record of a kind: `item`, `user`, `tag`, `file`.
    pub fn reference(name: impl Into<String>, label: impl Into<String>, kind: impl Into<String>) -> Self {
        Self::new(name, label, FieldType::Reference(kind.into()))
    }

    /// A field of a type that is younger than the contract: `date`, `date_range`, `file`, `image`, `blocks`, or that of a
    /// plugin by its full name, such as `rating.stars` (see [`field_type`](crate::field_type)).
    pub fn other(name: impl Into<String>, label: impl Into<String>, kind: impl Into<String>) -> Self {
        Self::new(name, label, FieldType::Other(kind.into()))
    }

    /// A day, as the text `2024-01-31`.
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::other(name, label, "date")
    }

    /// From one day to another: an `other` value with `from` and `to`.
    pub fn date_range(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::other(name, label, "date_range")
    }

    /// A file of the site, as a reference.
    pub fn file(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::other(name, label, "file")
    }

    /// A picture of the site: an `other` value with `target_id` and `alt`.
    pub fn image(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::other(name, label, "image")
    }

    /// A body of blocks: an `other` value with `blocks`.
    pub fn blocks(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::other(name, label, "blocks")
    }

    fields! {
        /// Long text with a text format.
        long_text LongText;
        /// A whole number.
        integer Integer;
        /// An exact decimal number.
        decimal Decimal;
        /// An IEEE 754 double.
        floating Floating;
        /// Yes or no.
        boolean Boolean;
        /// A moment.
        moment Moment;
        /// An e-mail address.
        email Email;
        /// A URL.
        url Url;
        /// JSON text.
        json Json;
    }

    /// A line of help below the field in forms.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// It must have a value.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// It may have up to so many values.
    pub fn up_to(mut self, values: u32) -> Self {
        self.cardinality = values;
        self
    }

    /// It may have any number of values.
    pub fn unlimited(self) -> Self {
        self.up_to(0)
    }

    /// Adds a value that new items start with.
    pub fn starting_with(mut self, value: impl Into<FieldValue>) -> Self {
        self.default_values.push(value.into());
        self
    }

    /// Shows it in a view mode.
    pub fn shown_in(mut self, shown: Shown) -> Self {
        self.display.push(shown);
        self
    }
}

/// How a field is shown: in which view mode, label above and weight 0 until said otherwise.
impl Shown {
    /// In the page of the item.
    pub fn full() -> Self {
        Self::mode(ViewMode::Full)
    }

    /// In listings.
    pub fn teaser() -> Self {
        Self::mode(ViewMode::Teaser)
    }

    /// In any view mode.
    pub fn mode(mode: ViewMode) -> Self {
        Self {
            mode: mode.name().into(),
            label: LabelPosition::Above,
            weight: 0,
            formatter: "default".into(),
        }
    }

    /// Lower comes first.
    pub fn weight(mut self, weight: i32) -> Self {
        self.weight = weight;
        self
    }

    /// With its label on the same line.
    pub fn with_inline_label(mut self) -> Self {
        self.label = LabelPosition::Inline;
        self
    }

    /// Without its label.
    pub fn without_label(mut self) -> Self {
        self.label = LabelPosition::Hidden;
        self
    }

    /// Only the first paragraph or so of long text.
    pub fn as_summary(self) -> Self {
        self.formatter("summary")
    }

    /// By another formatter.
    pub fn formatter(mut self, formatter: impl Into<String>) -> Self {
        self.formatter = formatter.into();
        self
    }
}
