//! Makes typed answers of what was sent, and finds everything that is wrong with it. What the form does not ask for
//! is not looked at.

mod choice;
mod file;
mod number;
mod text;

use super::input::{Input, again_path, format_path};
use super::model::{Element, Form, Kind};
use super::{Errors, Value, Values};

pub use text::{compile, is_email, is_url};

/// The answers, and what is wrong with them: all of it. Records are looked up afterwards, see
/// [`super::reference`].
#[must_use]
pub fn coerce(form: &Form, input: &Input) -> (Values, Errors) {
    let mut coercion = Coercion {
        input,
        errors: Errors::default(),
    };
    let mut values = Values::default();
    coercion.elements(&form.elements, "", &mut values);
    (values, coercion.errors)
}

struct Coercion<'a> {
    input: &'a Input,
    errors: Errors,
}

impl Coercion<'_> {
    fn elements(&mut self, elements: &[Element], prefix: &str, values: &mut Values) {
        for element in elements {
            if element.kind.is_layout() {
                self.elements(&element.children, prefix, values);
            } else if element.kind.has_value() {
                let value = if element.disabled {
                    element.default.clone()
                } else {
                    self.element(element, &format!("{prefix}{}", element.name))
                };
                values.set(element.name.as_str(), value);
            }
        }
    }

    fn element(&mut self, element: &Element, path: &str) -> Value {
        let input = self.input;
        let first = input.first(path).unwrap_or_default();
        let result = match &element.kind {
            Kind::Text | Kind::Search | Kind::Telephone | Kind::Hidden | Kind::Reference { .. } => {
                text::line(element, first)
            }
            Kind::Email => text::email(element, first),
            Kind::Url => text::url(element, first),
            Kind::Textarea => text::long(element, first),
            Kind::Rich => {
                let format = input.first(&format_path(path)).unwrap_or_default();
                text::rich(element, first, format)
            }
            Kind::Password { confirm, .. } => {
                let again = confirm.then(|| input.first(&again_path(path)).unwrap_or_default());
                text::password(element, first, again)
            }
            Kind::Number { decimals } => number::number(element, first, *decimals),
            Kind::Date { time } => number::date(element, first, *time),
            Kind::Select { multiple: true } | Kind::Checkboxes => choice::several(element, input.all(path)),
            Kind::Select { multiple: false } | Kind::Radios => choice::one(element, first),
            Kind::Checkbox => choice::flag(element, first),
            Kind::File(rules) => file::files(element, rules, input.files(path)),
            Kind::Group(rules) => {
                let rows = (0..input.rows(path, rules)).map(|index| {
                    let mut row = Values::default();
                    self.elements(&element.children, &format!("{path}.{index}."), &mut row);
                    row
                });
                Ok(Value::Rows(rows.collect()))
            }
            _ => Ok(Value::Empty),
        };
        result.unwrap_or_else(|message| {
            self.errors.add(path, message);
            Value::Empty
        })
    }
}

/// What is wrong, for a person.
type Checked = Result<Value, String>;

/// No answer where one is needed, or none where none is.
fn nothing(element: &Element) -> Checked {
    if element.required {
        Err(format!("{} is required.", element.name_for_people()))
    } else {
        Ok(Value::Empty)
    }
}

impl Element {
    /// What people know it by.
    #[must_use]
    pub fn name_for_people(&self) -> &str {
        if self.label.is_empty() {
            &self.name
        } else {
            &self.label
        }
    }
}
