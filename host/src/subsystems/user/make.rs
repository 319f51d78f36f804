//! Making accounts.

use std::sync::atomic::Ordering;

use super::change::name_taken;
use super::check::{Check, may_create};
use super::confirm::Purpose;
use super::model::{NewUser, User};
use super::{Error, Users, store, tell};
use crate::db::Tx;
use crate::request::Request;
use crate::subsystems::Session;
use crate::subsystems::access;
use crate::subsystems::audit::Entry;
use crate::taps;

impl Users {
    /// Makes the first administrator.
    ///
    /// # Errors
    /// [`Error::Installed`] when there is one, or [`Error::Invalid`].
    pub async fn install(
        &self,
        session: &Session,
        name: &str,
        mail: Option<&str>,
        password: String,
    ) -> Result<User, Error> {
        if self.has_administrator().await? {
            return Err(Error::Installed);
        }
        let new = NewUser {
            name: name.to_owned(),
            mail: mail.map(str::to_owned),
            password: Some(password),
            active: true,
            is_admin: true,
            ..NewUser::default()
        };
        let (user, hash) = self.prepare(new).await?;
        let mut tx = self.db.begin().await?;
        access::advance(&mut tx).await?;
        if store::has_administrator_in(&mut tx).await? {
            return Err(Error::Installed);
        }
        self.insert(&mut tx, session.request(), &user, hash, "site.install")
            .await?;
        tx.commit().await?;
        self.is_installed.store(true, Ordering::Relaxed);
        tell::<taps::UserInsert>(session, &user).await;
        Ok(user)
    }

    /// Makes an account, then tells the `user-insert` taps.
    ///
    /// # Errors
    /// [`Error::Denied`], or [`Error::Invalid`] with every field that is wrong.
    #[tracing::instrument(name = "user.create", level = "debug", skip_all)]
    pub async fn create(&self, session: &Session, new: NewUser) -> Result<User, Error> {
        may_create(&session.request().account, &new)?;
        let (user, hash) = self.prepare(new).await?;
        let mut tx = self.db.begin().await?;
        self.insert(&mut tx, session.request(), &user, hash, "user.create")
            .await?;
        tx.commit().await?;
        tell::<taps::UserInsert>(session, &user).await;
        Ok(user)
    }

    /// Makes the account of somebody who registers: an ordinary one. Where addresses are confirmed it can't be used
    /// before its owner has followed a link. Whoever calls this has asked whether the site lets people register.
    ///
    /// # Returns
    /// The account, and whether its address is to be confirmed.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that is wrong.
    #[tracing::instrument(name = "user.register", level = "debug", skip_all)]
    pub async fn register(&self, session: &Session, new: NewUser) -> Result<(User, bool), Error> {
        let activates = new.active;
        let confirms = self.confirms() && new.mail.is_some();
        let new = NewUser {
            is_admin: false,
            roles: Vec::new(),
            active: activates && !confirms,
            ..new
        };
        let request = session.request();
        let (user, hash) = self.prepare(new).await?;
        self.count_registration(request).await?;
        let mut tx = self.db.begin().await?;
        self.insert(&mut tx, request, &user, hash, "user.register")
            .await?;
        let link = match user.mail.as_deref().filter(|_| confirms) {
            Some(mail) => {
                let purpose = Purpose::New { activates };
                Some(self.note_address(&mut tx, user.id, mail, purpose).await?)
            }
            None => None,
        };
        tx.commit().await?;
        if let Some(link) = link {
            self.send_link(&request.origin, &user, &link).await;
        }
        tell::<taps::UserInsert>(session, &user).await;
        Ok((user, confirms))
    }

    /// Everything of a new account before something is written.
    async fn prepare(&self, mut new: NewUser) -> Result<(User, Option<String>), Error> {
        Check::new(&self.access).new_user(&mut new)?;
        let hash = match new.password {
            Some(password) => Some(self.hasher.hash(password).await?),
            None => None,
        };
        let now = self.clock.now();
        let user = User {
            id: self.ids.next(),
            name: new.name,
            mail: new.mail,
            active: new.active,
            is_admin: new.is_admin,
            created: now,
            changed: now,
            access: None,
            login: None,
            timezone: new.timezone,
            language: new.language,
            roles: new.roles,
        };
        Ok((user, hash))
    }

    async fn insert(
        &self,
        tx: &mut Tx,
        by: &Request,
        user: &User,
        hash: Option<String>,
        action: &'static str,
    ) -> Result<(), Error> {
        store::insert(tx, user, hash.as_deref())
            .await
            .map_err(name_taken)?;
        let entry = Entry::new(action)
            .on("user", user.id, &user.name)
            .with("administrator", user.is_admin);
        Ok(self.audit.record_in(tx, by, entry).await?)
    }
}
