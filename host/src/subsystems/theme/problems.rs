//! What is wrong with themes, for the log and for administrators. A page is shown all the same.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// How many problems are kept.
const MAX_KEPT: usize = 100;

/// Something that is wrong with a theme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("theme `{theme}`: {file}{}: {message}", line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct Problem {
    /// The theme that was to be used.
    pub theme: String,
    /// The file, with the theme or plugin that it belongs to.
    pub file: String,
    /// The line, from 1, if it is known.
    pub line: Option<usize>,
    /// The cause.
    pub message: String,
}

impl Problem {
    /// What a template error says, from the innermost template that it came from.
    pub(super) fn from_template(theme: &str, template: &str, error: &minijinja::Error) -> Self {
        let mut inner = error;
        let mut place = (error.name(), error.line());
        let mut source = std::error::Error::source(error);
        while let Some(next) = source {
            if let Some(cause) = next.downcast_ref::<minijinja::Error>() {
                inner = cause;
                place = if cause.name().is_some() {
                    (cause.name(), cause.line())
                } else {
                    place
                };
            }
            source = next.source();
        }
        let message = match inner.detail() {
            Some(detail) => format!("{}: {detail}", inner.kind()),
            None => inner.kind().to_string(),
        };
        Self {
            theme: theme.into(),
            file: place.0.unwrap_or(template).into(),
            line: place.1,
            message,
        }
    }
}

/// The problems that were met since the themes were loaded; each is logged once.
#[derive(Debug, Default)]
pub struct Problems(Mutex<BTreeSet<Problem>>);

impl Problems {
    /// Keeps a problem, and logs it if it is new.
    pub fn report(&self, problem: Problem) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MAX_KEPT && kept.insert(problem.clone()) {
            tracing::error!(
                theme.name = problem.theme,
                template.file = problem.file,
                template.line = problem.line,
                cause = problem.message,
                "a theme has a problem; the template of its parent is used instead"
            );
        }
    }

    /// All problems.
    pub fn list(&self) -> Vec<Problem> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}
