//! Forms: built as data, shown by templates, and taken back only from the browser that they were shown to.
//!
//! A page with a form is a [`Handler`] and one route for GET and POST:
//!
//! ```ignore
//! async fn profile(session: Cx, submission: Submission) -> Result<Response, Error> {
//!     form::answer(&session, &Profile::of(&session)?, submission).await
//! }
//! ```
//!
//! What is sent goes through the same steps each time: the token, the answers as Rust's types with all that is wrong
//! with them, the handler's own checks, and only then the handler. Nothing here knows what a form is for.

mod alter;
mod asking;
mod binding;
mod body;
mod bounds;
mod build;
mod coerce;
mod convert;
mod drawn;
mod errors;
mod handler;
mod host;
mod input;
mod model;
mod notes;
mod pipeline;
mod plugin_form;
mod press;
mod reference;
mod settings;
mod soundness;
mod state;
mod store;
mod submission;
mod ticket;
mod upload;
mod value;
mod view;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use super::random::Random;
use super::secret::Secrets;
use super::theme::Themes;
use super::{Interface, Linked, Subsystem};
use crate::db::Db;
use crate::time::{Clock, Ids, Timestamp};
use crate::wit;

pub use asking::Desk;
pub use coerce::{is_email, is_url};
pub use drawn::{fields, take};
pub use errors::{Errors, Fault};
pub use handler::{Handler, Outcome, Redirect};
pub use input::Input;
pub use model::{Button, Choice, Does, Element, FileRules, Form, GroupRules, Kind, Rules, Style};
pub use pipeline::{Answered, Asked, answer, answer_within, ask, embed, keep_private};
pub use plugin_form::{FORM, PluginForm};
pub use settings::PluginSettings;
pub use state::State;
pub use submission::{Part, Submission};
pub use upload::Upload;
pub use value::{Value, Values};

/// How long a form may be open, and what is remembered of it is kept.
pub const AGE: Duration = Duration::from_secs(6 * 60 * 60);
/// How often what has expired is removed.
const PRUNE: Duration = Duration::from_secs(10 * 60);

/// What forms need.
pub struct Forms {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Arc<Random>,
    secrets: Arc<Secrets>,
    themes: Arc<Themes>,
    /// Where uploaded files are until somebody has taken them.
    uploads: PathBuf,
    pruned: AtomicI64,
}

/// The services that forms use.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Where identifiers come from.
    pub ids: Ids,
    /// Randomness.
    pub random: Arc<Random>,
    /// Signatures.
    pub secrets: Arc<Secrets>,
    /// Templates.
    pub themes: Arc<Themes>,
    /// The folder of uploads.
    pub uploads: PathBuf,
}

impl Forms {
    /// Forms over these services.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let forms = Self {
            db: parts.db,
            clock: parts.clock,
            ids: parts.ids,
            random: parts.random,
            secrets: parts.secrets,
            themes: parts.themes,
            uploads: parts.uploads,
            pruned: AtomicI64::new(0),
        };
        forms.sweep();
        forms
    }

    /// A key for a browser that has none.
    fn fresh_key(&self) -> Result<String, getrandom::Error> {
        let mut key = [0; 24];
        self.random.fill(&mut key)?;
        Ok(BASE64.encode(key))
    }

    /// Whether a form that was built with this identifier has been open for too long.
    fn is_expired(&self, build: uuid::Uuid) -> bool {
        let made = build.get_timestamp().map_or(0, |made| {
            let (seconds, nanos) = made.to_unix();
            i64::try_from(seconds).unwrap_or(0) * 1000 + i64::from(nanos / 1_000_000)
        });
        self.clock.now().since(Timestamp(made)) > AGE
    }

    /// Removes what has expired, now and then.
    async fn prune(&self) {
        let now = self.clock.now();
        let before = self.pruned.load(Ordering::Relaxed);
        let due = now.since(Timestamp(before)) >= PRUNE;
        let mine = due
            && self
                .pruned
                .compare_exchange(before, now.as_millis(), Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if mine && let Err(error) = store::prune(&self.db, now).await {
            tracing::warn!("forms that have expired can't be removed: {error}");
        }
    }

    /// Removes uploads that nobody can hold any more: those of a program that was killed. Their names are
    /// identifiers, which tell when they were made.
    fn sweep(&self) {
        for entry in std::fs::read_dir(&self.uploads).into_iter().flatten().flatten() {
            let made = entry
                .file_name()
                .to_str()
                .and_then(|name| uuid::Uuid::parse_str(name).ok());
            if made.is_some_and(|made| self.is_expired(made)) {
                // Another node may have been faster.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

impl Subsystem for Forms {
    fn interfaces() -> Vec<Interface> {
        vec![
            Interface::open("form-state", |linker| {
                wit::form_state::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())
            }),
            Interface::open("messages", |linker| {
                wit::messages::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())
            }),
        ]
    }
}
