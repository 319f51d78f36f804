//! A plugin's own form: the plugin builds it and acts on it, the host does everything between.

use std::sync::Arc;

use super::asking::Asking;
use super::convert::{Reading, answers_to_wit, typed_to_wit};
use super::{Form, Handler, Kind, Outcome, State, Values};
use crate::kernel::{Failure, Plain};
use crate::subsystems::{Plugin, Session};
use crate::taps;
use crate::web::Error;
use crate::wit::forms::{self as wit, FormRequest};
use crate::wit::types;

/// The parameter of a page's address that tells which of its forms was sent.
pub const FORM: &str = "_form";

/// One of a plugin's forms, on one of its pages.
pub struct PluginForm {
    plugin: Arc<Plugin>,
    name: String,
    id: String,
    page: String,
}

impl PluginForm {
    /// The form of this name, shown by the page at this path.
    #[must_use]
    pub fn new(plugin: Arc<Plugin>, name: &str, page: &str) -> Self {
        Self {
            id: format!("{}.{name}", plugin.manifest.name),
            name: name.to_owned(),
            page: page.to_owned(),
            plugin,
        }
    }

    fn request(&self, state: &State) -> FormRequest {
        let mut answers = answers_to_wit(&Form::new(""), &state.answers());
        if let Some(typed) = state.input() {
            let typed = typed_to_wit(typed);
            answers.retain(|answer| !typed.iter().any(|typed| typed.path == answer.path));
            answers.extend(typed);
        }
        FormRequest {
            form: self.name.clone(),
            step: state.step().to_owned(),
            answers,
        }
    }
}

impl Handler for PluginForm {
    fn id(&self) -> &str {
        &self.id
    }

    fn owner(&self) -> Option<&str> {
        Some(&self.plugin.manifest.name)
    }

    async fn build(&self, cx: &Session, state: &State) -> Result<Form, Error> {
        let name = &self.plugin.manifest.name;
        let mut input = Plain(|| (self.request(state),));
        let built = match cx.call::<taps::FormBuild>(&self.plugin, &mut input).await {
            Ok((built,)) => built.map_err(error_from)?,
            Err(Failure::Suspended) => {
                return Err(Error::Unavailable(format!("plugin '{name}' is suspended")));
            }
            Err(_) => return Err(Error::internal(format!("plugin '{name}' failed"))),
        };
        let reading = Reading {
            themes: &cx.services().themes,
            theme: &cx.request().theme,
            plugin: name,
        };
        let fault = |fault| Error::internal(format!("the form '{}' of plugin '{name}': {fault}", self.name));
        let mut form = reading.form(built).map_err(fault)?;
        if let Some(password) = form
            .all()
            .find(|element| matches!(element.kind, Kind::Password { .. }))
        {
            return Err(fault(format!(
                "the password '{}' would reach nobody",
                password.name
            )));
        }
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair(FORM, &self.name)
            .finish();
        form.action = Some(format!("{}?{query}", self.page));
        Ok(form)
    }

    async fn submit(&self, cx: &Session, values: Values, state: &mut State) -> Result<Outcome, Error> {
        let form = self.build(cx, state).await?;
        let mut asking = Asking {
            id: &self.id,
            build: state.submission(),
            form: &form,
            values: &values,
            state,
            acts: true,
            subject: None,
        };
        Ok(match asking.act(cx, &self.plugin).await {
            Ok(wit::Outcome::Done) => Outcome::redirect(self.page.as_str()),
            Ok(wit::Outcome::Redirect(path)) => Outcome::redirect(path),
            Ok(wit::Outcome::Next(step)) => Outcome::Next(step),
            Ok(wit::Outcome::Again) => Outcome::Again,
            Err(errors) => Outcome::Invalid(errors),
        })
    }
}

fn error_from(error: types::Error) -> Error {
    match error {
        types::Error::NotFound => Error::NotFound,
        types::Error::Denied(_) => Error::Denied,
        types::Error::Invalid(_) | types::Error::Limit(_) => Error::Bad(error.in_words()),
        types::Error::Unavailable(reason) => Error::Unavailable(reason),
        types::Error::Conflict(reason) | types::Error::Other(reason) => Error::internal(reason),
    }
}
