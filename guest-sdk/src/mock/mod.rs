//! A kernel that is made up, for unit tests of functions that call the host. Outside a component only.
//!
//! It answers what a test has told it: settings, the request, who asks, items. It writes down what the plugin says: to
//! the log, to whoever asks, by mail. It knows nothing of manifests, of access and of content types, and it has no
//! tables: what depends on these is tested on a site, by `trovato-sdk-test`, which also offers this kernel by the name
//! of `MockKernel`.
//!
//! ```
//! use trovato_sdk::mock::Kernel;
//! use trovato_sdk::prelude::*;
//!
//! fn greeting() -> Result<String> {
//!     let greeting: String = variables::get("greeting")?;
//!     log::info!("somebody is greeted");
//!     Ok(format!("{greeting}, {}", users::current().name))
//! }
//!
//! let kernel = Kernel::start();
//! kernel.setting("greeting", "Hello");
//! kernel.signed_in("Ada", &["access content"]);
//! assert_eq!(greeting().unwrap(), "Hello, Ada");
//! assert_eq!(kernel.log(), ["info: somebody is greeted"]);
//! ```

pub(crate) mod interfaces;
mod item;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

pub use item::Item;
pub(crate) use item::Record;

use crate::value::{FieldValue, NOBODY};
use crate::wit::forms::{Answer, Submission};
use crate::wit::mail::Message;

thread_local! {
    static KERNEL: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// 2023-11-14T22:13:20Z.
const BEGIN: i64 = 1_700_000_000_000;

/// What a kernel was told, and what it was told by the plugin.
pub(crate) struct State {
    settings: BTreeMap<String, (FieldValue, Option<FieldValue>)>,
    path: String,
    query: Vec<(String, String)>,
    notes: BTreeMap<String, String>,
    user: (String, String),
    permissions: BTreeSet<String>,
    cache: BTreeMap<(String, String), (Vec<u8>, Vec<String>)>,
    counted: BTreeMap<String, u32>,
    form: BTreeMap<String, String>,
    subject: Option<Record>,
    now: i64,
    random: u64,
    items: BTreeMap<u32, Record>,
    keys: Vec<String>,
    stored: BTreeMap<String, Record>,
    log: Vec<String>,
    messages: Vec<String>,
    mail: Vec<(String, Message)>,
    #[expect(clippy::type_complexity, reason = "it is named nowhere else")]
    plugins: BTreeMap<String, Box<dyn Fn(&str, &str) -> Result<String, crate::Error>>>,
}

/// A kernel that is made up. It serves the thread that has started it until it is dropped.
#[must_use = "it is gone when it is dropped"]
pub struct Kernel(PhantomData<*const ()>);

/// # Panics
/// There is no kernel on this thread.
#[track_caller]
#[expect(clippy::panic, reason = "this is how tests fail")]
pub(crate) fn with<R>(what: &str, run: impl FnOnce(&mut State) -> R) -> R {
    KERNEL.with_borrow_mut(|kernel| match kernel {
        Some(state) => run(state),
        None => panic!(
            "`{what}` calls the host, and there is none in this test: begin it with `let kernel = Kernel::start();`, \
             or test it on a site"
        ),
    })
}

impl Kernel {
    /// Starts a kernel for this thread: a visitor asks for nothing in particular, at 2023-11-14T22:13:20Z.
    pub fn start() -> Self {
        let state = State {
            settings: BTreeMap::new(),
            path: String::new(),
            query: Vec::new(),
            notes: BTreeMap::new(),
            user: (NOBODY.to_owned(), "Anonymous".to_owned()),
            permissions: BTreeSet::new(),
            cache: BTreeMap::new(),
            counted: BTreeMap::new(),
            form: BTreeMap::new(),
            subject: None,
            now: BEGIN,
            random: 1,
            items: BTreeMap::new(),
            keys: Vec::new(),
            stored: BTreeMap::new(),
            log: Vec::new(),
            messages: Vec::new(),
            mail: Vec::new(),
            plugins: BTreeMap::new(),
        };
        KERNEL.set(Some(state));
        Self(PhantomData)
    }

    /// Declares a setting with its default.
    pub fn setting(&self, name: &str, default: impl Into<FieldValue>) {
        let default = default.into();
        with("setting", |state| {
            state.settings.insert(name.to_owned(), (default, None))
        });
    }

    /// Sets the path that is asked for.
    pub fn path(&self, path: &str) {
        with("path", |state| path.clone_into(&mut state.path));
    }

    /// Adds a parameter to the query.
    pub fn query(&self, name: &str, value: &str) {
        with("query", |state| {
            state.query.push((name.to_owned(), value.to_owned()))
        });
    }

    /// Lets somebody ask who has signed in and may do this.
    pub fn signed_in(&self, name: &str, permissions: &[&str]) {
        with("signed_in", |state| {
            state.user = ("018c0000-0000-7000-8000-000000000abc".to_owned(), name.to_owned());
            state.permissions = permissions
                .iter()
                .map(|&permission| permission.to_owned())
                .collect();
        });
    }

    /// Moves the clock on.
    pub fn wait(&self, time: std::time::Duration) {
        with("wait", |state| {
            state.now += i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        });
    }

    /// Lets the form at hand be about an item, as it is now.
    pub fn form_about(&self, item: &Item) {
        let record = item.record();
        with("form_about", |state| state.subject = Some(record));
    }

    /// Lets another plugin answer `invoke`: it is handed the function and the argument.
    pub fn plugin(&self, name: &str, answer: impl Fn(&str, &str) -> crate::Result<String> + 'static) {
        with("plugin", |state| {
            state.plugins.insert(name.to_owned(), Box::new(answer))
        });
    }

    /// An item as taps are handed it: published, without fields. It is stored.
    pub fn item(&self, item_type: &str, title: &str) -> Item {
        let item = Item::make(item_type, title);
        item.keep();
        item
    }

    /// What was logged: the level and the message, then the fields as ` name=value`.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        with("log", |state| state.log.clone())
    }

    /// What was said to whoever asks: the tone and the text.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        with("messages", |state| state.messages.clone())
    }

    /// What was sent by mail: the recipient (`site`, an account's identifier, or an address) and the subject.
    #[must_use]
    pub fn mail(&self) -> Vec<(String, String)> {
        with("mail", |state| {
            let sent = state.mail.iter();
            sent.map(|(to, message)| (to.clone(), message.subject.clone()))
                .collect()
        })
    }
}

/// A form as `form_validate` and `form_submit` are handed it: its full name, such as `contact.message`, and the answers
/// by the names of the elements.
#[must_use]
pub fn submission<V: Into<FieldValue>>(
    form: &str,
    answers: impl IntoIterator<Item = (&'static str, V)>,
) -> Submission {
    let answer = |(path, value): (&str, V)| Answer {
        path: path.to_owned(),
        values: vec![value.into()],
    };
    Submission {
        form: form.to_owned(),
        id: "018c0000-0000-7000-b000-000000000001".to_owned(),
        step: String::new(),
        button: String::new(),
        answers: answers.into_iter().map(answer).collect(),
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        KERNEL.set(None);
    }
}
