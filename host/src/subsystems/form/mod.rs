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
mod builds;
mod coerce;
mod convert;
mod drawn;
mod errors;
mod handler;
mod host;
mod input;
mod kept;
mod model;
mod notes;
mod pipeline;
mod plugin_form;
mod press;
mod reference;
mod settings;
mod shared;
mod single;
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
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use super::format::Formats;
use super::random::Random;
use super::secret::Secrets;
use super::theme::Themes;
use super::{Interface, Linked, Subsystem};
use crate::db::Db;
use crate::redis::Redis;
use crate::time::{Clock, Ids, Timestamp};
use crate::wit;
use builds::Builds;

pub use asking::Desk;
pub use coerce::{compile, is_email, is_url};
pub use drawn::{fields, take};
pub use errors::{Errors, Fault};
pub use handler::{Handler, Outcome, Redirect};
pub use input::Input;
pub use model::{Aid, Button, Choice, Does, Element, FileRules, Form, GroupRules, Kind, Rules, Style};
pub use pipeline::{Answered, Asked, answer, answer_within, ask, embed, keep_private};
pub use plugin_form::{FORM, PluginForm};
pub use settings::PluginSettings;
pub use single::element_of;
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
    builds: Builds,
    clock: Clock,
    ids: Ids,
    random: Arc<Random>,
    secrets: Arc<Secrets>,
    themes: Arc<Themes>,
    formats: Arc<Formats>,
    /// Where uploaded files are until somebody has taken them.
    uploads: PathBuf,
    /// Bytes of the files there, as far as is known.
    kept_bytes: AtomicU64,
    pruned: AtomicI64,
}

/// The services that forms use.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// What nodes share and may lose.
    pub redis: Option<Redis>,
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
    /// Text formats, for the editor.
    pub formats: Arc<Formats>,
    /// The folder of uploads.
    pub uploads: PathBuf,
}

impl Forms {
    /// Forms over these services.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            ids: parts.ids,
            random: parts.random,
            secrets: parts.secrets,
            themes: parts.themes,
            formats: parts.formats,
            kept_bytes: AtomicU64::new(kept::sweep(&parts.uploads, parts.clock.now())),
            builds: Builds::new(parts.db, parts.redis, parts.clock.clone()),
            clock: parts.clock,
            uploads: parts.uploads,
            pruned: AtomicI64::new(0),
        }
    }

    /// A key for a browser that has none.
    fn fresh_key(&self) -> Result<String, getrandom::Error> {
        let mut key = [0; 24];
        self.random.fill(&mut key)?;
        Ok(BASE64.encode(key))
    }

    /// Whether a form that was built with this identifier has been open for too long.
    fn is_expired(&self, build: uuid::Uuid) -> bool {
        self.clock.now().since(made_at(build)) > AGE
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
        if !mine {
            return;
        }
        if let Err(error) = self.builds.prune(now).await {
            tracing::warn!("forms that have expired can't be removed: {error}");
        }
        let folder = self.uploads.clone();
        // A panic there is told where it happens.
        if let Ok(left) = tokio::task::spawn_blocking(move || kept::sweep(&folder, now)).await {
            self.kept_bytes.store(left, Ordering::Relaxed);
        }
    }
}

/// When an identifier was made.
fn made_at(id: uuid::Uuid) -> Timestamp {
    let made = id.get_timestamp().map_or(0, |made| {
        let (seconds, nanos) = made.to_unix();
        i64::try_from(seconds).unwrap_or(0) * 1000 + i64::from(nanos / 1_000_000)
    });
    Timestamp(made)
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
