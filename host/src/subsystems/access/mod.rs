//! Access: roles, the permissions that they grant, and the checks, which never wait.
//!
//! It must not know who has which role: people are another subject.

mod admin;
mod error;
mod model;
mod store;
mod table;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use arc_swap::ArcSwap;
use uuid::Uuid;

use super::audit::{Audit, Entry};
use super::change::Changes;
use super::{Session, Subsystem};
use crate::db::{self, Db};
use crate::request::Account;
use crate::time::Ids;

pub use error::Error;
pub use model::{ANONYMOUS, AUTHENTICATED, Grant, Group, Permission, Role};
pub use table::Permissions;

pub(crate) use store::advance;

/// The permission to change roles and permissions.
pub const ADMINISTER: &str = "administer permissions";
/// Characters of a role's machine name and of its label.
const NAME_LIMIT: usize = 64;
const LABEL_LIMIT: usize = 100;

/// The roles of the site.
pub struct Access {
    db: Db,
    ids: Ids,
    audit: Arc<Audit>,
    changes: Arc<Changes>,
    table: ArcSwap<table::Table>,
    /// What plugins at work declare, by their names.
    declared: ArcSwap<BTreeMap<String, Vec<Permission>>>,
    /// Two loads at once could leave the older one.
    loading: tokio::sync::Mutex<()>,
}

impl Access {
    /// Loads roles and permissions.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(db: Db, ids: Ids, audit: Arc<Audit>, changes: Arc<Changes>) -> db::Result<Self> {
        let table = ArcSwap::from_pointee(store::load(&db).await?);
        Ok(Self {
            db,
            ids,
            audit,
            changes,
            table,
            declared: ArcSwap::default(),
            loading: tokio::sync::Mutex::new(()),
        })
    }

    /// A visitor who is not signed in.
    #[must_use]
    pub fn visitor(&self) -> Account {
        Account::anonymous(self.table.load().of_visitors())
    }

    /// What somebody may do who is signed in and has these roles besides, sorted. People with the same roles share
    /// the answer.
    #[must_use]
    pub fn of_roles(&self, roles: &[Uuid]) -> Permissions {
        self.table.load().of_roles(roles)
    }

    /// What one role grants by itself.
    #[must_use]
    pub fn of_role(&self, role: Uuid) -> Permissions {
        self.table.load().of_role(role)
    }

    /// All roles in their order.
    #[must_use]
    pub fn roles(&self) -> Arc<[Role]> {
        self.table.load().roles.clone()
    }

    /// A role by its identifier.
    #[must_use]
    pub fn role(&self, id: Uuid) -> Option<Role> {
        self.roles().iter().find(|role| role.id == id).cloned()
    }

    /// A role by its machine name.
    #[must_use]
    pub fn role_named(&self, name: &str) -> Option<Role> {
        self.roles().iter().find(|role| role.name == name).cloned()
    }

    /// How many people were given each role.
    ///
    /// # Errors
    /// The database failed.
    pub async fn holders(&self) -> db::Result<HashMap<Uuid, i64>> {
        store::holders(&self.db).await
    }

    /// Takes up what other nodes have changed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn follow(&self) -> db::Result<()> {
        if store::generation(&self.db).await? != self.table.load().generation {
            self.reload().await?;
        }
        Ok(())
    }

    /// What was stored holds, here and then on the other nodes.
    async fn take_effect(&self) -> db::Result<()> {
        self.reload().await?;
        self.changes.tell().await;
        Ok(())
    }

    /// Loads everything again.
    ///
    /// # Errors
    /// The database failed.
    pub async fn reload(&self) -> db::Result<()> {
        // Held while the database answers: what is stored last must be what was read last.
        let _loading = self.loading.lock().await;
        self.table.store(Arc::new(store::load(&self.db).await?));
        Ok(())
    }

    /// Takes note of what the plugins at work declare.
    pub fn declare(&self, declared: BTreeMap<String, Vec<Permission>>) {
        self.declared.store(Arc::new(declared));
    }

    /// Every permission that there is, by those who declare it, and those that were granted and nobody declares any
    /// more.
    #[must_use]
    pub fn catalogue(&self, session: &Session) -> Vec<Group> {
        let mut groups = session.services().permissions();
        for (plugin, permissions) in self.declared.load().iter() {
            if !permissions.is_empty() {
                groups.push(Group::new(plugin.as_str(), permissions.clone()));
            }
        }
        let known: HashSet<&str> = groups
            .iter()
            .flat_map(|group| &group.permissions)
            .map(|permission| permission.name.as_str())
            .collect();
        let mut gone: Vec<String> = self.table.load().all_granted().into_iter().collect();
        gone.retain(|name| !known.contains(name.as_str()));
        gone.sort();
        if !gone.is_empty() {
            let permissions = gone.into_iter().map(|name| {
                Permission::new(
                    name,
                    "Nothing declares this now; what was granted comes back with it",
                )
            });
            groups.push(Group {
                gone: true,
                ..Group::new("No longer there", permissions.collect())
            });
        }
        groups
    }

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
        tx.commit().await?;
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

impl Subsystem for Access {
    fn admin_pages() -> Vec<super::admin::AdminPage> {
        admin::pages()
    }

    fn permissions(&self) -> Option<Group> {
        let administer =
            Permission::new(ADMINISTER, "Change roles, what they grant, and who has them").restricted();
        Some(Group::new("Roles and permissions", vec![administer]))
    }
}
