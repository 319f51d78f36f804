//! The log of one test.
//!
//! One subscriber serves the process; each event goes to the log that is installed on its thread, which is that of
//! the test whose runtime the thread belongs to.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use trovato::recent::Recent;
use trovato::time::Clock;

use crate::app::BEGIN;

thread_local! {
    static HERE: RefCell<Option<Log>> = const { RefCell::new(None) };
}

/// What was logged. Clones are the same log.
#[derive(Clone)]
pub(crate) struct Log {
    lines: Arc<Mutex<Vec<Line>>>,
    /// What the site itself shows of it.
    recent: Recent,
}

struct Line {
    level: Level,
    message: String,
    /// The message, then the fields as ` name=value`.
    text: String,
    /// Whether a test has asked for it.
    expected: bool,
}

impl Log {
    /// A log that takes what this thread says from now on.
    pub fn capture() -> Self {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| tracing::subscriber::set_global_default(ToTheTest).unwrap());
        let log = Self {
            lines: Arc::default(),
            recent: Recent::new(Clock::fixed(BEGIN)),
        };
        log.install();
        log
    }

    /// The warnings and errors that the site itself shows.
    pub fn recent(&self) -> Recent {
        self.recent.clone()
    }

    /// Takes what this thread says.
    pub fn install(&self) {
        HERE.set(Some(self.clone()));
    }

    /// Whether a line has the text. Lines that have it are expected from now on, and so are those whose message they
    /// repeat: the host tells of a panic in the words that the guest has logged.
    pub fn expect(&self, text: &str) -> bool {
        let mut lines = self.lines.lock().unwrap();
        let found: Vec<String> = lines
            .iter()
            .filter(|line| line.text.contains(text))
            .map(|line| line.text.clone())
            .collect();
        for line in lines
            .iter_mut()
            .filter(|line| found.iter().any(|found| found.contains(&line.message)))
        {
            line.expected = true;
        }
        !found.is_empty()
    }

    /// How many lines have the text.
    pub fn count(&self, text: &str) -> usize {
        self.lines
            .lock()
            .unwrap()
            .iter()
            .filter(|line| line.text.contains(text))
            .count()
    }

    /// Everything, a line each.
    pub fn text(&self) -> String {
        let lines = self.lines.lock().unwrap();
        lines.iter().fold(String::new(), |text, line| {
            text + &format!("{:5} {}\n", line.level, line.text)
        })
    }

    /// Ends the test.
    pub fn finish(&self) {
        HERE.set(None);
        let lines = self.lines.lock().unwrap();
        let unexpected = lines
            .iter()
            .find(|line| line.level == Level::ERROR && !line.expected);
        let unexpected = unexpected.map(|line| line.text.clone());
        drop(lines);
        if let Some(text) = unexpected {
            panic!(
                "an error was logged that the test did not expect: {text}\nThe log:\n{}",
                self.text()
            );
        }
    }
}

struct ToTheTest;

impl Subscriber for ToTheTest {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with("trovato") && *metadata.level() <= Level::DEBUG
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut words = Words::default();
        event.record(&mut words);
        let text = format!("{}{}", words.message, words.fields);
        let line = Line {
            level: *event.metadata().level(),
            message: words.message,
            text,
            expected: false,
        };
        // A thread that winds down has no log any more.
        let _ = HERE.try_with(|here| {
            if let Some(log) = &*here.borrow() {
                log.lines.lock().unwrap().push(line);
                log.recent.note(event);
            }
        });
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => write!(self.message, "{value:?}").unwrap(),
            name => write!(self.fields, " {name}={value:?}").unwrap(),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.fields, " {}={value}", field.name()).unwrap();
    }
}
