//! What the site's links lead to: items, redirects, or nothing. The cache knows it for a few seconds, and forgets it at
//! once when one of the items or a menu changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::change::TAG;
use super::seen::as_stored;
use super::{Menus, store};
use crate::db;
use crate::subsystems::Session;
use crate::subsystems::alias::CHAIN;
use crate::subsystems::cache::{Entry as Kept, Key, Looked};

/// How long it is remembered: nobody tells that a path leads somewhere now, or elsewhere.
const REMEMBERED: Duration = Duration::from_secs(5);
/// Redirects that are followed from a link: the one that it leads to, and those behind it.
pub(super) const HOPS: usize = CHAIN + 1;

/// What some paths lead to.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Targets {
    /// By path, without slashes around it.
    pub leads: BTreeMap<String, Lead>,
    /// The items.
    pub items: BTreeMap<Uuid, Known>,
}

/// What a path leads to.
#[derive(Serialize, Deserialize)]
pub(super) enum Lead {
    Item(Uuid),
    /// On to another path, as it was written.
    Path(String),
}

/// What is known of an item.
#[derive(Serialize, Deserialize)]
pub(super) struct Known {
    pub item_type: String,
    pub published: bool,
    pub author: Uuid,
    /// The path by which people know it, without its leading slash.
    pub alias: Option<String>,
}

impl Targets {
    fn ids(&self) -> impl Iterator<Item = Uuid> {
        self.leads.values().filter_map(|lead| match lead {
            Lead::Item(id) => Some(*id),
            Lead::Path(_) => None,
        })
    }
}

impl Menus {
    /// Where these paths lead.
    pub(super) async fn targets(&self, session: &Session, paths: &BTreeSet<String>) -> db::Result<Targets> {
        let request = session.request();
        // A node that has not heard of a change yet asks for other paths.
        let generation = self.stored.load().generation.to_string();
        let key = Key::of_site(TAG, generation, request.stage);
        let flight = match self.cache.look(request.id, &key).await {
            Looked::Value(value) => match serde_json::from_slice(&value) {
                Ok(targets) => return Ok(targets),
                Err(_) => None,
            },
            Looked::Make(flight) => flight,
        };
        let targets = self.look_up(paths, request.stage).await?;
        if let Ok(value) = serde_json::to_vec(&targets) {
            let items = targets.ids().map(|id| format!("item:{id}"));
            let entry = Kept {
                value: Arc::from(value),
                tags: items.chain([TAG.to_owned()]).collect(),
                expires: Some(session.services().clock.clock().now().plus(REMEMBERED)),
            };
            self.cache.set(request.id, key, entry).await;
        }
        drop(flight);
        Ok(targets)
    }

    async fn look_up(&self, paths: &BTreeSet<String>, stage: Uuid) -> db::Result<Targets> {
        let mut targets = Targets::default();
        let mut asked = paths.clone();
        for _ in 0..=HOPS {
            asked.retain(|path| !path.is_empty() && !targets.leads.contains_key(path));
            if asked.is_empty() {
                break;
            }
            let found = self.leads(&asked).await?;
            asked = found.iter().filter_map(|(_, lead)| next(lead)).collect();
            targets.leads.extend(found);
        }
        let ids: BTreeSet<Uuid> = targets.ids().collect();
        let rows = store::items(&self.db, &ids, stage).await?;
        targets.items = rows.into_iter().map(known).collect();
        Ok(targets)
    }

    async fn leads(&self, paths: &BTreeSet<String>) -> db::Result<Vec<(String, Lead)>> {
        let rows = store::leads(&self.db, paths).await?.into_iter();
        let stored = rows.filter_map(|row| {
            let lead = match row.item_id {
                Some(id) => Lead::Item(id),
                None => Lead::Path(row.target?),
            };
            Some((row.path, lead))
        });
        let by_id = paths.iter().filter_map(|path| {
            let id = Uuid::try_parse(path.strip_prefix("item/")?).ok()?;
            Some((path.clone(), Lead::Item(id)))
        });
        Ok(stored.chain(by_id).collect())
    }
}

/// The path that one leads on to.
fn next(lead: &Lead) -> Option<String> {
    match lead {
        Lead::Path(path) => Some(as_stored(path)),
        Lead::Item(_) => None,
    }
}

fn known(row: store::ItemRow) -> (Uuid, Known) {
    let known = Known {
        item_type: row.item_type,
        published: row.published,
        author: row.author,
        alias: row.alias,
    };
    (row.id, known)
}
