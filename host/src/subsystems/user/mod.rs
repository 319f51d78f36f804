//! People: everything that anyone may do with accounts.
//!
//! The one door for the web, plugins and the command line. It must not know how somebody has signed in.

mod admin;
mod cancel;
mod change;
mod check;
mod confirm;
mod edit;
mod error;
mod host;
mod make;
mod model;
mod name;
mod password;
mod proof;
mod register;
mod routes;
mod settings;
mod setup;
mod store;
mod telling;
mod told;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::access::{Access, Group, Permission};
use super::admin::Notice;
use super::audit::Audit;
use super::counter::Counters;
use super::login::Attempts;
use super::mail::Mail;
use super::random::Random;
use super::session::Sessions;
use super::variable::Variables;
use super::{Interface, Linked, Subsystem};
use crate::db::{self, Db};
use crate::request::Account;
use crate::time::{Clock, Ids, Timestamp};
use crate::wit;

pub use cancel::{Cancellations, Content};
pub use change::Changed;
pub use error::Error;
pub use model::{Changes, Filter, NewUser, Order, Page, User};
pub use password::{Cost, Hasher, Turn};
pub use proof::Proof;
pub use telling::account;
pub(crate) use telling::tell;

/// The permission to make, change and block accounts.
pub const ADMINISTER: &str = "administer users";
/// The permission to see the profiles of others.
pub const PROFILES: &str = "access user profiles";
/// The most people of a page.
const PAGE_LIMIT: u32 = 200;
/// The most accounts that one e-mail address finds.
const MAIL_LIMIT: u32 = 5;

/// What people's accounts are made of.
pub struct Parts {
    /// Where accounts are stored.
    pub db: Db,
    /// The time of changes.
    pub clock: Clock,
    /// Where identifiers come from.
    pub ids: Ids,
    /// Where secrets come from.
    pub random: Arc<Random>,
    /// What roles grant.
    pub access: Arc<Access>,
    /// Where changes are recorded.
    pub audit: Arc<Audit>,
    /// What ends with a block or another password.
    pub sessions: Arc<Sessions>,
    /// What tells owners of changes, and reaches addresses.
    pub mail: Arc<Mail>,
    /// The site's settings.
    pub variables: Arc<Variables>,
    /// What is done how often.
    pub counters: Arc<Counters>,
    /// What hashing a password takes.
    pub cost: Cost,
}

/// The people of the site.
pub struct Users {
    db: Db,
    clock: Clock,
    ids: Ids,
    access: Arc<Access>,
    audit: Arc<Audit>,
    sessions: Arc<Sessions>,
    random: Arc<Random>,
    mail: Arc<Mail>,
    variables: Arc<Variables>,
    counters: Arc<Counters>,
    attempts: Attempts,
    hasher: Hasher,
    /// What the link to make the first administrator carries; another one at each start.
    set_up_token: String,
    /// Whether there was an administrator once: then there is one for good.
    is_installed: AtomicBool,
}

impl Users {
    /// The people of a site.
    ///
    /// # Errors
    /// There is no randomness, or the cost of hashing can't be.
    pub fn start(parts: Parts) -> Result<Self, Error> {
        let mut token = [0; 16];
        parts
            .random
            .fill(&mut token)
            .map_err(|error| db::Error::Setup(format!("there is no randomness: {error}")))?;
        Ok(Self {
            attempts: Attempts::new(parts.counters.clone(), parts.clock.clone()),
            db: parts.db,
            clock: parts.clock,
            ids: parts.ids,
            access: parts.access,
            audit: parts.audit,
            sessions: parts.sessions,
            hasher: Hasher::new(parts.cost, parts.random.clone())?,
            random: parts.random,
            mail: parts.mail,
            variables: parts.variables,
            counters: parts.counters,
            set_up_token: Uuid::from_bytes(token).simple().to_string(),
            is_installed: AtomicBool::new(false),
        })
    }

    /// What the link to make the first administrator carries.
    #[must_use]
    pub fn set_up_token(&self) -> &str {
        &self.set_up_token
    }

    /// Whether this is what the link carries.
    #[must_use]
    pub fn is_set_up_token(&self, token: &str) -> bool {
        token.as_bytes().ct_eq(self.set_up_token.as_bytes()).into()
    }

