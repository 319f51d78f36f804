//! Roles whose holders must have a second factor, kept in memory for every request to be judged by.

use std::collections::HashSet;
use std::sync::Arc;

use arc_swap::ArcSwap;
use uuid::Uuid;

use super::store;
use crate::db::{self, Db, Tx};
use crate::request::{Request, SignIn, SignInState};
use crate::subsystems::audit::{Audit, Entry};

/// The role of everybody who has signed in.
const AUTHENTICATED: Uuid = Uuid::from_u128(2);

/// Roles whose holders must have a second factor.
pub struct Requirement {
    db: Db,
    audit: Arc<Audit>,
    roles: ArcSwap<HashSet<Uuid>>,
}

impl Requirement {
    pub(super) async fn start(db: Db, audit: Arc<Audit>) -> db::Result<Self> {
        let roles = ArcSwap::from_pointee(store::requiring(&db).await?.into_iter().collect());
        Ok(Self { db, audit, roles })
    }

    /// Takes up what other nodes have changed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn follow(&self) -> db::Result<()> {
        let fresh: HashSet<Uuid> = store::requiring(&self.db).await?.into_iter().collect();
        if **self.roles.load() != fresh {
            self.roles.store(Arc::new(fresh));
        }
        Ok(())
    }

    /// The roles.
    #[must_use]
    pub fn roles(&self) -> Arc<HashSet<Uuid>> {
        self.roles.load_full()
    }

    /// Whether somebody with these roles must have a second factor.
    #[must_use]
    pub fn holds_for(&self, roles: &[Uuid]) -> bool {
        let requiring = self.roles.load();
        requiring.contains(&AUTHENTICATED) || roles.iter().any(|role| requiring.contains(role))
    }

    /// Whether a session is enough for the roles of its user: somebody who was signed in by a password alone when the
    /// requirement came has to sign in again.
    #[must_use]
    pub fn is_met_by(&self, session: &SignIn) -> bool {
        session.state != SignInState::Open || !self.holds_for(&session.roles)
    }

    /// Sets whether a role requires it, and records who did.
    ///
    /// # Returns
    /// Whether that is a change.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set(&self, by: &Request, role: Uuid, required: bool) -> db::Result<bool> {
        let mut tx = self.db.begin().await?;
        let changed = self.set_in(&mut tx, by, role, required).await?;
        tx.commit().await?;
        self.follow().await?;
        Ok(changed)
    }

    /// As [`Requirement::set`], together with what else the transaction does. Whoever commits it has everything followed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_in(&self, tx: &mut Tx, by: &Request, role: Uuid, required: bool) -> db::Result<bool> {
        let Some(label) = store::require(tx, role, required).await? else {
            return Ok(false);
        };
        let entry = Entry::new("role.two-factor")
            .on("role", role, label)
            .with("required", required);
        self.audit.record_in(tx, by, entry).await?;
        Ok(true)
    }
}
