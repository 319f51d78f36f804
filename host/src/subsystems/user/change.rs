//! Making and changing accounts.

use std::sync::atomic::Ordering;

use uuid::Uuid;

use super::check::{Check, may_change, may_create};
use super::model::{Changes, NewUser, User};
use super::{Error, Users, store, tell};
use crate::db::{self, Tx};
use crate::request::{Account, Request};
use crate::subsystems::Session;
use crate::subsystems::access;
use crate::subsystems::audit::Entry;
use crate::taps;

/// What changing an account did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The account as it is now.
    pub user: User,
    /// Whether its sessions were ended, but for the one that asked. That one needs another id.
    pub sessions_ended: bool,
}

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
        self.insert(tx, session.request(), &user, hash, "site.install")
            .await?;
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
        self.make(session, new, "user.create").await
    }

    /// Makes the account of somebody who registers: an ordinary one. Whoever calls this has asked whether the site
    /// lets people register.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that is wrong.
    #[tracing::instrument(name = "user.register", level = "debug", skip_all)]
    pub async fn register(&self, session: &Session, new: NewUser) -> Result<User, Error> {
        let new = NewUser {
            is_admin: false,
            roles: Vec::new(),
            ..new
        };
        self.make(session, new, "user.register").await
    }

    async fn make(&self, session: &Session, new: NewUser, action: &'static str) -> Result<User, Error> {
        let (user, hash) = self.prepare(new).await?;
        let tx = self.db.begin().await?;
        self.insert(tx, session.request(), &user, hash, action).await?;
        tell::<taps::UserInsert>(session, &user).await;
        Ok(user)
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
        mut tx: Tx,
        by: &Request,
        user: &User,
        hash: Option<String>,
        action: &'static str,
    ) -> Result<(), Error> {
        store::insert(&mut tx, user, hash.as_deref())
            .await
            .map_err(name_taken)?;
        let entry = Entry::new(action)
            .on("user", user.id, &user.name)
            .with("administrator", user.is_admin);
        self.audit.record_in(&mut tx, by, entry).await?;
        Ok(tx.commit().await?)
    }

    /// Changes an account, then tells the `user-update` taps. People who change their own password or address say
    /// their present password.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::LastAdministrator`], or [`Error::Invalid`] with every field
    /// that is wrong.
    #[tracing::instrument(name = "user.update", level = "debug", skip_all, fields(user.id = %id))]
    pub async fn update(
        &self,
        session: &Session,
        id: Uuid,
        mut changes: Changes,
        present: Option<String>,
    ) -> Result<Changed, Error> {
        let asks = &session.request().account;
        let before = self.known(id).await?;
        may_change(asks, &before, &changes)?;
        Check::new(&self.access).changes(&mut changes)?;
        let sensitive =
            changes.password.is_some() || changes.mail.as_ref().is_some_and(|mail| *mail != before.mail);
        if asks.id == id && sensitive {
            self.confirm(id, present).await?;
        }
        self.change(session, id, changes).await
    }

    /// Sets a password for somebody who has shown otherwise who they are, such as by a link in a mail. It ends all
    /// their sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Invalid`] for the password.
    pub async fn reset_password(&self, session: &Session, id: Uuid, password: String) -> Result<User, Error> {
        self.known(id).await?;
        let mut changes = Changes {
            password: Some(password),
            ..Changes::default()
        };
        Check::new(&self.access).changes(&mut changes)?;
        Ok(self.change(session, id, changes).await?.user)
    }

    async fn known(&self, id: Uuid) -> Result<User, Error> {
        let user = store::load(&self.db, id).await?;
        user.filter(|user| !user.id.is_nil()).ok_or(Error::NotFound)
    }

    /// Whether this is the present password of an account; one that has none yet needs none.
    async fn confirm(&self, id: Uuid, present: Option<String>) -> Result<(), Error> {
        let Some(hash) = store::password(&self.db, id).await? else {
            return Ok(());
        };
        let Some(present) = present.filter(|present| !present.is_empty()) else {
            return Err(Error::invalid(
                "current",
                "Your present password is needed for this change.",
            ));
        };
        let turn = self.hasher.turn().await?;
        if present.len() <= super::password::MOST && self.hasher.verify(turn, present, Some(hash)).await? {
            Ok(())
        } else {
            Err(Error::invalid("current", "This is not your present password."))
        }
    }

    async fn change(&self, session: &Session, id: Uuid, mut changes: Changes) -> Result<Changed, Error> {
        let request = session.request();
        let hash = match changes.password.take() {
            Some(password) => Some(self.hasher.hash(password).await?),
            None => None,
        };
        let mut tx = self.db.begin().await?;
        if changes.is_admin.is_some() || changes.active.is_some() {
            // Two administrators who block each other wait here for each other.
            access::advance(&mut tx).await?;
        }
        let before = store::load_in(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let after = User {
            changed: self.clock.now(),
            ..applied(&before, changes)
        };
        store::update(&mut tx, &after).await.map_err(name_taken)?;
        if let Some(hash) = &hash {
            store::set_password(&mut tx, id, hash).await?;
        }
        if before.roles != after.roles {
            store::replace_roles(&mut tx, &after).await?;
        }
        if before.roles != after.roles || before.is_admin != after.is_admin {
            store::raise_privileges(&mut tx, id).await?;
        }
        let sessions_ended = hash.is_some() || before.active && !after.active;
        if sessions_ended {
            store::raise_security(&mut tx, id).await?;
            let own = request.session.as_ref().filter(|own| own.user == id);
            self.sessions
                .end_others_in(&mut tx, id, own.map(|own| own.id))
                .await?;
        }
        if before.is_admin && before.active && !store::has_administrator_in(&mut tx).await? {
            return Err(Error::LastAdministrator);
        }
        for entry in entries(&before, &after, hash.is_some(), &request.account) {
            self.audit.record_in(&mut tx, request, entry).await?;
        }
        tx.commit().await?;
        tell::<taps::UserUpdate>(session, &after).await;
        Ok(Changed {
            user: after,
            sessions_ended,
        })
    }
}

