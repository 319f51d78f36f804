//! People: accounts, and what visitors may do.

mod error;
mod host;
mod password;
mod setup;
mod store;

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use uuid::Uuid;

use super::admin::Notice;
use super::random::Random;
use super::{Interface, Linked, Subsystem};
use crate::db::{self, Db};
use crate::request::Account;
use crate::time::{Clock, Ids, Timestamp};
use crate::wit;

pub use error::Error;

/// Characters of a user's name.
const NAME_LIMIT: usize = 60;
/// Bytes of a password: more than anybody types, less than hurts to hash.
const PASSWORD_LIMIT: usize = 1024;
const PASSWORD_LEAST: usize = 8;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The identifier.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// Whether the account may sign in.
    pub active: bool,
    /// Whether every permission is granted.
    pub is_admin: bool,
    /// When the account was made.
    pub created: Timestamp,
}

/// The people of the site.
pub struct Users {
    db: Db,
    clock: Clock,
    ids: Ids,
    visitor: RwLock<Arc<HashSet<String>>>,
    /// What the link to make the first administrator carries; another one at each start.
    set_up_token: String,
}

impl Users {
    /// Loads what visitors may do.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(db: Db, clock: Clock, ids: Ids, random: &Random) -> db::Result<Self> {
        let visitor = RwLock::new(Arc::new(store::anonymous_permissions(&db).await?));
        let mut token = [0; 16];
        random
            .fill(&mut token)
            .map_err(|error| db::Error::Setup(format!("there is no randomness: {error}")))?;
        let set_up_token = uuid::Uuid::from_bytes(token).simple().to_string();
        Ok(Self {
            db,
            clock,
            ids,
            visitor,
            set_up_token,
        })
    }

    /// What the link to make the first administrator carries.
    #[must_use]
    pub fn set_up_token(&self) -> &str {
        &self.set_up_token
    }

    /// A visitor who is not signed in.
    #[must_use]
    pub fn visitor(&self) -> Account {
        let permissions = self
            .visitor
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        Account::anonymous(permissions)
    }

    /// Reads again what visitors may do.
    ///
    /// # Errors
    /// The database failed.
    pub async fn refresh(&self) -> db::Result<()> {
        let fresh = Arc::new(store::anonymous_permissions(&self.db).await?);
        *self.visitor.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Whether there is an administrator: a site without one is not installed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn has_administrator(&self) -> db::Result<bool> {
        store::has_administrator(&self.db).await
    }

    /// Makes the first administrator.
    ///
    /// # Errors
    /// [`Error::Installed`] when there is one, or what is wrong with name, mail or password.
    pub async fn install(&self, name: &str, mail: Option<&str>, password: String) -> Result<User, Error> {
        check_name(name)?;
        if let Some(mail) = mail.filter(|mail| !mail.contains('@')) {
            return Err(Error::Mail(mail.to_owned()));
        }
        if password.len() < PASSWORD_LEAST || password.len() > PASSWORD_LIMIT {
            return Err(Error::Password {
                least: PASSWORD_LEAST,
                most: PASSWORD_LIMIT,
            });
        }
        let hash = password::hash(password).await?;
        let user = User {
            id: self.ids.next(),
            name: name.to_owned(),
            active: true,
            is_admin: true,
            created: self.clock.now(),
        };
        let mut tx = self.db.begin().await?;
        if store::has_administrator_in(&mut tx).await? {
            return Err(Error::Installed);
        }
        match store::insert(&mut tx, &user, mail, &hash).await {
            Err(db::Error::Unique { .. }) => return Err(Error::NameTaken(name.to_owned())),
            result => result?,
        }
        tx.commit().await?;
        Ok(user)
    }

    /// Loads a person whom whoever asks may know of.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find(&self, asks: &Account, id: Uuid) -> Result<User, Error> {
        let user = store::load(&self.db, id).await?.ok_or(Error::NotFound)?;
        let visible = user.active || user.id.is_nil() || asks.may("administer users");
        if visible { Ok(user) } else { Err(Error::NotFound) }
    }
}

/// The form in which names are compared: without regard to case.
fn name_key(name: &str) -> String {
    name.to_lowercase()
}

fn check_name(name: &str) -> Result<(), Error> {
    let fits = !name.is_empty()
        && name.trim() == name
        && name.chars().count() <= NAME_LIMIT
        && !name.chars().any(char::is_control);
    if fits {
        Ok(())
    } else {
        Err(Error::Name { most: NAME_LIMIT })
    }
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
    }

    async fn notices(&self, _: &super::Site) -> Vec<Notice> {
        vec![match self.has_administrator().await {
            Ok(true) => Notice::fine("Administrator", "There is one."),
            Ok(false) => Notice::problem("Administrator", "There is none.").hint("Run `trovato install`."),
            Err(error) => Notice::problem("Administrator", error.to_string()),
        }]
    }
}
