//! What is wrong with what was answered: all of it, each with its place.

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: the element's name, or within a group `phones.0.number`; empty for the form as a whole.
    pub path: String,
    /// What is wrong and what would be right, for a person.
    pub message: String,
}

/// Everything that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors(Vec<Fault>);

impl Errors {
    /// Nothing wrong but this.
    #[must_use]
    pub fn of(path: impl Into<String>, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(path, message);
        errors
    }

    /// Adds one; the same thing is told once.
    pub fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        let fault = Fault {
            path: path.into(),
            message: message.into(),
        };
        if !self.0.contains(&fault) {
            self.0.push(fault);
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong, in the order in which it was found.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// Adds all of another.
    pub fn extend(&mut self, other: Self) {
        for fault in other.0 {
            self.add(fault.path, fault.message);
        }
    }

    /// What is wrong at a place.
    pub fn at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |fault| fault.path == path)
            .map(|fault| fault.message.as_str())
    }
}
