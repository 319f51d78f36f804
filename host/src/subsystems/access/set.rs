//! Roles as they are to be, with all that they grant, together with what else a transaction does.

use std::collections::BTreeSet;

use super::change::check_label;
use super::model::Role;
use super::{Access, Error, store};
use crate::db::Tx;
use crate::subsystems::Session;

/// What a role is to be.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The machine name, by which a role is found that is there already.
    pub name: &'a str,
    /// The name that people see.
    pub label: &'a str,
    /// Lower comes first.
    pub weight: i64,
    /// What it grants.
    pub permissions: &'a BTreeSet<String>,
}

impl Access {
    /// Makes a role what it is to be. Of the permissions that are not `declared` none is taken from it: they wait for
    /// whoever declared them. Whoever commits the transaction has it take effect.
    ///
    /// # Errors
    /// [`Error::Denied`], or [`Error::Invalid`] for a name, label or permission that can't be.
    pub async fn put_in(
        &self,
        tx: &mut Tx,
        session: &Session,
        wanted: &Wanted<'_>,
        declared: &BTreeSet<String>,
    ) -> Result<Role, Error> {
        self.require(&session.request().account)?;
        if let Some(unknown) = wanted.permissions.difference(declared).next() {
            return Err(Error::invalid(
                "permission",
                format!("there is no permission '{unknown}'"),
            ));
        }
        store::advance(tx).await?;
        let present = self.role_named(wanted.name);
        let role = Role {
            id: present.as_ref().map_or_else(|| self.ids.next(), |role| role.id),
            name: wanted.name.to_owned(),
            label: check_label(wanted.label)?,
            weight: wanted.weight,
        };
        match present {
            None => self.insert_in(tx, session, &role).await?,
            Some(present) if present != role => self.update_in(tx, session, &role).await?,
            Some(_) => {}
        }
        let granted = self.of_role(role.id);
        for permission in wanted.permissions.iter().filter(|name| !granted.contains(*name)) {
            self.grant_in(tx, session, &role, permission, true).await?;
        }
        let mut taken: Vec<&String> = granted
            .iter()
            .filter(|name| declared.contains(*name) && !wanted.permissions.contains(*name))
            .collect();
        taken.sort();
        for permission in taken {
            self.grant_in(tx, session, &role, permission, false).await?;
        }
        Ok(role)
    }
}
