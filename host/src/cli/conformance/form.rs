//! A guest's form that a case sends: the guest's `form-submit` tap, with what it remembers of the form.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::kernel::{Input, Tap};
use crate::subsystems::form::Desk;
use crate::subsystems::item::{Item, parse_id};
use crate::subsystems::{Scope, Services, Session};
use crate::taps;
use crate::wit::forms::{Answer, Outcome, Submission};
use crate::wit::types::FieldValue;

/// What guests remember of a form from step to step.
pub type Remembered = BTreeMap<String, Json>;

/// A form that is sent.
pub struct Sent<'a> {
    submission: Submission,
    about: Option<Arc<Item>>,
    remembered: &'a mut Remembered,
    /// What the guest has written while it ran.
    written: Remembered,
}

impl<'a> Sent<'a> {
    /// A form with one answer.
    pub fn new(
        plugin: &str,
        form: &str,
        id: String,
        button: &str,
        answer: &str,
        remembered: &'a mut Remembered,
    ) -> Self {
        let answer = Answer {
            path: "text".to_owned(),
            values: vec![FieldValue::Text(answer.to_owned())],
        };
        Self {
            submission: Submission {
                form: format!("{plugin}.{form}"),
                id,
                step: String::new(),
                button: button.to_owned(),
                answers: vec![answer],
            },
            about: None,
            remembered,
            written: BTreeMap::new(),
        }
    }

    /// About an item.
    pub fn about(mut self, item: Option<Item>) -> Self {
        self.about = item.map(Arc::new);
        self
    }

    /// What came of it, in words. Only a form that goes on is remembered.
    pub fn settle(self, outcome: Outcome) -> String {
        *self.remembered = match outcome {
            Outcome::Next(_) => self.written,
            _ => BTreeMap::new(),
        };
        match outcome {
            Outcome::Done => "done".to_owned(),
            Outcome::Again => "again".to_owned(),
            Outcome::Redirect(path) => format!("redirect {path}"),
            Outcome::Next(step) => format!("next {step}"),
        }
    }
}

/// The item of an identifier.
pub async fn item_of(session: &Session, id: &str) -> Result<Item, String> {
    let id = parse_id(id).map_err(|error| error.in_words())?;
    let found = session.services().items.find(session, id).await;
    found.map_err(|error| format!("a form can't be about the item {id}: {error}"))
}

impl Input<Services, taps::FormSubmit> for Sent<'_> {
    fn enter(&mut self, scope: &mut Scope) -> <taps::FormSubmit as Tap>::Params {
        scope.form = Desk {
            kept: self.remembered.clone(),
            is_open: true,
            subject: self.about.clone(),
        };
        (self.submission.clone(),)
    }

    fn leave(&mut self, scope: &mut Scope, _: bool) {
        self.written = std::mem::take(&mut scope.form).kept;
    }
}
