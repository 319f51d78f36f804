//! What the site's links lead to: items, redirects, or nothing. The cache knows it until one of the items changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::change::TAG;
use super::{Menus, store};
use crate::db;
use crate::subsystems::Session;
use crate::subsystems::cache::{Entry as Kept, Key, Looked};

/// How long it is remembered what leads nowhere, and where redirects are.
const REMEMBERED: Duration = Duration::from_secs(5);

/// What some paths lead to.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Targets {
    /// By path, without slashes around it: an item, or none for a redirect.
    pub leads: BTreeMap<String, Option<Uuid>>,
    /// The items.
    pub items: BTreeMap<Uuid, Known>,
}

/// What is known of an item.
#[derive(Serialize, Deserialize)]
pub(super) struct Known {
    pub item_type: String,
    pub published: bool,
    /// The path by which people know it, without its leading slash.
    pub alias: Option<String>,
}

impl Menus {
    /// Where these paths lead.
    pub(super) async fn targets(&self, session: &Session, paths: &BTreeSet<String>) -> db::Result<Targets> {
        let request = session.request();
        let key = Key {
            owner: "site".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            bin: TAG.to_owned(),
            // A node that has not heard of a change yet asks for other paths.
            key: self.stored.load().generation.to_string(),
            stage: request.stage,
        };
        let flight = match self.cache.look(request.id, &key).await {
            Looked::Value(value) => match serde_json::from_slice(&value) {
                Ok(targets) => return Ok(targets),
                Err(_) => None,
            },
            Looked::Make(flight) => flight,
        };
        let targets = self.look_up(paths).await?;
        if let Ok(value) = serde_json::to_vec(&targets) {
            let items = targets.leads.values().flatten();
            let entry = Kept {
                value: Arc::from(value),
                tags: items
                    .map(|id| format!("item:{id}"))
                    .chain([TAG.to_owned()])
                    .collect(),
                expires: Some(session.services().clock.clock().now().plus(REMEMBERED)),
            };
            self.cache.set(request.id, key, entry).await;
        }
        drop(flight);
        Ok(targets)
    }

    async fn look_up(&self, paths: &BTreeSet<String>) -> db::Result<Targets> {
        let mut leads: BTreeMap<String, Option<Uuid>> =
            store::leads(&self.db, paths).await?.into_iter().collect();
        for path in paths {
            let id = path.strip_prefix("item/").and_then(|id| Uuid::try_parse(id).ok());
            if id.is_some() {
                leads.insert(path.clone(), id);
            }
        }
        let ids: BTreeSet<Uuid> = leads.values().flatten().copied().collect();
        let rows = store::items(&self.db, &ids).await?;
        let items = rows.into_iter().map(|row| {
            let known = Known {
                item_type: row.item_type,
                published: row.published,
                alias: row.alias,
            };
            (row.id, known)
        });
        Ok(Targets {
            leads,
            items: items.collect(),
        })
    }
}
