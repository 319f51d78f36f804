//! Types of fields that a plugin brings: what they take, how they are asked for, and how they are shown.
//!
//! A type is based on a built-in kind of value. The site does for it all that it does for that kind: storage, revisions,
//! the API with its description and filters, import and export. The plugin says the rest, and no more than it has to say:
//!
//! ```
//! use trovato_sdk::prelude::*;
//!
//! #[tap]
//! fn field_info() -> FieldTypeInfo {
//!     FieldTypeInfo::new("colour", "Colour", FieldType::Text(7)).help("A colour such as #3366ff.")
//! }
//!
//! /// The values are texts of at most 7 characters already.
//! #[tap]
//! fn field_validate(_: TypedField, values: Vec<FieldValue>) -> Vec<ValueProblem> {
//!     field_type::problems(values, |value| {
//!         let colour: String = value.get().ok()?;
//!         let digits = colour.strip_prefix('#').unwrap_or_default();
//!         let fits = digits.len() == 6 && digits.chars().all(|digit| digit.is_ascii_hexdigit());
//!         (!fits).then(|| "a colour is # and six digits, such as #3366ff".to_owned())
//!     })
//! }
//!
//! assert!(field_validate(TypedField::of("colour"), vec!["#3366ff".into()]).is_empty());
//! let wrong = field_validate(TypedField::of("colour"), vec!["#3366ff".into(), "red".into()]);
//! assert_eq!(wrong[0].index, Some(1));
//! ```
//!
//! `field_widget` answers the element that asks for one value, `field_format` a tree for each value; without them a value
//! is asked for and shown as its kind is. A field of the type is `Field::other("field_colour", "Colour", "house.colour")`,
//! where `house` is the name of the plugin; sites may add such fields to any content type.

pub use crate::wit::fields::{FieldTypeInfo, TypedField, ValueProblem};

use crate::declare::FieldType;
use crate::value::FieldValue;
use crate::wit::types::NamedText;

/// Declares a field type.
impl FieldTypeInfo {
    /// A field type by its machine name, the name that people see, and the kind of value that it is based on: text,
    /// integer, decimal, floating, boolean, moment, email, url, json, or `FieldType::Other("date".into())`.
    pub fn new(name: impl Into<String>, label: impl Into<String>, base: FieldType) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            help: String::new(),
            base,
        }
    }

    /// A line that says what it is for.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

/// The field that a tap is asked about.
impl TypedField {
    /// A field of one value, as tests hand it to a tap.
    pub fn of(field_type: impl Into<String>) -> Self {
        let field_type = field_type.into();
        Self {
            name: format!("field_{field_type}"),
            label: field_type.clone(),
            field_type,
            item_type: "test".into(),
            cardinality: 1,
            required: false,
            settings: Vec::new(),
        }
    }

    /// With a setting, for tests.
    pub fn with_setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push(NamedText {
            name: name.into(),
            value: value.into(),
        });
        self
    }

    /// What the site has set for it: `min`, `max` or `pattern`.
    pub fn setting(&self, name: &str) -> Option<&str> {
        let set = self.settings.iter().find(|setting| setting.name == name);
        set.map(|setting| setting.value.as_str())
    }
}

impl ValueProblem {
    /// Something that is wrong with one value, counted from 0.
    pub fn at(index: usize, message: impl Into<String>) -> Self {
        Self {
            index: Some(u32::try_from(index).unwrap_or(u32::MAX)),
            path: String::new(),
            message: message.into(),
        }
    }

    /// Something that is wrong with all values together.
    pub fn of_all(message: impl Into<String>) -> Self {
        Self {
            index: None,
            path: String::new(),
            message: message.into(),
        }
    }

    /// It is within the value, such as at `lines.2` in JSON.
    pub fn within(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }
}

/// What is wrong with each value by itself: the answer of a `field_validate` that judges one at a time.
pub fn problems(
    values: impl IntoIterator<Item = FieldValue>,
    mut wrong: impl FnMut(FieldValue) -> Option<String>,
) -> Vec<ValueProblem> {
    let values = values.into_iter().enumerate();
    values
        .filter_map(|(index, value)| Some(ValueProblem::at(index, wrong(value)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;
    use crate::taps::{field_format, field_validate, field_widget};
    use crate::wit::render::ViewAnswer;

    #[test]
    fn a_widget_is_one_element_or_none() {
        use field_widget::Answer as _;
        let element = form::radios("stars", "Stars").choices([("1", "One")]).answer();
        assert_eq!(element.map(|element| element.choices.len()), Some(1));
        assert!(None::<form::Field>.answer().is_none());
    }

    #[test]
    fn values_are_shown_by_trees_or_as_they_are() {
        use field_format::Answer as _;
        let answers = vec![View::from(text("a")), View::Unchanged].answer();
        assert!(matches!(
            answers.as_slice(),
            [ViewAnswer::Tree(_), ViewAnswer::Unchanged]
        ));
        assert!(None::<Vec<Tree>>.answer().is_empty());
    }

    #[test]
    fn a_check_that_can_not_be_made_is_an_error_and_not_a_yes() {
        use field_validate::Answer as _;
        assert!(Err::<Vec<ValueProblem>, Error>(Error::NotFound).answer().is_err());
        let field = TypedField::of("stars").with_setting("max", "5");
        assert_eq!((field.setting("max"), field.setting("min")), (Some("5"), None));
        let wrong = ValueProblem::of_all("too many").within("a");
        assert_eq!((wrong.index, wrong.path.as_str()), (None, "a"));
    }
}
