//! What subsystems have to say about how they fare.

use serde::Serialize;

use crate::web::Action;

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Something does not work.
    Problem,
    /// Something should be seen to.
    Warning,
    /// Something is worth knowing.
    Notice,
    /// All is well.
    Fine,
}

/// What a subsystem has to say about how it fares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// How much it matters.
    pub level: Level,
    /// What it is about, in a word or two.
    pub subject: String,
    /// What there is to say, in a sentence.
    pub text: String,
    /// What can be done about it; empty where nothing has to.
    pub hint: String,
    /// Where it can be done.
    pub action: Option<Action>,
}

impl Notice {
    /// All is well.
    pub fn fine(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Level::Fine, subject, text)
    }

    /// Something is worth knowing.
    pub fn remark(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Level::Notice, subject, text)
    }

    /// Something should be seen to.
    pub fn warning(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Level::Warning, subject, text)
    }

    /// Something does not work.
    pub fn problem(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Level::Problem, subject, text)
    }

    fn new(level: Level, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            level,
            subject: subject.into(),
            text: text.into(),
            hint: String::new(),
            action: None,
        }
    }

    /// Says what can be done about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Says where it can be done.
    #[must_use]
    pub fn action(mut self, title: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some(Action::new(title, href));
        self
    }

    /// Whether somebody has to do something about it.
    #[must_use]
    pub fn wants_attention(&self) -> bool {
        self.level <= Level::Warning
    }
}
