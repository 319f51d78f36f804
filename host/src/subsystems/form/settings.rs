//! The form of a plugin's settings, made of what its manifest declares.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Element, Errors, Form, Handler, Outcome, State, Value, Values};
use crate::kernel::{Manifest, Setting, SettingType};
use crate::subsystems::{Session, variable};
use crate::web::Error;
use crate::wit::types::FieldValue;

const SAVE: &str = "save";
const RESET: &str = "reset";

/// The form of a plugin's settings. Whoever shows it has checked who may.
pub struct PluginSettings {
    id: String,
    manifest: Arc<Manifest>,
    back: String,
}

impl PluginSettings {
    /// The settings of the plugin of this manifest; afterwards it goes on at `back`, a path of this site.
    #[must_use]
    pub fn new(manifest: Arc<Manifest>, back: impl Into<String>) -> Self {
        Self {
            id: format!("plugin-settings-{}", manifest.name),
            manifest,
            back: back.into(),
        }
    }

    /// Whether the plugin has any.
    #[must_use]
    pub fn has_any(&self) -> bool {
        !self.manifest.config.is_empty()
    }

    /// What the answers are as settings; what a setting does not take is among the errors.
    fn read(&self, values: &Values, errors: &mut Errors) -> Vec<(&str, Json)> {
        let mut read = Vec::new();
        for (name, setting) in &self.manifest.config {
            let field = field_name(name);
            match value_of(setting, values, &field) {
                Some(value) => match variable::check(name, setting, &value) {
                    Ok(json) => read.push((name.as_str(), json)),
                    Err(message) => errors.add(field, format!("{}: {message}.", title(name, setting))),
                },
                None => errors.add(field, format!("{} is required.", title(name, setting))),
            }
        }
        read
    }
}

impl Handler for PluginSettings {
    fn id(&self) -> &str {
        &self.id
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let variables = &cx.services().variables;
        let mut form = Form::new(format!("Settings of {}", self.manifest.name));
        for (name, setting) in &self.manifest.config {
            let current = variables
                .of_plugin(&self.manifest, name)
                .map_err(|_| Error::NotFound)?;
            form = form.with(element(name, setting, &current));
        }
        Ok(form.with(
            Element::actions()
                .with(Element::submit(SAVE, "Save settings"))
                .with(Element::submit(RESET, "Reset to defaults").quiet().unchecked()),
        ))
    }

    async fn validate(&self, _: &Session, values: &Values, errors: &mut Errors) -> Result<(), Error> {
        // What the elements have found wrong is told once.
        if errors.is_empty() {
            self.read(values, errors);
        }
        Ok(())
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let variables = &cx.services().variables;
        let plugin = self.manifest.name.as_str();
        if values.button == RESET {
            for name in self.manifest.config.keys() {
                if variables.stored(plugin, name).is_some() {
                    variables.store(plugin, name, None).await?;
                    variable::announce(cx, plugin, name).await;
                }
            }
            return Ok(Outcome::redirect(&self.back).message("The settings are back to their defaults."));
        }
        for (name, json) in self.read(&values, &mut Errors::default()) {
            let known = variables.stored(plugin, name).or_else(|| self.default(name));
            if known.as_ref() != Some(&json) {
                variables.store(plugin, name, Some(json)).await?;
                variable::announce(cx, plugin, name).await;
            }
        }
        Ok(Outcome::redirect(&self.back).message("The settings are saved."))
    }
}

impl PluginSettings {
    fn default(&self, name: &str) -> Option<Json> {
        serde_json::to_value(&self.manifest.config.get(name)?.default).ok()
    }
}

/// The element of a setting: names of settings may have dashes, and none may be that of a button.
fn field_name(setting: &str) -> String {
    format!("setting_{}", setting.replace('-', "_").to_lowercase())
}

fn title(name: &str, setting: &Setting) -> String {
    if !setting.title.is_empty() {
        return setting.title.clone();
    }
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn element(name: &str, setting: &Setting, current: &FieldValue) -> Element {
    let (field, title) = (field_name(name), title(name, setting));
    let (mut element, value) = match (setting.kind, current) {
        (SettingType::Boolean, FieldValue::Boolean(value)) => {
            (Element::checkbox(field, title), Value::Flag(*value))
        }
        (SettingType::Integer, FieldValue::Integer(value)) => {
            (Element::number(field, title).required(), Value::Integer(*value))
        }
        (SettingType::Number, FieldValue::Floating(value)) => (
            Element::decimal(field, title).required(),
            Value::Decimal(value.to_string()),
        ),
        (SettingType::Choice, FieldValue::Text(value)) => {
            let choices = setting
                .choices
                .iter()
                .map(|choice| (choice.clone(), choice.clone()));
            let element = Element::select(field, title).required().choices(choices);
            (element, Value::Text(value.clone()))
        }
        (_, FieldValue::Text(value)) if value.contains('\n') => {
            (Element::textarea(field, title), Value::Text(value.clone()))
        }
        (_, FieldValue::Text(value)) => (
            Element::text(field, title).max_length(10_000),
            Value::Text(value.clone()),
        ),
        // A default that is not of its setting's kind is refused with the manifest.
        _ => (Element::text(field, title), Value::Empty),
    };
    element.rules.min = setting.minimum;
    element.rules.max = setting.maximum;
    element.help(setting.description.as_str()).default(value)
}

fn value_of(setting: &Setting, values: &Values, field: &str) -> Option<FieldValue> {
    match setting.kind {
        SettingType::Boolean => Some(FieldValue::Boolean(values.flag(field))),
        SettingType::Integer => values.integer(field).map(FieldValue::Integer),
        SettingType::Number => values.number(field).map(FieldValue::Floating),
        SettingType::Text | SettingType::Choice => Some(FieldValue::Text(values.text(field).to_owned())),
    }
}
