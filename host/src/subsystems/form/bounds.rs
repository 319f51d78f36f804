//! What an answer has to keep to, in the words in which forms are written.

use super::model::{Element, Kind};

impl Element {
    /// At least so many characters.
    #[must_use]
    pub fn min_length(mut self, characters: usize) -> Self {
        self.rules.min_length = Some(characters);
        self
    }

    /// At most so many characters.
    #[must_use]
    pub fn max_length(mut self, characters: usize) -> Self {
        self.rules.max_length = Some(characters);
        self
    }

    /// A number of at least this.
    #[must_use]
    pub fn min(mut self, least: f64) -> Self {
        self.rules.min = Some(least);
        self
    }

    /// A number of at most this.
    #[must_use]
    pub fn max(mut self, most: f64) -> Self {
        self.rules.max = Some(most);
        self
    }

    /// A day, as `2024-01-31`, that is not before this one.
    #[must_use]
    pub fn from(mut self, day: impl Into<String>) -> Self {
        self.rules.from = Some(day.into());
        self
    }

    /// A day that is not after this one.
    #[must_use]
    pub fn until(mut self, day: impl Into<String>) -> Self {
        self.rules.until = Some(day.into());
        self
    }

    /// The whole text keeps to a regular expression; `help` says to people what that means.
    #[must_use]
    pub fn pattern(mut self, pattern: impl Into<String>, help: impl Into<String>) -> Self {
        self.rules.pattern = Some(pattern.into());
        self.rules.pattern_help = help.into();
        self
    }

    /// Files of these media types.
    #[must_use]
    pub fn accept<T: Into<String>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        if let Kind::File(rules) = &mut self.kind {
            rules.accept = types.into_iter().map(Into::into).collect();
        }
        self
    }

    /// Files of at most so many bytes.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        if let Kind::File(rules) = &mut self.kind {
            rules.most_bytes = bytes;
        }
        self
    }

    /// A group of so many rows.
    #[must_use]
    pub fn rows(mut self, least: usize, most: usize) -> Self {
        if let Kind::Group(rules) = &mut self.kind {
            rules.least = least;
            rules.most = most.max(least);
        }
        self
    }
}
