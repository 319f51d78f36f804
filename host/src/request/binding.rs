//! What names a browser, so that what was shown to it is only taken from it.

use std::sync::OnceLock;

/// The key of a browser: its session's, or for visitors a random one that they get when a form is shown to them.
#[derive(Debug, Default)]
pub struct Binding {
    known: Option<String>,
    fresh: OnceLock<String>,
}

impl Binding {
    /// The browser has brought its key along.
    #[must_use]
    pub fn known(key: String) -> Self {
        Self {
            known: Some(key),
            fresh: OnceLock::new(),
        }
    }

    /// The key, if the browser has one.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.known.as_deref().or_else(|| self.fresh())
    }

    /// The key, which is made where there is none.
    pub fn or_make(&self, make: impl FnOnce() -> String) -> &str {
        match &self.known {
            Some(known) => known,
            None => self.fresh.get_or_init(make),
        }
    }

    /// The key that was made in this request: the browser has to be told.
    #[must_use]
    pub fn fresh(&self) -> Option<&str> {
        self.fresh.get().map(String::as_str)
    }
}
