//! People: who asks, what they may do, and what others may know of them.

use crate::error::Result;
use crate::value::NOBODY;
use crate::wit::users;
pub use crate::wit::users::User;

/// Who asks.
pub fn current() -> User {
    users::current()
}

/// Whether who asks has the permission; administrators have every one.
pub fn may(permission: &str) -> bool {
    users::has_permission(permission)
}

/// Loads a person.
pub fn load(id: &str) -> Result<User> {
    Ok(users::load(id)?)
}

/// What plugins ask of a person.
impl User {
    /// Whether nobody has signed in.
    pub fn is_visitor(&self) -> bool {
        self.id == NOBODY
    }
}
