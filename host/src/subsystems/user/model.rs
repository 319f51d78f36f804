//! People as the services know them.

use std::sync::Arc;

use uuid::Uuid;

use crate::request::Account;
use crate::subsystems::access::Access;
use crate::time::Timestamp;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The identifier.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// The e-mail address, which is nobody else's business.
    pub mail: Option<String>,
    /// Whether the account may sign in.
    pub active: bool,
    /// Whether every permission is granted.
    pub is_admin: bool,
    /// When the account was made.
    pub created: Timestamp,
    /// When the account was changed last.
    pub changed: Timestamp,
    /// When the person was last seen, to the minute.
    pub access: Option<Timestamp>,
    /// When the person last signed in.
    pub login: Option<Timestamp>,
    /// The time zone (a name of the IANA database).
    pub timezone: Option<String>,
    /// The language (BCP 47).
    pub language: Option<String>,
    /// The roles that the person was given, sorted by identifier.
    pub roles: Vec<Uuid>,
}

impl User {
    /// The person as who asks for something.
    #[must_use]
    pub fn account(&self, access: &Access) -> Account {
        Account {
            id: self.id,
            name: Arc::from(self.name.as_str()),
            is_admin: self.is_admin,
            permissions: access.of_roles(&self.roles),
        }
    }
}

/// An account to be made.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub mail: Option<String>,
    /// The password; without one the account can only be entered by a link that sets it.
    pub password: Option<String>,
    /// Whether the account may sign in.
    pub active: bool,
    /// Whether every permission is granted.
    pub is_admin: bool,
    /// The roles.
    pub roles: Vec<Uuid>,
    /// The time zone.
    pub timezone: Option<String>,
    /// The language.
    pub language: Option<String>,
}

/// What is to be changed of an account; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The name.
    pub name: Option<String>,
    /// The e-mail address; none within to remove it.
    pub mail: Option<Option<String>>,
    /// The password. It ends the account's sessions, but for the one that asks.
    pub password: Option<String>,
    /// Whether the account may sign in.
    pub active: Option<bool>,
    /// Whether every permission is granted.
    pub is_admin: Option<bool>,
    /// The roles, all of them.
    pub roles: Option<Vec<Uuid>>,
    /// The time zone; none within for the site's.
    pub timezone: Option<Option<String>>,
    /// The language; none within for the site's.
    pub language: Option<Option<String>>,
}

/// By what a list of people is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By name.
    #[default]
    Name,
    /// By when the account was made.
    Created,
    /// By when the person was last seen.
    Access,
}

/// Which people are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in the name or the e-mail address.
    pub text: Option<String>,
    /// A role that they were given.
    pub role: Option<Uuid>,
    /// Whether they may sign in.
    pub active: Option<bool>,
    /// Whether they are administrators.
    pub is_admin: Option<bool>,
    /// The order.
    pub order: Order,
    /// Whether the order is the other way round.
    pub descending: bool,
    /// How many, at most 200.
    pub limit: u32,
    /// How many are passed over.
    pub offset: u32,
}

/// Some people.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The people.
    pub users: Vec<User>,
    /// How many fit the filter.
    pub total: u64,
}
