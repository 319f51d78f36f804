//! The permissions of all roles in memory: read without a lock, replaced as a whole.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arc_swap::ArcSwap;
use uuid::Uuid;

use super::model::{ANONYMOUS, AUTHENTICATED, Role};

/// Names of permissions, shared by everybody who has the same ones.
pub type Permissions = Arc<HashSet<String>>;

/// Sets of roles whose permissions are kept merged; more sets than this are merged each time.
const MOST_MERGED: usize = 1024;

/// The permissions of all roles at one moment.
pub(super) struct Table {
    pub generation: i64,
    pub roles: Arc<[Role]>,
    granted: HashMap<Uuid, Permissions>,
    /// By the sorted roles that somebody has, besides that of everybody who is signed in.
    merged: ArcSwap<HashMap<Box<[Uuid]>, Permissions>>,
}

impl Table {
    pub fn new(generation: i64, roles: Vec<Role>, granted: HashMap<Uuid, HashSet<String>>) -> Self {
        let granted = granted
            .into_iter()
            .map(|(role, names)| (role, Arc::new(names)))
            .collect();
        Self {
            generation,
            roles: roles.into(),
            granted,
            merged: ArcSwap::default(),
        }
    }

    pub fn of_role(&self, role: Uuid) -> Permissions {
        self.granted.get(&role).cloned().unwrap_or_default()
    }

    pub fn of_visitors(&self) -> Permissions {
        self.of_role(ANONYMOUS)
    }

    /// What somebody may do who is signed in and has these roles, sorted.
    pub fn of_roles(&self, roles: &[Uuid]) -> Permissions {
        if roles.is_empty() {
            return self.of_role(AUTHENTICATED);
        }
        if let Some(known) = self.merged.load().get(roles) {
            return known.clone();
        }
        let all = std::iter::once(&AUTHENTICATED).chain(roles);
        let names: HashSet<String> = all
            .filter_map(|role| self.granted.get(role))
            .flat_map(|names| names.iter().cloned())
            .collect();
        let fresh = Arc::new(names);
        self.merged.rcu(|merged| {
            let mut merged = HashMap::clone(merged);
            if merged.len() < MOST_MERGED {
                merged.insert(roles.into(), fresh.clone());
            }
            merged
        });
        fresh
    }

    /// Every permission that any role has.
    pub fn all_granted(&self) -> HashSet<String> {
        self.granted
            .values()
            .flat_map(|names| names.iter().cloned())
            .collect()
    }
}
