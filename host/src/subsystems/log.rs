//! The plugins' messages in the site's log.

use super::{Interface, Linked, Subsystem, View};
use crate::wit;
use crate::wit::log::Level;
use crate::wit::types::NamedText;

/// Messages of one call.
const MESSAGES: u32 = 100;
/// Bytes of one message with its fields.
const LENGTH: usize = 8 << 10;

/// Writes what plugins say.
#[derive(Clone, Copy, Debug)]
pub struct Log;

/// How much a guest has said in one call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Logged {
    messages: u32,
}

impl Subsystem for Log {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::open("log", |linker| {
            wit::log::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())
        })]
    }
}

impl wit::log::Host for View<'_, Log> {
    fn write(&mut self, level: Level, message: String, fields: Vec<NamedText>) {
        let call = &mut *self.call;
        let text = one_line(&message, &fields);
        if level == Level::Error {
            call.last_words = Some(text.clone());
        }
        let logged = &mut call.scope.logged;
        logged.messages += 1;
        let plugin = call.plugin.name.as_str();
        let (tap, request) = (call.tap, call.session.request().id);
        if logged.messages > MESSAGES {
            if logged.messages == MESSAGES + 1 {
                tracing::warn!(
                    plugin.name = plugin,
                    plugin.tap = tap,
                    request.id = %request,
                    "plugin '{plugin}' logs more than {MESSAGES} messages in one call; the rest are dropped",
                );
            }
            return;
        }
        match level {
            Level::Debug => {
                tracing::debug!(plugin.name = plugin, plugin.tap = tap, request.id = %request, "{text}")
            }
            Level::Info => {
                tracing::info!(plugin.name = plugin, plugin.tap = tap, request.id = %request, "{text}")
            }
            Level::Warning => {
                tracing::warn!(plugin.name = plugin, plugin.tap = tap, request.id = %request, "{text}");
            }
            Level::Error => {
                tracing::error!(plugin.name = plugin, plugin.tap = tap, request.id = %request, "{text}")
            }
        }
    }
}

/// The message and its fields without control characters, so that a plugin can't forge lines of the log.
fn one_line(message: &str, fields: &[NamedText]) -> String {
    let mut text: String = message.to_owned();
    for field in fields {
        text.push_str("; ");
        text.push_str(&field.name);
        text.push('=');
        text.push_str(&field.value);
        if text.len() > LENGTH {
            break;
        }
    }
    if text.len() > LENGTH {
        let end = (0..=LENGTH)
            .rev()
            .find(|end| text.is_char_boundary(*end))
            .unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text.replace(|char: char| char.is_control(), " ")
}