    /// Whether there is an administrator: a site without one is not installed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn has_administrator(&self) -> db::Result<bool> {
        // The last one can't be removed, so this never becomes false again.
        if self.is_installed.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let installed = store::has_administrator(&self.db).await?;
        self.is_installed.store(installed, Ordering::Relaxed);
        Ok(installed)
    }

    /// Hashes passwords, a few at a time.
    #[must_use]
    pub fn hasher(&self) -> &Hasher {
        &self.hasher
    }

    /// Loads a person whom whoever asks may know of.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find(&self, asks: &Account, id: Uuid) -> Result<User, Error> {
        let user = store::load(&self.db, id).await?.ok_or(Error::NotFound)?;
        may_know(asks, user)
    }

    /// The names of those of several people whom whoever asks may know of, by one query.
    ///
    /// # Errors
    /// The database failed.
    pub async fn known_of(&self, asks: &Account, ids: &[Uuid]) -> db::Result<BTreeMap<Uuid, String>> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let found = store::active_of(&self.db, ids).await?;
        let known = found
            .into_iter()
            .filter(|(id, _, active)| *active || asks.id == *id || asks.may(ADMINISTER));
        Ok(known.map(|(id, name, _)| (id, name)).collect())
    }

    /// Finds a person by name, without regard to case, whom whoever asks may know of.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find_named(&self, asks: &Account, name: &str) -> Result<User, Error> {
        let user = store::named(&self.db, name).await?.ok_or(Error::NotFound)?;
        may_know(asks, user)
    }

    /// The names of several accounts, by one query, whoever asks. Accounts that don't exist are left out.
    ///
    /// # Errors
    /// The database failed.
    pub async fn names(&self, ids: &[Uuid]) -> db::Result<Vec<(Uuid, String)>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        store::names(&self.db, ids).await
    }

    /// Loads an account whoever asks.
    ///
    /// # Errors
    /// The database failed.
    pub async fn load(&self, id: Uuid) -> db::Result<Option<User>> {
        store::load(&self.db, id).await
    }

    /// The accounts with an e-mail address, at most five, whoever asks: nobody may be told what this finds.
    ///
    /// # Errors
    /// The database failed.
    pub async fn with_mail(&self, mail: &str) -> db::Result<Vec<User>> {
        if mail.contains('\0') {
            return Ok(Vec::new());
        }
        store::with_mail(&self.db, mail.trim(), MAIL_LIMIT).await
    }

    /// What signing in by a name takes: the account, the hash of its password, and whether it may sign in.
    ///
    /// # Errors
    /// The database failed.
    pub async fn credentials(&self, name: &str) -> db::Result<Option<(Uuid, Option<String>, bool)>> {
        if name.contains('\0') {
            return Ok(None);
        }
        Ok(store::credentials(&self.db, name)
            .await?
            .filter(|(id, ..)| !id.is_nil()))
    }

    /// Notes that somebody has signed in, and replaces a hash that was made at another cost.
    ///
    /// # Errors
    /// The database failed.
    pub async fn note_login(&self, id: Uuid) -> db::Result<Timestamp> {
        let now = self.clock.now();
        store::signed_in(&self.db, id, now).await?;
        Ok(now)
    }

    /// Replaces a hash by another one of the same password, unless the password was changed in the meantime.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rehash(&self, id: Uuid, old: &str, new: &str) -> db::Result<()> {
        store::rehash(&self.db, id, old, new).await
    }

    /// Lists people for those who administer them.
    ///
    /// # Errors
    /// [`Error::Denied`].
    #[tracing::instrument(name = "user.list", level = "debug", skip_all)]
    pub async fn list(&self, asks: &Account, filter: &Filter) -> Result<Page, Error> {
        if !asks.may(ADMINISTER) {
            return Err(Error::denied("list people"));
        }
        if filter.text.as_ref().is_some_and(|text| text.contains('\0')) {
            return Ok(Page::default());
        }
        let filter = Filter {
            limit: filter.limit.clamp(1, PAGE_LIMIT),
            ..filter.clone()
        };
        let (users, total) = store::list(&self.db, &filter).await?;
        Ok(Page { users, total })
    }
}

fn may_know(asks: &Account, user: User) -> Result<User, Error> {
    let visible = user.active || user.id.is_nil() || asks.id == user.id || asks.may(ADMINISTER);
    if visible { Ok(user) } else { Err(Error::NotFound) }
}

/// The form in which names are compared.
#[must_use]
pub fn name_key(name: &str) -> String {
    name::key(name)
}

impl Subsystem for Users {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::granted(
            "users",
            "see who is using the site and what they may do",
            |linker| wit::users::add_to_linker::<_, Linked<Self>>(linker, |call| call.waiting_view()),
        )]
    }

    fn routes() -> axum::Router<super::Site> {
        setup::routes()
            .merge(routes::routes())
            .merge(confirm::routes())
            .route(
                "/user/register",
                axum::routing::get(register::register).post(register::register),
            )
    }

    async fn notices(&self, _: &super::Site) -> Vec<Notice> {
        vec![match self.has_administrator().await {
            Ok(true) => Notice::fine("Administrator", "There is one."),
            Ok(false) => Notice::problem("Administrator", "There is none.").hint("Run `trovato install`."),
            Err(error) => Notice::problem("Administrator", error.to_string()),
        }]
    }

    fn admin_pages() -> Vec<super::admin::AdminPage> {
        let mut pages = admin::pages();
        pages.push(settings::page());
        pages
    }

    fn permissions(&self) -> Option<Group> {
        let administer = Permission::new(ADMINISTER, "Make, change, block and remove accounts").restricted();
        let profiles = Permission::new(PROFILES, "See the profiles of other people");
        Some(Group::new("People", vec![administer, profiles]))
    }
}
