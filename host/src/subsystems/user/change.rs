//! Changing accounts.

use uuid::Uuid;

use super::check::{Check, may_change};
use super::confirm::Purpose;
use super::model::{Changes, User};
use super::told::entries;
use super::{ADMINISTER, Error, Users, store, tell};
use crate::db::{self, Tx};
use crate::request::{Account, Request};
use crate::subsystems::Session;
use crate::subsystems::access;
use crate::taps;

/// What changing an account did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The account as it is now.
    pub user: User,
    /// Whether its sessions were ended, but for the one that asked. That one needs another id.
    pub sessions_ended: bool,
    /// The address that will be the account's when it is confirmed.
    pub to_confirm: Option<String>,
}

impl Users {
    /// Changes an account, then tells the `user-update` taps. People who change their own password or address say
    /// their present password; where addresses are confirmed, another one counts once its owner has followed a link.
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
        let to_confirm = self.to_confirm(asks, &before, &mut changes);
        let mut changed = self.change(session, id, changes).await?;
        if let Some(mail) = to_confirm {
            let mut tx = self.db.begin().await?;
            let link = self.note_address(&mut tx, id, &mail, Purpose::Change).await?;
            tx.commit().await?;
            self.send_link(&session.request().origin, &changed.user, &link)
                .await;
            changed.to_confirm = Some(mail);
        }
        Ok(changed)
    }

    /// Takes the address out of the changes that has to be confirmed first. Who administers people may set any.
    fn to_confirm(&self, asks: &Account, before: &User, changes: &mut Changes) -> Option<String> {
        let own = asks.id == before.id && !asks.may(ADMINISTER) && self.confirms();
        let differs = |mail: &String| own && before.mail.as_ref() != Some(mail);
        let mail = changes.mail.as_ref()?.clone().filter(differs)?;
        changes.mail = None;
        Some(mail)
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

    pub(super) async fn change(
        &self,
        session: &Session,
        id: Uuid,
        mut changes: Changes,
    ) -> Result<Changed, Error> {
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
        let sessions_ended = self
            .write(&mut tx, request, &before, &after, hash.as_deref())
            .await?;
        if before.is_admin && before.active && !store::has_administrator_in(&mut tx).await? {
            return Err(Error::LastAdministrator);
        }
        for entry in entries(&before, &after, hash.is_some(), &request.account) {
            self.audit.record_in(&mut tx, request, entry).await?;
        }
        let ended = self.sessions.record(&mut tx, id).await?;
        tx.commit().await?;
        self.sessions.take_effect(ended).await;
        self.tell_of_changes(&before, &after, hash.is_some()).await;
        tell::<taps::UserUpdate>(session, &after).await;
        Ok(Changed {
            user: after,
            sessions_ended,
            to_confirm: None,
        })
    }

    /// Stores an account as it is to be. Says whether its sessions were ended, but for the one that asks.
    async fn write(
        &self,
        tx: &mut Tx,
        request: &Request,
        before: &User,
        after: &User,
        hash: Option<&str>,
    ) -> Result<bool, Error> {
        let id = after.id;
        store::update(tx, after).await.map_err(name_taken)?;
        if let Some(hash) = hash {
            store::set_password(tx, id, hash).await?;
        }
        if before.roles != after.roles {
            store::replace_roles(tx, after).await?;
        }
        if before.roles != after.roles || before.is_admin != after.is_admin {
            store::raise_privileges(tx, id).await?;
        }
        let sessions_ended = hash.is_some() || before.active && !after.active;
        if sessions_ended {
            store::raise_security(tx, id).await?;
            let own = request.session.as_ref().filter(|own| own.user == id);
            self.sessions.end_others_in(tx, id, own.map(|own| own.id)).await?;
        }
        Ok(sessions_ended)
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

pub(super) fn name_taken(error: db::Error) -> Error {
    match error {
        db::Error::Unique { .. } => Error::invalid("name", "This name is taken."),
        error => error.into(),
    }
}
