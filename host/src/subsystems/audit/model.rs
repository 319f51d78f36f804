//! What the audit knows of an event.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::time::Timestamp;

/// Something that happened, before it is recorded.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(super) action: &'static str,
    pub(super) actor: Option<(Uuid, String)>,
    pub(super) subject_type: &'static str,
    pub(super) subject_id: String,
    pub(super) subject: String,
    pub(super) details: Json,
}

impl Entry {
    /// An action, such as `user.block`, on nothing in particular.
    #[must_use]
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            actor: None,
            subject_type: "",
            subject_id: String::new(),
            subject: String::new(),
            details: Json::Object(serde_json::Map::new()),
        }
    }

    /// What it was done to: the kind of record, its identifier, and what people call it.
    #[must_use]
    pub fn on(mut self, kind: &'static str, id: impl ToString, name: impl Into<String>) -> Self {
        self.subject_type = kind;
        self.subject_id = id.to_string();
        self.subject = name.into();
        self
    }

    /// Who did it, where that is not whoever asks: somebody who is just signing in.
    #[must_use]
    pub fn by(mut self, id: Uuid, name: impl Into<String>) -> Self {
        self.actor = Some((id, name.into()));
        self
    }

    /// More to know, never a secret.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        if let Json::Object(details) = &mut self.details {
            details.insert(name.to_owned(), value.into());
        }
        self
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Record {
    /// The identifier of the record.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// What was done, such as `user.block`.
    pub action: String,
    /// Who did it; nil for visitors and for the site itself.
    pub actor_id: Uuid,
    /// What they were called then.
    pub actor: String,
    /// The kind of what it was done to; empty for nothing in particular.
    pub subject_type: String,
    /// Its identifier.
    pub subject_id: String,
    /// What it was called then.
    pub subject: String,
    /// The address that the request came from; empty for work without a visitor.
    pub address: String,
    /// More to know.
    pub details: Json,
}

/// Which records are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Actions that are this or begin with it and a dot: `user` for all that was done to accounts.
    pub action: Option<String>,
    /// This action and no other.
    pub exactly: Option<String>,
    /// Text in who did it, what it was done to, or the address.
    pub text: Option<String>,
    /// What this user did.
    pub actor: Option<Uuid>,
    /// What was done to this record.
    pub subject: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// The last record of the page before.
    pub after: Option<(Timestamp, Uuid)>,
    /// How many, at most 200.
    pub limit: u32,
    /// How many are passed over, for pages with numbers.
    pub offset: u32,
}

/// Some records.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The records, newest first.
    pub records: Vec<Record>,
    /// [`Filter::after`] of the next page, if there is one.
    pub next: Option<(Timestamp, Uuid)>,
}
