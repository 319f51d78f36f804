//! Changing roles and what they grant.

use std::collections::HashSet;

use uuid::Uuid;

use super::model::{Grant, Role};
use super::{ADMINISTER, Access, Error, SESSIONS, store};
use crate::db::{self, Tx};
use crate::request::Account;
use crate::subsystems::Session;
use crate::subsystems::audit::Entry;
use crate::subsystems::cache::Recorded;

/// Characters of a role's machine name and of its label.
pub(super) const NAME_LIMIT: usize = 64;
pub(super) const LABEL_LIMIT: usize = 100;

impl Access {
    /// Grants and revokes, all or nothing. It holds on this node at once and on every other within a second.
    ///
    /// # Errors
    /// [`Error::Denied`], or [`Error::Invalid`] for a role or permission that does not exist.
    #[tracing::instrument(name = "access.grant", level = "debug", skip_all)]
    pub async fn grant(&self, session: &Session, grants: &[Grant]) -> Result<(), Error> {
        self.require(&session.request().account)?;
        let roles = self.roles();
        let catalogue = self.catalogue(session);
        let known: HashSet<&str> = catalogue
            .iter()
            .flat_map(|group| &group.permissions)
            .map(|permission| permission.name.as_str())
            .collect();
        for grant in grants {
            if !roles.iter().any(|role| role.id == grant.role) {
                return Err(Error::invalid("role", format!("there is no role {}", grant.role)));
            }
            if grant.granted && !known.contains(grant.permission.as_str()) {
                let message = format!("there is no permission '{}'", grant.permission);
                return Err(Error::invalid("permission", message));
            }
        }
        let mut tx = self.db.begin().await?;
        store::advance(&mut tx).await?;
        for grant in grants {
            if let Some(role) = roles.iter().find(|role| role.id == grant.role) {
                self.grant_in(&mut tx, session, role, &grant.permission, grant.granted)
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(self.take_effect().await?)
    }

    /// Grants or revokes, and records it where that is a change.
    pub(super) async fn grant_in(
        &self,
        tx: &mut Tx,
        session: &Session,
        role: &Role,
        permission: &str,
        granted: bool,
    ) -> db::Result<()> {
        let (changed, action) = if granted {
            (store::grant(tx, role.id, permission).await?, "permission.grant")
        } else {
            (store::revoke(tx, role.id, permission).await?, "permission.revoke")
        };
        if changed == 0 {
            return Ok(());
        }
        let entry = Entry::new(action)
            .on("role", role.id, &role.label)
            .with("permission", permission);
        self.audit.record_in(tx, session.request(), entry).await
    }

    /// Makes a role.
    ///
    /// # Errors
    /// [`Error::Denied`], or [`Error::Invalid`] for a name or label that can't be or is taken.
    pub async fn create_role(&self, session: &Session, name: &str, label: &str) -> Result<Role, Error> {
        self.require(&session.request().account)?;
        let roles = self.roles();
        let role = Role {
            id: self.ids.next(),
            name: name.to_owned(),
            label: check_label(label)?,
            weight: roles.iter().map(|role| role.weight).max().unwrap_or(0) + 1,
        };
        let mut tx = self.db.begin().await?;
        store::advance(&mut tx).await?;
        self.insert_in(&mut tx, session, &role).await?;
        tx.commit().await?;
        self.take_effect().await?;
        Ok(role)
    }

    pub(super) async fn insert_in(&self, tx: &mut Tx, session: &Session, role: &Role) -> Result<(), Error> {
        check(role)?;
        match store::insert(tx, role).await {
            Err(db::Error::Unique { .. }) => {
                return Err(Error::invalid(
                    "name",
                    format!("there is a role '{}' already", role.name),
                ));
            }
            result => result?,
        }
        let entry = Entry::new("role.create").on("role", role.id, &role.label);
        Ok(self.audit.record_in(tx, session.request(), entry).await?)
    }

    /// Changes how a role is called and where it stands.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], or [`Error::Invalid`] for the label.
    pub async fn update_role(
        &self,
        session: &Session,
        id: Uuid,
        label: &str,
        weight: i64,
    ) -> Result<(), Error> {
        self.require(&session.request().account)?;
        let role = Role {
            label: check_label(label)?,
            weight,
            ..self.role(id).ok_or(Error::NotFound)?
        };
        let mut tx = self.db.begin().await?;
        store::advance(&mut tx).await?;
        self.update_in(&mut tx, session, &role).await?;
        tx.commit().await?;
        Ok(self.take_effect().await?)
    }

    pub(super) async fn update_in(&self, tx: &mut Tx, session: &Session, role: &Role) -> Result<(), Error> {
        if store::update(tx, role).await? == 0 {
            return Err(Error::NotFound);
        }
        let entry = Entry::new("role.update").on("role", role.id, &role.label);
        Ok(self.audit.record_in(tx, session.request(), entry).await?)
    }

    /// Removes a role and takes it from everybody who has it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], or [`Error::BuiltIn`].
    pub async fn delete_role(&self, session: &Session, id: Uuid) -> Result<(), Error> {
        let role = self.role(id).ok_or(Error::NotFound)?;
        let mut tx = self.db.begin().await?;
        let held = self.delete_in(&mut tx, session, &role).await?;
        tx.commit().await?;
        self.cache.take_effect(held).await;
        Ok(self.take_effect().await?)
    }

    /// As [`Access::delete_role`], together with what else the transaction does. Whoever commits it has it take effect.
    ///
    /// # Errors
    /// As [`Access::delete_role`].
    pub async fn delete_in(&self, tx: &mut Tx, session: &Session, role: &Role) -> Result<Recorded, Error> {
        let request = session.request();
        self.require(&request.account)?;
        if role.is_built_in() {
            return Err(Error::BuiltIn(role.label.clone()));
        }
        store::advance(tx).await?;
        if store::delete(tx, role.id).await? == 0 {
            return Err(Error::NotFound);
        }
        let entry = Entry::new("role.delete").on("role", role.id, &role.label);
        self.audit.record_in(tx, request, entry).await?;
        Ok(self.cache.record(tx, &[SESSIONS.to_owned()]).await?)
    }

    pub(super) fn require(&self, account: &Account) -> Result<(), Error> {
        if account.may(ADMINISTER) {
            Ok(())
        } else {
            Err(Error::Denied)
        }
    }
}

/// Whether a role may be called this.
///
/// # Errors
/// [`Error::Invalid`].
pub fn check(role: &Role) -> Result<(), Error> {
    check_name(&role.name)?;
    check_label(&role.label).map(drop)
}

fn check_name(name: &str) -> Result<(), Error> {
    let fits = !name.is_empty()
        && name.len() <= NAME_LIMIT
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if fits {
        Ok(())
    } else {
        let message =
            format!("a role's name has 1 to {NAME_LIMIT} lower-case letters, digits and underscores");
        Err(Error::invalid("name", message))
    }
}

pub(super) fn check_label(label: &str) -> Result<String, Error> {
    let label = label.trim();
    let fits = (1..=LABEL_LIMIT).contains(&label.chars().count()) && !label.contains(char::is_control);
    if fits {
        Ok(label.to_owned())
    } else {
        let message = format!("a role is called something of 1 to {LABEL_LIMIT} characters");
        Err(Error::invalid("label", message))
    }
}
