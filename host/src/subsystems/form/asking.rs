//! Asking plugins about forms: to change them, to check what was sent, to act on it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;
use uuid::Uuid;

use super::alter::alter;
use super::convert::{Reading, answers_to_wit, to_wit};
use super::handler::Erased;
use super::{Errors, Form, State, Values, press};
use crate::kernel::{Failure, Input, Tap};
use crate::subsystems::item::Item;
use crate::subsystems::{Plugin, Scope, Services, Session};
use crate::taps;
use crate::wit::forms::Submission;
use crate::wit::types;

/// What a guest may remember of the form that it is called for, while it runs.
#[derive(Debug, Default)]
pub struct Desk {
    /// Texts by plugin and key, as `key` puts them together.
    pub kept: BTreeMap<String, Json>,
    /// Whether it may be written.
    pub is_open: bool,
    /// The item that the form is about.
    pub subject: Option<Arc<Item>>,
}

/// The name under which the state keeps a plugin's text.
pub fn key(plugin: &str, key: &str) -> String {
    format!("{plugin}:{key}")
}

const FAILED: &str =
    "A part of this site that takes care of this form failed, so nothing was done. Please try again.";

/// Hands the form through all plugins that want to change it.
pub(super) async fn altered(session: &Session, handler: &dyn Erased, step: &str, form: Form) -> Form {
    if !session.has::<taps::FormAlter>() {
        return form;
    }
    let services = session.services();
    let id = handler.name();
    let subject = handler.about();
    let mut input = Altering {
        id,
        step,
        form,
        subject,
    };
    session
        .fold::<taps::FormAlter, _>(&mut input, |input, plugin, (changes,)| {
            if changes.is_empty() {
                return;
            }
            let reading = Reading {
                themes: &services.themes,
                theme: &session.request().theme,
                plugin: &plugin.manifest.name,
            };
            match alter(&input.form, changes, &reading) {
                Ok(altered) => input.form = altered,
                Err(fault) => tracing::warn!(
                    plugin.name = plugin.manifest.name,
                    "the changes of plugin '{}' to the form '{id}' are left out: {fault}",
                    plugin.manifest.name
                ),
            }
        })
        .await;
    input.form
}

struct Altering<'a> {
    id: &'a str,
    step: &'a str,
    form: Form,
    subject: Option<Arc<Item>>,
}

impl Input<Services, taps::FormAlter> for Altering<'_> {
    fn enter(&mut self, scope: &mut Scope) -> <taps::FormAlter as Tap>::Params {
        scope.form = Desk {
            subject: self.subject.clone(),
            ..Desk::default()
        };
        (to_wit(self.id, self.step, &self.form),)
    }

    fn leave(&mut self, scope: &mut Scope, _: bool) {
        scope.form = Desk::default();
    }
}

/// A form that was sent, as plugins are asked about it.
pub struct Asking<'a> {
    pub id: &'a str,
    pub build: Uuid,
    pub form: &'a Form,
    pub values: &'a Values,
    pub state: &'a mut State,
    /// Whether plugins may write to the state.
    pub acts: bool,
    /// The item that the form is about.
    pub subject: Option<Arc<Item>>,
}

impl Asking<'_> {
    fn submission(&self) -> Submission {
        Submission {
            form: self.id.to_owned(),
            id: self.build.to_string(),
            step: self.state.step().to_owned(),
            button: self.values.button.clone(),
            answers: answers_to_wit(self.form, self.values),
        }
    }

    fn lend(&mut self, scope: &mut Scope) {
        scope.form = Desk {
            kept: self.state.take_kept(),
            is_open: self.acts,
            subject: self.subject.clone(),
        };
    }

    fn take_back(&mut self, scope: &mut Scope) {
        self.state.put_kept(std::mem::take(&mut scope.form).kept);
    }

    /// Collects what plugins find wrong; one that fails has found something.
    pub async fn check(&mut self, session: &Session, errors: &mut Errors) {
        if !session.has::<taps::FormValidate>() {
            return;
        }
        let mut found = Vec::new();
        let judge = |_: &Arc<Plugin>, answer: Result<(Vec<types::FieldError>,), Failure>| {
            found.push(answer.map_or(None, |(faults,)| Some(faults)));
            Ok::<(), std::convert::Infallible>(())
        };
        let Ok(()) = session.veto::<taps::FormValidate, _>(self, judge).await;
        for faults in found {
            match faults {
                Some(faults) => add(errors, self.form, faults),
                None => errors.add("", FAILED),
            }
        }
    }

    /// Tells all plugins but the form's owner that it is about to be taken.
    ///
    /// # Errors
    /// What the first says that refuses or fails.
    pub async fn announce(&mut self, session: &Session, owner: Option<&str>) -> Result<(), Errors> {
        if !session.has::<taps::FormSubmit>() {
            return Ok(());
        }
        let registry = session.registry().clone();
        for plugin in registry.implementors(taps::FormSubmit::SLOT) {
            if owner == Some(plugin.manifest.name.as_str()) {
                continue;
            }
            match session.call::<taps::FormSubmit>(plugin, self).await {
                Ok((Ok(_),)) => {}
                Ok((Err(refusal),)) => return Err(refused(self.form, refusal)),
                Err(_) => return Err(Errors::of("", FAILED)),
            }
        }
        Ok(())
    }

    /// Lets the form's owner act.
    ///
    /// # Errors
    /// What the owner says, or that it failed.
    pub async fn act(
        &mut self,
        session: &Session,
        owner: &Arc<Plugin>,
    ) -> Result<crate::wit::forms::Outcome, Errors> {
        match session.call::<taps::FormSubmit>(owner, self).await {
            Ok((Ok(outcome),)) => Ok(outcome),
            Ok((Err(refusal),)) => Err(refused(self.form, refusal)),
            Err(_) => Err(Errors::of("", FAILED)),
        }
    }
}

macro_rules! asked_with_submission {
    ($($tap:ident),*) => {
        $(impl Input<Services, taps::$tap> for Asking<'_> {
            fn enter(&mut self, scope: &mut Scope) -> <taps::$tap as Tap>::Params {
                self.lend(scope);
                (self.submission(),)
            }

            fn leave(&mut self, scope: &mut Scope, _: bool) {
                self.take_back(scope);
            }
        })*
    };
}

asked_with_submission!(FormValidate, FormSubmit);

fn refused(form: &Form, refusal: types::Error) -> Errors {
    let mut errors = Errors::default();
    match refusal {
        types::Error::Invalid(faults) if !faults.is_empty() => add(&mut errors, form, faults),
        other => errors.add("", other.in_words()),
    }
    errors
}

/// A path that leads to no element is told of the form as a whole.
fn add(errors: &mut Errors, form: &Form, faults: Vec<types::FieldError>) {
    for fault in faults {
        let known = press::at(form, &fault.path).is_some();
        errors.add(if known { fault.path } else { String::new() }, fault.message);
    }
}
