//! Access: roles, the permissions that they grant, and the checks, which never wait.
//!
//! It must not know who has which role: people are another subject.

mod admin;
mod change;
mod error;
mod model;
mod set;
mod store;
mod table;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use arc_swap::ArcSwap;
use uuid::Uuid;

use super::audit::Audit;
use super::cache::Cache;
use super::change::Changes;
use super::{Session, Subsystem};
use crate::db::{self, Db};
use crate::request::Account;
use crate::time::Ids;

pub use change::check;
pub use error::Error;
pub use model::{ANONYMOUS, AUTHENTICATED, Grant, Group, Permission, Role};
pub use set::Wanted;
pub use table::Permissions;

pub(crate) use store::advance;

/// The permission to change roles and permissions.
pub const ADMINISTER: &str = "administer permissions";
/// The tag of what is kept of anybody's session, with the roles of its user.
pub const SESSIONS: &str = "session";

/// The roles of the site.
pub struct Access {
    db: Db,
    ids: Ids,
    audit: Arc<Audit>,
    changes: Arc<Changes>,
    cache: Arc<Cache>,
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
    pub async fn start(
        db: Db,
        ids: Ids,
        audit: Arc<Audit>,
        changes: Arc<Changes>,
        cache: Arc<Cache>,
    ) -> db::Result<Self> {
        let table = ArcSwap::from_pointee(store::load(&db).await?);
        Ok(Self {
            db,
            ids,
            audit,
            changes,
            cache,
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

    /// Has what was stored hold, here and then on the other nodes.
    ///
    /// # Errors
    /// The database failed.
    pub async fn take_effect(&self) -> db::Result<()> {
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
        self.catalogue_without(session, &[])
    }

    /// As [`Access::catalogue`] will be without these plugins.
    #[must_use]
    pub fn catalogue_without(&self, session: &Session, leaving: &[&str]) -> Vec<Group> {
        let mut groups = session.services().permissions();
        for (plugin, permissions) in self.declared.load().iter() {
            if !permissions.is_empty() && !leaving.contains(&plugin.as_str()) {
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
