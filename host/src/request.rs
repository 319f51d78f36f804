//! Who asks for what: the one type that the web, the kernel and the subsystems share.
//!
//! A `Request` also stands for work without a visitor (the command line, an import): then its path is empty.
//! It must not know where it came from.

mod binding;
mod message;

use std::collections::{BTreeMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use uuid::Uuid;

use crate::time::Timestamp;

pub use binding::Binding;
pub use message::{Message, Messages, Tone};

/// The stage that visitors see.
pub const LIVE: Uuid = Uuid::from_u128(1);

/// Somebody with what they may do.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user; nil for visitors.
    pub id: Uuid,
    /// The name that people see.
    pub name: Arc<str>,
    /// Whether every permission is granted.
    pub is_admin: bool,
    /// The permissions that the user's roles grant.
    pub permissions: Arc<HashSet<String>>,
}

impl Account {
    /// A visitor who is not signed in, with what the anonymous role grants.
    #[must_use]
    pub fn anonymous(permissions: Arc<HashSet<String>>) -> Self {
        Self {
            id: Uuid::nil(),
            name: Arc::from("Anonymous"),
            is_admin: false,
            permissions,
        }
    }

    /// The site itself: the command line and background work.
    #[must_use]
    pub fn system() -> Self {
        Self {
            id: Uuid::nil(),
            name: Arc::from("System"),
            is_admin: true,
            permissions: Arc::default(),
        }
    }

    /// Whether the account may do what the permission stands for.
    #[must_use]
    pub fn may(&self, permission: &str) -> bool {
        self.is_admin || self.permissions.contains(permission)
    }
}

/// How far somebody has come with signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInState {
    /// The password was right; a second factor is to come. Until then the request is a visitor's.
    Pending,
    /// Signed in by a password.
    Open,
    /// Signed in by a password and a second factor.
    Verified,
}

/// The session of a browser in which somebody has signed in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// What lists call the session. It says nothing of what the cookie carries, and stays when that changes.
    pub id: Uuid,
    /// Who has signed in, or is about to.
    pub user: Uuid,
    /// How far.
    pub state: SignInState,
    /// The roles of the user, besides that of everybody who has signed in.
    pub roles: Arc<[Uuid]>,
    /// Whether the session outlives the browser.
    pub remember: bool,
    /// The stage that was switched to; none for the live one.
    pub active_stage: Option<Uuid>,
    /// The time zone of the user (a name of the IANA database).
    pub timezone: Option<Arc<str>>,
    /// When whoever uses the session has last shown who they are: by signing in, or by their password once more.
    pub confirmed: Timestamp,
}

/// A request, from its arrival to its answer.
#[derive(Debug)]
pub struct Request {
    /// The identifier that the log and the answer carry.
    pub id: Uuid,
    /// The path that was asked for, as it was asked.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Who asks.
    pub account: Account,
    /// What the request shows instead of a session: the token, or the client whose token it is.
    pub token: Option<Uuid>,
    /// The session of the browser, where somebody has signed in or is about to.
    pub session: Option<Arc<SignIn>>,
    /// Where the request comes from; unspecified for work without a visitor.
    pub address: IpAddr,
    /// Whether it came over HTTPS.
    pub is_secure: bool,
    /// What absolute links begin with, such as `https://example.org`: never a name that only the client brought up.
    pub origin: Arc<str>,
    /// The language of the answer (BCP 47).
    pub language: Arc<str>,
    /// The stage whose content is shown.
    pub stage: Uuid,
    /// The machine name of the theme.
    pub theme: Arc<str>,
    nonce: OnceLock<String>,
    /// What names the browser.
    pub binding: Binding,
    /// What the site has to say about what was done.
    pub messages: Messages,
    notebook: Mutex<BTreeMap<String, String>>,
}

impl Request {
    /// A request for a path.
    #[must_use]
    pub fn new(id: Uuid, path: impl Into<String>, account: Account) -> Self {
        Self {
            id,
            path: path.into(),
            query: Vec::new(),
            account,
            token: None,
            session: None,
            address: Ipv4Addr::UNSPECIFIED.into(),
            is_secure: false,
            origin: Arc::from(""),
            language: Arc::from("en"),
            stage: LIVE,
            theme: Arc::from("trovato"),
            nonce: OnceLock::new(),
            binding: Binding::default(),
            messages: Messages::default(),
            notebook: Mutex::default(),
        }
    }

    /// The first value of a query parameter.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The nonce that scripts and styles of the answer carry, which is made when the first is asked for.
    pub fn nonce(&self, make: impl FnOnce() -> String) -> &str {
        self.nonce.get_or_init(make)
    }

    /// The nonce, if the answer has one.
    #[must_use]
    pub fn made_nonce(&self) -> Option<&str> {
        self.nonce
            .get()
            .map(String::as_str)
            .filter(|nonce| !nonce.is_empty())
    }

    /// Reads an entry of the notebook that the plugins of one request share.
    #[must_use]
    pub fn note(&self, key: &str) -> Option<String> {
        self.notebook
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    /// Writes an entry of the notebook.
    ///
    /// # Errors
    /// Says which limit is exceeded: keys of 128 bytes, values of 64 KiB, 256 entries.
    pub fn set_note(&self, key: String, value: String) -> Result<(), &'static str> {
        if key.len() > 128 {
            return Err("a key of the request context has at most 128 bytes");
        }
        if value.len() > 64 * 1024 {
            return Err("a value of the request context has at most 64 KiB");
        }
        let mut notebook = self.notebook.lock().unwrap_or_else(PoisonError::into_inner);
        if notebook.len() >= 256 && !notebook.contains_key(&key) {
            return Err("the request context has at most 256 entries");
        }
        notebook.insert(key, value);
        Ok(())
    }
}
