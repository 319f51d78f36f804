//! Access for programs: personal tokens of people, and clients (OAuth 2.1, client credentials) that get short-lived
//! signed tokens. Either acts as an account and may do what the account may and its scopes name.
//!
//! It must not know how tokens travel, nor what requests do with what they may.

mod admin;
mod api;
mod bearer;
mod client;
mod error;
mod jwt;
mod keys;
mod model;
mod oauth;
mod personal;
mod scope;
mod store;

use std::collections::HashSet;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::Subsystem;
use super::access::{Access, Group, Permission};
use super::audit::Audit;
use super::random::Random;
use super::secret::Secrets;
use super::user::Users;
use crate::db::Db;
use crate::time::{Clock, Ids};

use keys::Keys;

pub use bearer::Bearer;
pub use error::Error;
pub use model::{Client, Grant, NewClient, NewToken, Personal};
pub use scope::scope_name;

/// The permission to make and change clients.
pub const ADMINISTER: &str = "administer api clients";
/// The permission to have personal access tokens.
pub const USE: &str = "use access tokens";

/// What access for programs is made of.
pub struct Parts {
    /// Where tokens and clients are stored.
    pub db: Db,
    /// When they end.
    pub clock: Clock,
    /// Where identifiers come from.
    pub ids: Ids,
    /// Where secrets come from.
    pub random: Arc<Random>,
    /// What private keys are sealed with.
    pub secrets: Arc<Secrets>,
    /// What roles grant.
    pub access: Arc<Access>,
    /// Whom tokens act as.
    pub users: Arc<Users>,
    /// Where changes are recorded.
    pub audit: Arc<Audit>,
    /// The address under which visitors reach the site; empty where it is not known.
    pub public_url: String,
}

/// Access for programs.
pub struct Tokens {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Arc<Random>,
    access: Arc<Access>,
    users: Arc<Users>,
    audit: Arc<Audit>,
    keys: Keys,
    /// Who issues tokens and takes them: the address of the site.
    issuer: String,
}

impl Tokens {
    /// The service. Keys are made when the first token is signed.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        jwt::install();
        let issuer = parts.public_url.trim_end_matches('/');
        Self {
            keys: Keys::new(
                parts.db.clone(),
                parts.clock.clone(),
                parts.random.clone(),
                parts.secrets,
            ),
            issuer: if issuer.is_empty() { "trovato" } else { issuer }.to_owned(),
            db: parts.db,
            clock: parts.clock,
            ids: parts.ids,
            random: parts.random,
            access: parts.access,
            users: parts.users,
            audit: parts.audit,
        }
    }

    /// The keys that sign tokens.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Who issues tokens; none where the site does not know its address.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.contains("://").then_some(self.issuer.as_str())
    }

    /// A secret of 256 bits, as text.
    fn secret(&self) -> Result<String, Error> {
        let mut bytes = [0; 32];
        self.random
            .fill(&mut bytes)
            .map_err(|error| Error::Random(error.to_string()))?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// What is stored of a secret. It has 256 bits, so a slow hash would add nothing.
fn digest(secret: &str) -> String {
    let digest = Sha256::digest(secret.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What an account may do through something with these scopes.
fn narrowed(scopes: Vec<String>, is_admin: bool, permissions: &HashSet<String>) -> HashSet<String> {
    scopes
        .into_iter()
        .filter(|scope| is_admin || permissions.contains(scope))
        .collect()
}

impl Subsystem for Tokens {
    fn routes() -> axum::Router<super::Site> {
        oauth::routes()
    }

    fn api() -> Vec<super::api::Resource> {
        api::resources()
    }

    fn admin_pages() -> Vec<super::admin::AdminPage> {
        admin::pages()
    }

    fn permissions(&self) -> Option<Group> {
        let personal = Permission::new(USE, "Have personal access tokens");
        let clients = Permission::new(ADMINISTER, "Make and change API clients").restricted();
        Some(Group::new("API access", vec![personal, clients]))
    }
}
