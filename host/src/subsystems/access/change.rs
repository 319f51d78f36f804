//! Changing roles and what they grant.

use std::collections::HashSet;

use uuid::Uuid;

use super::model::{Grant, Role};
use super::{ADMINISTER, Access, Error, SESSIONS, store};
use crate::db;
use crate::request::Account;
use crate::subsystems::Session;
use crate::subsystems::audit::Entry;

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
        let request = session.request();
        self.require(&request.account)?;
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
            let (changed, action) = if grant.granted {
                (
                    store::grant(&mut tx, grant.role, &grant.permission).await?,
                    "permission.grant",
                )
            } else {
                (
                    store::revoke(&mut tx, grant.role, &grant.permission).await?,
                    "permission.revoke",
                )
            };
            let role = roles.iter().find(|role| role.id == grant.role);
            if let (1.., Some(role)) = (changed, role) {
                let entry = Entry::new(action)
                    .on("role", role.id, &role.label)
                    .with("permission", grant.permission.as_str());
                self.audit.record_in(&mut tx, request, entry).await?;
            }
        }
        tx.commit().await?;
        Ok(self.take_effect().await?)
    }

    /// Makes a role.
    ///
    /// # Errors
    /// [`Error::Denied`], or [`Error::Invalid`] for a name or label that can't be or is taken.
    pub async fn create_role(&self, session: &Session, name: &str, label: &str) -> Result<Role, Error> {
        let request = session.request();
        self.require(&request.account)?;
        check_name(name)?;
        let roles = self.roles();
        let role = Role {
            id: self.ids.next(),
            name: name.to_owned(),
            label: check_label(label)?,
            weight: roles.iter().map(|role| role.weight).max().unwrap_or(0) + 1,
        };
        let mut tx = self.db.begin().await?;
        store::advance(&mut tx).await?;
        match store::insert(&mut tx, &role).await {
            Err(db::Error::Unique { .. }) => {
                return Err(Error::invalid(
                    "name",
                    format!("there is a role '{name}' already"),
                ));
            }
            result => result?,
        }
        let entry = Entry::new("role.create").on("role", role.id, &role.label);
        self.audit.record_in(&mut tx, request, entry).await?;
        tx.commit().await?;
        self.take_effect().await?;
        Ok(role)
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
        let request = session.request();
        self.require(&request.account)?;
        let role = Role {
            label: check_label(label)?,
            weight,
            ..self.role(id).ok_or(Error::NotFound)?
        };
        let mut tx = self.db.begin().await?;
        store::advance(&mut tx).await?;
        if store::update(&mut tx, &role).await? == 0 {
            return Err(Error::NotFound);
        }
        let entry = Entry::new("role.update").on("role", role.id, &role.label);
        self.audit.record_in(&mut tx, request, entry).await?;
        tx.commit().await?;
        Ok(self.take_effect().await?)
    }

    /// Removes a role and takes it from everybody who has it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], or [`Error::BuiltIn`].
    pub async fn delete_role(&self, session: &Session, id: Uuid) -> Result<(), Error> {
        let request = session.request();
        self.require(&request.account)?;
        let role = self.role(id).ok_or(Error::NotFound)?;
        if role.is_built_in() {
            return Err(Error::BuiltIn(role.label));
        }
        let mut tx = self.db.begin().await?;
        store::advance(&mut tx).await?;
        if store::delete(&mut tx, id).await? == 0 {
            return Err(Error::NotFound);
        }
        let entry = Entry::new("role.delete").on("role", role.id, &role.label);
        self.audit.record_in(&mut tx, request, entry).await?;
        let held = self.cache.record(&mut tx, &[SESSIONS.to_owned()]).await?;
        tx.commit().await?;
        self.cache.take_effect(held).await;
        Ok(self.take_effect().await?)
    }

    fn require(&self, account: &Account) -> Result<(), Error> {
        if account.may(ADMINISTER) {
            Ok(())
        } else {
            Err(Error::Denied)
        }
    }
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

fn check_label(label: &str) -> Result<String, Error> {
    let label = label.trim();
    let fits = (1..=LABEL_LIMIT).contains(&label.chars().count()) && !label.contains(char::is_control);
    if fits {
        Ok(label.to_owned())
    } else {
        let message = format!("a role is called something of 1 to {LABEL_LIMIT} characters");
        Err(Error::invalid("label", message))
    }
}
