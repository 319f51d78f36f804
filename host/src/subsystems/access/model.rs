//! Roles and permissions.

use uuid::Uuid;

/// The role of visitors who are not signed in.
pub const ANONYMOUS: Uuid = Uuid::from_u128(1);
/// The role that everybody has who is signed in.
pub const AUTHENTICATED: Uuid = Uuid::from_u128(2);

/// A role: people with the same permissions.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Role {
    /// The identifier.
    pub id: Uuid,
    /// The machine name.
    pub name: String,
    /// The name that people see.
    pub label: String,
    /// Lower comes first.
    pub weight: i64,
}

impl Role {
    /// Whether people have it by being visitors or signed in, not by being given it.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.id == ANONYMOUS || self.id == AUTHENTICATED
    }
}

/// Something that a role may let people do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Permission {
    /// Its name, such as `administer users`.
    pub name: String,
    /// What it lets people do, in words.
    pub description: String,
    /// Whether it can be used to take over the site.
    pub restricted: bool,
}

impl Permission {
    /// A permission by its name, and what it lets people do.
    #[must_use]
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            restricted: false,
        }
    }

    /// The same, marked as one that can be used to take over the site.
    #[must_use]
    pub fn restricted(self) -> Self {
        Self {
            restricted: true,
            ..self
        }
    }
}

/// The permissions of one subsystem or plugin.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Group {
    /// Whose they are, for people.
    pub title: String,
    /// The permissions.
    pub permissions: Vec<Permission>,
    /// Whether whoever declared them is gone; what was granted is kept.
    pub gone: bool,
}

impl Group {
    /// The permissions of a subsystem or plugin that is there.
    #[must_use]
    pub fn new(title: impl Into<String>, permissions: Vec<Permission>) -> Self {
        Self {
            title: title.into(),
            permissions,
            gone: false,
        }
    }
}

/// A change of the grid: whether a role has a permission from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Uuid,
    /// The permission.
    pub permission: String,
    /// Whether the role has it.
    pub granted: bool,
}