fn applied(before: &User, changes: Changes) -> User {
    let before = before.clone();
    User {
        name: changes.name.unwrap_or(before.name),
        mail: changes.mail.unwrap_or(before.mail),
        active: changes.active.unwrap_or(before.active),
        is_admin: changes.is_admin.unwrap_or(before.is_admin),
        roles: changes.roles.unwrap_or(before.roles),
        timezone: changes.timezone.unwrap_or(before.timezone),
        language: changes.language.unwrap_or(before.language),
        ..before
    }
}

fn name_taken(error: db::Error) -> Error {
    match error {
        db::Error::Unique { .. } => Error::invalid("name", "This name is taken."),
        error => error.into(),
    }
}

/// What the audit is told of a change: an address or a password only as that it changed.
fn entries(before: &User, after: &User, password: bool, by: &Account) -> Vec<Entry> {
    let entry = |action| Entry::new(action).on("user", after.id, &after.name);
    let mut entries = Vec::new();
    if before.active != after.active {
        entries.push(entry(if after.active {
            "user.unblock"
        } else {
            "user.block"
        }));
    }
    if password {
        entries.push(entry("user.password").with("own", by.id == after.id));
    }
    if before.is_admin != after.is_admin {
        entries.push(entry("user.administrator").with("granted", after.is_admin));
    }
    for role in after.roles.iter().filter(|role| !before.roles.contains(role)) {
        entries.push(entry("user.role-given").with("role", role.to_string()));
    }
    for role in before.roles.iter().filter(|role| !after.roles.contains(role)) {
        entries.push(entry("user.role-taken").with("role", role.to_string()));
    }
    let mut fields = Vec::new();
    if before.name != after.name {
        fields.push("name");
    }
    if before.mail != after.mail {
        fields.push("mail");
    }
    if before.timezone != after.timezone || before.language != after.language {
        fields.push("settings");
    }
    if !fields.is_empty() {
        let entry = entry("user.update").with("fields", fields);
        entries.push(if before.name == after.name {
            entry
        } else {
            entry.with("former-name", before.name.as_str())
        });
    }
    entries
}
