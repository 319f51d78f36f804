//! People: who asks, what they may do, and what others may know of them.

use crate::error::Result;
use crate::value::NOBODY;
pub use crate::wit::accounts::Account;
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

/// Finds a person by name, without regard to case.
pub fn named(name: &str) -> Result<User> {
    Ok(users::find_by_name(name)?)
}

/// What who asks may know of an account: everything of their own and, for who may administer users, of every one.
pub fn account(id: &str) -> Result<Account> {
    Ok(users::load_account(id)?)
}

/// The accounts whose names or addresses have the text in them, by name, for who may administer users.
pub fn search(text: &str, offset: u32, limit: u32) -> Result<Vec<Account>> {
    Ok(users::search(text, offset, limit)?)
}

/// What plugins ask of a person.
impl User {
    /// Whether nobody has signed in.
    pub fn is_visitor(&self) -> bool {
        self.id == NOBODY
    }
}
