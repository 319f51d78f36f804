//! Permissions.

use super::Permission;

/// Declares a permission.
impl Permission {
    /// A permission by its name and what it lets people do, in words.
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            restricted: false,
        }
    }

    /// Marks it as one by which the site could be taken over.
    pub fn restricted(mut self) -> Self {
        self.restricted = true;
        self
    }
}
