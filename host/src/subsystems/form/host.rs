//! What plugins may remember of a form, and say to whoever sends it.

use serde_json::Value as Json;

use super::Forms;
use super::asking::key;
use crate::request;
use crate::subsystems::View;
use crate::wit::types::Error;
use crate::wit::{form_state, messages};

/// Bytes of a key, and of a text.
const KEY: usize = 128;
const TEXT: usize = 64 * 1024;

impl form_state::Host for View<'_, Forms> {
    fn get(&mut self, name: String) -> Option<String> {
        let key = key(&self.call.plugin.name, &name);
        match self.call.scope.form.kept.get(&key) {
            Some(Json::String(text)) => Some(text.clone()),
            _ => None,
        }
    }

    fn set(&mut self, name: String, value: String) -> Result<(), Error> {
        if name.len() > KEY {
            return Err(Error::Limit(format!(
                "a key of a form's state has at most {KEY} bytes"
            )));
        }
        if value.len() > TEXT {
            return Err(Error::Limit(format!(
                "a text of a form's state has at most {TEXT} bytes"
            )));
        }
        let key = key(&self.call.plugin.name, &name);
        let desk = &mut self.call.scope.form;
        if !desk.is_open {
            return Err(Error::Other("no form is being submitted".to_owned()));
        }
        desk.kept.insert(key, Json::String(value));
        Ok(())
    }
}

impl messages::Host for View<'_, Forms> {
    fn say(&mut self, tone: messages::Tone, text: String) {
        let tone = match tone {
            messages::Tone::Status => request::Tone::Status,
            messages::Tone::Warning => request::Tone::Warning,
            messages::Tone::Error => request::Tone::Error,
        };
        self.session().request().messages.say(tone, &text);
    }
}
