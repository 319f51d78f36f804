//! The latest warnings and errors of this process, for those who run the site. A leaf: it knows the log's events and
//! nothing of who shows them.

use std::collections::VecDeque;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::time::{Clock, Timestamp};

/// Entries that are kept; the oldest make room.
const KEPT: usize = 500;
/// Bytes of a message or of the fields of an entry.
const LONG: usize = 4 * 1024;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Whether it is an error; else it is a warning.
    pub is_error: bool,
    /// What happened.
    pub message: String,
    /// The plugin that it is about; empty for the site itself.
    pub plugin: String,
    /// The request that it happened in; empty for none.
    pub request: String,
    /// The other fields, as `name=value`.
    pub fields: String,
}

/// The latest warnings and errors. Clones are the same list.
#[derive(Clone, Debug)]
pub struct Recent {
    clock: Clock,
    entries: Arc<Mutex<VecDeque<Entry>>>,
}

impl Recent {
    /// An empty list.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            entries: Arc::default(),
        }
    }

    /// The list of the process, which the log writes to.
    #[must_use]
    pub fn of_process() -> Self {
        static OF_PROCESS: LazyLock<Recent> = LazyLock::new(|| Recent::new(Clock::system()));
        OF_PROCESS.clone()
    }

    /// The entries, the latest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().rev().cloned().collect()
    }

    /// Takes up an event, if it is a warning or an error.
    pub fn note(&self, event: &Event<'_>) {
        let level = *event.metadata().level();
        if level > Level::WARN {
            return;
        }
        let mut words = Words(Entry {
            at: self.clock.now(),
            is_error: level == Level::ERROR,
            message: String::new(),
            plugin: String::new(),
            request: String::new(),
            fields: String::new(),
        });
        event.record(&mut words);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= KEPT {
            entries.pop_front();
        }
        entries.push_back(words.0);
    }
}

impl<S: Subscriber> Layer<S> for Recent {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        self.note(event);
    }
}

struct Words(Entry);

impl Words {
    fn take(&mut self, name: &str, value: &dyn Debug) {
        let place = match name {
            "message" => &mut self.0.message,
            "plugin.name" => &mut self.0.plugin,
            "request.id" => &mut self.0.request,
            _ => {
                let space = if self.0.fields.is_empty() { "" } else { " " };
                push(&mut self.0.fields, &format_args!("{space}{name}={value:?}"));
                return;
            }
        };
        push(place, value);
    }
}

/// Writes as much of a value as there is room for.
fn push(text: &mut String, value: &dyn Debug) {
    // Writing to a text does not fail.
    let _ = write!(text, "{value:?}");
    let end = (0..=LONG.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or_default());
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.take(field.name(), value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field.name(), &format_args!("{value}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.take(field.name(), &format_args!("{value}"));
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[test]
    fn warnings_and_errors_are_kept_with_what_they_are_about_and_the_oldest_make_room() {
        let recent = Recent::new(Clock::fixed(Timestamp(7)));
        let subscriber = tracing_subscriber::registry().with(recent.clone());
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!("not this");
            tracing::warn!(plugin.name = "blog", tap = "page", "it is {}", "slow");
            for number in 0..KEPT {
                tracing::error!(request.id = %number, "it broke");
            }
        });
        let entries = recent.entries();
        assert_eq!(entries.len(), KEPT);
        assert_eq!(entries.first().map(|entry| entry.request.as_str()), Some("499"));
        assert!(
            entries
                .iter()
                .all(|entry| entry.is_error && entry.at == Timestamp(7))
        );
    }

    #[test]
    fn an_entry_names_its_plugin_and_long_ones_are_cut() {
        let recent = Recent::new(Clock::fixed(Timestamp(0)));
        let subscriber = tracing_subscriber::registry().with(recent.clone());
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(plugin.name = "blog", tap = %"page", "{}", "é".repeat(LONG));
        });
        let entry = recent.entries().remove(0);
        assert_eq!(
            (entry.plugin.as_str(), entry.fields.as_str()),
            ("blog", "tap=page")
        );
        assert!(entry.message.len() <= LONG && entry.message.starts_with('é'));
    }
}
