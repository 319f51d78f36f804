//! Tokens and clients as the services know them.

use std::time::Duration;

use uuid::Uuid;

use crate::time::Timestamp;

/// How long a token of a client lasts.
pub const LASTS: Duration = Duration::from_secs(10 * 60);

/// A personal access token, without what it is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Personal {
    /// What it is called here.
    pub id: Uuid,
    /// Whose it is.
    pub user: Uuid,
    /// The name that its owner gave it.
    pub name: String,
    /// The permissions that it may use.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used: Option<Timestamp>,
}

/// A personal access token to be made.
#[derive(Clone, Debug, Default)]
pub struct NewToken {
    /// Its name.
    pub name: String,
    /// The permissions that it may use.
    pub scopes: Vec<String>,
    /// Days until it ends.
    pub days: Option<u32>,
}

/// A program that gets tokens.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Client {
    /// Its identifier, which it shows with its secret.
    pub id: Uuid,
    /// Whom it acts as.
    pub user: Uuid,
    /// The name of that account.
    pub user_name: String,
    /// Its name.
    pub name: String,
    /// The permissions that it may use.
    pub scopes: Vec<String>,
    /// Whether it gets tokens, and its tokens are taken.
    pub active: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it last got a token.
    pub last_used: Option<Timestamp>,
}

/// A client to be made.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Its name.
    pub name: String,
    /// Whom it acts as.
    pub user: Uuid,
    /// The permissions that it may use.
    pub scopes: Vec<String>,
}

/// A token that a client got.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The token.
    pub token: String,
    /// What it may be used for, as OAuth names it.
    pub scope: String,
}
