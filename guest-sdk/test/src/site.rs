//! A site for one test.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::pipe::{POSTGRES, Pipe, variable};
use crate::{Draft, Item};

/// A site with the plugin at work. It is gone when this is dropped.
pub struct Site {
    pipe: Mutex<Pipe>,
    /// Whether the test has read the log since the plugin was last asked for something.
    is_read: Mutex<bool>,
}

/// Who asks.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// The site itself, which may do anything; of a page, a visitor.
    #[default]
    Anybody,
    /// A visitor.
    Visitor,
    /// Somebody who has signed in, with these permissions.
    Somebody(Vec<String>),
    /// Somebody who may do anything.
    Administrator,
}

/// What came back for an address.
#[derive(Clone, Debug, Deserialize)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// The headers, by their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub text: String,
}

/// A warning or an error of the log.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Entry {
    /// Whether it is an error; else it is a warning.
    #[serde(rename = "error")]
    pub is_error: bool,
    /// What happened.
    pub message: String,
    /// The plugin that it is about; empty for the site itself.
    pub plugin: String,
}

/// Runs a test on a site with a SQLite file, and on one with a Postgres database where a server is named: `trovato
/// plugin test --on URL`.
///
/// # Panics
/// Fails the test if a site can't be started, or if the plugin has failed and the test has not read the log.
#[track_caller]
pub fn on_each_database(test: impl Fn(&Site)) {
    let sqlite = Site::start();
    test(&sqlite);
    sqlite.end();
    if let Some(server) = variable(POSTGRES) {
        let postgres = Site::start_on(Some(&server));
        test(&postgres);
        postgres.end();
    }
}

impl Site {
    /// Starts a site with a SQLite file.
    ///
    /// # Panics
    /// Fails the test if that does not work.
    #[track_caller]
    #[must_use]
    pub fn start() -> Self {
        Self::start_on(None)
    }

    #[track_caller]
    fn start_on(server: Option<&str>) -> Self {
        match Pipe::open(server) {
            Ok(pipe) => Self {
                pipe: Mutex::new(pipe),
                is_read: Mutex::new(false),
            },
            Err(why) => fail(&format!("there is no site for this test: {why}")),
        }
    }

    /// Puts another plugin to work: a stock one, or one that the site finds in its folder of plugins.
    ///
    /// # Panics
    /// Fails the test if that is refused.
    #[track_caller]
    pub fn enable(&self, plugin: &str) {
        self.must(&json!({ "do": "enable", "plugin": plugin }));
    }

    /// Stores a setting of the plugin.
    ///
    /// # Panics
    /// Fails the test if the plugin has no setting of that name.
    #[track_caller]
    pub fn set(&self, setting: &str, value: impl Into<Json>) {
        self.must(&json!({ "do": "set", "plugin": null, "name": setting, "value": value.into() }));
    }

    /// Begins an item, which is published.
    pub fn item(&self, item_type: &str, title: &str) -> Draft<'_> {
        Draft::new(self, item_type, title)
    }

    /// Begins a change of an item: what is not said stays.
    pub fn change(&self, item: &Item) -> Draft<'_> {
        Draft::of(self, item)
    }

    /// An item as it is stored now; none where there is none.
    #[track_caller]
    pub fn load(&self, item: &Item) -> Option<Item> {
        self.ask(&json!({ "do": "load", "id": item.id })).ok().map(read)
    }

    /// Removes an item.
    ///
    /// # Panics
    /// Fails the test if that is refused.
    #[track_caller]
    pub fn delete(&self, item: &Item) {
        self.must(&json!({ "do": "delete", "id": item.id }));
    }

    /// A page as a visitor gets it.
    #[track_caller]
    pub fn get(&self, path: &str) -> Page {
        self.get_as(Who::Visitor, path)
    }

    /// A page as somebody gets it.
    #[track_caller]
    pub fn get_as(&self, who: Who, path: &str) -> Page {
        read(self.must(&json!({ "do": "get", "path": path, "as": who })))
    }

    /// Calls the plugin's `invoke` tap.
    ///
    /// # Errors
    /// What the plugin answers instead, in words.
    #[track_caller]
    pub fn invoke(&self, function: &str, argument: &str) -> Result<String, String> {
        self.ask(&json!({ "do": "ask", "function": function, "argument": argument }))
            .map(read)
    }

    /// Moves the clock of the site on.
    #[track_caller]
    pub fn wait(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.must(&json!({ "do": "wait", "milliseconds": milliseconds }));
    }

    /// The warnings and errors since the last time that somebody asked. They are no surprise any more.
    #[track_caller]
    pub fn log(&self) -> Vec<Entry> {
        let entries = read(self.must(&json!({ "do": "log" })));
        *self.is_read.lock().unwrap_or_else(PoisonError::into_inner) = true;
        entries
    }

    /// The answer to an order, or why it is refused.
    #[track_caller]
    pub(crate) fn ask(&self, order: &Json) -> Result<Json, String> {
        *self.is_read.lock().unwrap_or_else(PoisonError::into_inner) = false;
        let answered = self
            .pipe
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .ask(order);
        match answered {
            Ok(answer) => answer,
            Err(broken) => fail(&broken),
        }
    }

    #[track_caller]
    fn must(&self, order: &Json) -> Json {
        match self.ask(order) {
            Ok(answer) => answer,
            Err(refusal) => fail(&format!(
                "{}: {refusal}",
                order["do"].as_str().unwrap_or_default()
            )),
        }
    }

    /// Fails the test if the plugin has failed and nobody has looked.
    #[track_caller]
    fn end(&self) {
        let surprise = self.log().into_iter().find(|entry| entry.is_error);
        if let Some(entry) = surprise {
            fail(&format!(
                "an error was logged that the test has not read: {}",
                entry.message
            ));
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let is_read = *self.is_read.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_read && !std::thread::panicking() {
            self.end();
        }
    }
}

/// An answer as what it is.
#[track_caller]
pub(crate) fn read<T: DeserializeOwned>(answer: Json) -> T {
    match serde_json::from_value(answer) {
        Ok(read) => read,
        Err(error) => fail(&format!("the site's answer can't be read: {error}")),
    }
}

/// Fails the test.
#[track_caller]
#[expect(clippy::panic, reason = "this is how tests fail")]
pub(crate) fn fail(why: &str) -> ! {
    panic!("{why}")
}
