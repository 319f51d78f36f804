//! Which links somebody is shown: none that lead to what they may not see, and none that lead nowhere.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::links::{Entry, Links};
use super::targets::Targets;
use super::{Menus, Table};
use crate::db;
use crate::subsystems::alias::RESERVED;
use crate::subsystems::{Session, item};
use crate::taps;

/// What somebody may see of what links lead to.
pub(super) struct Sight<'a> {
    session: &'a Session,
    /// None where it is not known: what is not known may be something that nobody may see.
    targets: Option<Targets>,
    seen: BTreeSet<Uuid>,
}

/// The path of a link, without query and fragment.
pub(super) fn bare(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

/// A path as aliases are stored, as the server reads it from a request.
fn as_stored(path: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(bare(path)).decode_utf8_lossy();
    decoded.trim_matches('/').to_owned()
}

impl Menus {
    pub(super) async fn sight<'a>(&self, session: &'a Session, links: &Links) -> Sight<'a> {
        let (targets, seen) = match self.known(session, links).await {
            Ok((targets, seen)) => (Some(targets), seen),
            Err(error) => {
                // A page without some links is better than none.
                tracing::warn!("what menus lead to is not known, and not shown: {error}");
                (None, BTreeSet::new())
            }
        };
        Sight {
            session,
            targets,
            seen,
        }
    }

    async fn known(&self, session: &Session, links: &Links) -> db::Result<(Targets, BTreeSet<Uuid>)> {
        let own: BTreeSet<String> = links
            .values()
            .flatten()
            .filter(|entry| !entry.declared && entry.shown && entry.path.starts_with('/'))
            .map(|entry| as_stored(&entry.path))
            .filter(|path| !path.is_empty())
            .collect();
        if own.is_empty() {
            return Ok(Default::default());
        }
        let targets = self.targets(session, &own).await?;
        let seen = seen(session, &targets).await?;
        Ok((targets, seen))
    }
}

/// The items that somebody may see. What visitors see is known without loading any, unless plugins decide about it.
async fn seen(session: &Session, targets: &Targets) -> db::Result<BTreeSet<Uuid>> {
    let services = session.services();
    let account = &session.request().account;
    if account.id.is_nil() && !session.has::<taps::ItemAccess>() {
        let public = account.may("access content");
        let seen = targets.items.iter().filter(|(_, known)| {
            let open = !services.item_types.is_unguarded(&known.item_type);
            open && (known.published && public || account.may("view unpublished content"))
        });
        return Ok(seen.map(|(id, _)| *id).collect());
    }
    let ids: Vec<Uuid> = targets.items.keys().copied().collect();
    match services.items.find_many(session, &ids).await {
        Ok(items) => Ok(items.into_iter().map(|item| item.id).collect()),
        Err(item::Error::Db(error)) => Err(error),
        Err(error) => Err(db::Error::Other(error.into())),
    }
}

impl Sight<'_> {
    fn routes(&self) -> &Table {
        &self.session.registry().noted().routes
    }

    /// Whether somebody is shown a link. Its path is understood as the server does it: what a plugin declares word for
    /// word, what has a path of its own, plugins' patterns, and the host's pages.
    pub(super) fn sees(&self, entry: &Entry) -> bool {
        let path = bare(&entry.path);
        if !path.starts_with('/') || path == "/" {
            return true;
        }
        let account = &self.session.request().account;
        let route = self.routes().resolve(path);
        let may = |found: &super::Found<'_>| account.may(&found.route.permission);
        if let Some(found) = route.as_ref().filter(|found| found.parameters.is_empty()) {
            return may(found);
        }
        let Some(targets) = &self.targets else {
            return false;
        };
        let stored = as_stored(path);
        match (targets.leads.get(&stored), route) {
            (Some(Some(id)), _) => self.seen.contains(id),
            (Some(None), _) => true,
            (None, Some(found)) => may(&found),
            (None, None) => self.sees_host(path, &stored),
        }
    }

    fn sees_host(&self, path: &str, stored: &str) -> bool {
        let first = stored.split('/').next().unwrap_or_default();
        let map = self.session.services().admin.map();
        match map.find(path.trim_end_matches('/')) {
            Some(place) => map.shows(place, &self.session.request().account),
            None => RESERVED.contains(&first),
        }
    }

    /// Where a link leads: to the path by which people know an item, where it has one.
    pub(super) fn href(&self, entry: &Entry) -> String {
        let path = bare(&entry.path);
        let alias = || {
            let targets = self.targets.as_ref()?;
            let id = targets.leads.get(path.strip_prefix('/')?)?.as_ref()?;
            targets.items.get(id)?.alias.as_deref()
        };
        match alias() {
            Some(alias) if !entry.declared => {
                format!("/{alias}{}", entry.path.get(path.len()..).unwrap_or_default())
            }
            _ => entry.path.clone(),
        }
    }
}
