//! Forms: the plugin's own, and changes to those of others.
//!
//! ```
//! use trovato_sdk::prelude::*;
//!
//! #[tap]
//! fn form_build(request: FormRequest) -> Result<Form> {
//!     match request.form.as_str() {
//!         "message" => Ok(Form::new("Write to us")
//!             .with(form::email("mail", "Your address").required().autocomplete("email"))
//!             .with(form::textarea("message", "Message").required().max_length(5_000))
//!             .with(form::actions().with(form::submit("send", "Send")))),
//!         _ => Err(Error::NotFound),
//!     }
//! }
//!
//! #[tap]
//! fn form_submit(submission: Submission) -> Result<Outcome> {
//!     if submission.form == "contact.message" {
//!         messages::status("Thank you for your message.");
//!     }
//!     Ok(Outcome::Done)
//! }
//! ```
//!
//! A page shows it by [`embed`]. Nothing has to be done about tokens, wrong answers, or forms that are sent twice.

mod alter;
mod field;
mod submission;

pub use alter::FormChanges;
pub use field::{
    Field, actions, checkbox, checkboxes, date, datetime, decimal, details, email, fieldset, group, hidden,
    markup, number, radios, reference, rich_text, search, select, select_many, submit, tabs, telephone, text,
    textarea, url,
};

pub use crate::wit::forms::Form as BuiltForm;
pub use crate::wit::forms::{FormRequest, Outcome, Submission};
pub use crate::wit::types::FieldError;

use crate::preprocess::Variables;
use crate::tree::{Node, extension};
use crate::wit::forms;

/// A form in the making.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use = "a form does nothing until a tap returns it"]
pub struct Form {
    title: String,
    fields: Vec<Field>,
}

impl Form {
    /// A form without elements.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            fields: Vec::new(),
        }
    }

    /// Adds an element.
    pub fn with(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }
}

impl From<Form> for forms::Form {
    fn from(form: Form) -> Self {
        let mut elements = Vec::new();
        for field in form.fields {
            field.flatten(None, &mut elements);
        }
        Self {
            id: String::new(),
            title: form.title,
            step: String::new(),
            elements,
        }
    }
}

/// One of the plugin's own forms, for a tree of one of its pages.
pub fn embed(name: impl Into<String>) -> Node {
    extension("form", Variables::new().with("form", name.into()))
}

/// One thing that is wrong with one element; an empty path for the form as a whole.
pub fn fault(path: impl Into<String>, message: impl Into<String>) -> FieldError {
    FieldError {
        path: path.into(),
        message: message.into(),
    }
}

/// The item that the form at hand makes, changes or deletes; none for forms about something else, and where no form is
/// changed, checked or taken. A new item has the nil UUID for its revision; its identifier in `form_submit` is the one
/// that it is saved with.
pub fn subject() -> Option<crate::Item> {
    crate::wit::form_subject::subject()
}

/// What the plugin remembers of the form between its pages.
pub mod state {
    use crate::error::Result;
    use crate::wit::form_state;

    /// What is remembered under a key.
    pub fn get(key: &str) -> Option<String> {
        form_state::get(key)
    }

    /// Remembers a text, from `form_submit`, once the form goes on with another step.
    ///
    /// # Errors
    /// [`Limit`](crate::Error::Limit) for keys over 128 bytes and texts over 64 KiB.
    pub fn set(key: &str, text: &str) -> Result<()> {
        Ok(form_state::set(key, text)?)
    }
}
