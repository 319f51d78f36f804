//! The plugins' messages in the site's log.

use super::{Interface, Linked, Services, Subsystem, View};
use crate::kernel;
use crate::wit;
use crate::wit::log::Level;
use crate::wit::types::NamedText;

type Call = kernel::Call<Services>;

/// Messages of one call.
const MESSAGES: u32 = 100;
/// Bytes of one message with its fields.
const LENGTH: usize = 8 << 10;

/// Writes what plugins say.
#[derive(Clone, Copy, Debug)]
pub struct Log;

/// What a guest has said in one call.
#[derive(Clone, Debug, Default)]
pub struct Logged {
    messages: u32,
    /// Why it panics. It is told with the failure that follows, and by itself only if none does.
    panic: Option<String>,
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
        let text = one_line(&message, &fields);
        if level != Level::Error {
            return say(self.call, level, &text);
        }
        if is_panic(&text) {
            return panics(self.call, text);
        }
        say(self.call, level, &text);
        self.call.last_words = Some(text);
    }
}

fn is_panic(text: &str) -> bool {
    text.starts_with("panicked at ") || text.starts_with("panicked: ")
}

/// Takes the message of a panic, or more of it.
pub(super) fn panics(call: &mut Call, text: String) {
    match &mut call.scope.logged.panic {
        Some(known) if known.len() + text.len() < LENGTH => {
            known.push(' ');
            known.push_str(&text);
        }
        Some(_) => {}
        none => *none = Some(text),
    }
    call.last_words.clone_from(&call.scope.logged.panic);
}

/// Whether the guest has said why it panics.
pub(super) fn has_panicked(call: &Call) -> bool {
    call.scope.logged.panic.is_some()
}

/// Writes what is left when a call has ended.
pub(super) fn settle(call: &mut Call, well: bool) {
    if let Some(panic) = call.scope.logged.panic.take().filter(|_| well) {
        say(call, Level::Error, &panic);
    }
    call.last_words = None;
    call.scope.logged = Logged::default();
}

/// Writes a line, with the plugin's name, unless there were too many in this call.
pub(super) fn say(call: &mut Call, level: Level, text: &str) {
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

/// The message and its fields without control characters, so that a plugin can't forge lines of the log.
pub(super) fn one_line(message: &str, fields: &[NamedText]) -> String {
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
