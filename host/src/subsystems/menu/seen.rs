//! Which links somebody is shown: none that lead to what they may not see, and none that lead nowhere.

use std::borrow::Cow;
use std::collections::BTreeSet;

use uuid::Uuid;

use super::links::{Entry, Links};
use super::targets::{HOPS, Lead, Targets};
use super::{Menus, Table, encoded};
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

/// The path of a link or of a request, as the server reads it.
pub(super) fn decoded(path: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(bare(path)).decode_utf8_lossy()
}

/// A path as aliases are stored.
pub(super) fn as_stored(path: &str) -> String {
    decoded(path).trim_matches('/').to_owned()
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

/// The items that somebody may see. That is known without loading any, unless plugins decide about it.
async fn seen(session: &Session, targets: &Targets) -> db::Result<BTreeSet<Uuid>> {
    let services = session.services();
    if !session.has::<taps::ItemAccess>() {
        let (account, types) = (&session.request().account, &services.item_types);
        let seen = targets.items.iter().filter(|(_, known)| {
            let is_open = types.get(&known.item_type).is_some() && !types.is_unguarded(&known.item_type);
            is_open && item::may_view(account, known.published, known.author)
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

    /// The page that a plugin declares word for word.
    fn page(&self, path: &str) -> Option<super::Found<'_>> {
        let found = self.routes().resolve(path);
        found.filter(|found| found.parameters.is_empty())
    }

    /// Whether somebody is shown a link. Its path is understood as the server does it: what a plugin declares word for
    /// word, what has a path of its own, plugins' patterns, and the host's pages.
    pub(super) fn sees(&self, entry: &Entry) -> bool {
        self.sees_path(&entry.path, HOPS)
    }

    fn sees_path(&self, path: &str, hops: usize) -> bool {
        let path = decoded(path);
        if !path.starts_with('/') || path == "/" {
            return true;
        }
        let account = &self.session.request().account;
        if let Some(found) = self.page(&path) {
            return account.may(&found.route.permission);
        }
        let Some(targets) = &self.targets else {
            return false;
        };
        let stored = path.trim_matches('/');
        match (targets.leads.get(stored), self.routes().resolve(&path)) {
            (Some(Lead::Item(id)), _) => self.seen.contains(id),
            (Some(Lead::Path(next)), _) => hops > 0 && self.sees_path(next, hops - 1),
            (None, Some(found)) => account.may(&found.route.permission),
            (None, None) => self.sees_host(&path, stored),
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
        let rest = entry.path.get(bare(&entry.path).len()..).unwrap_or_default();
        match self.alias(entry) {
            Some(alias) => format!("/{}{rest}", encoded(alias)),
            None => entry.path.clone(),
        }
    }

    fn alias(&self, entry: &Entry) -> Option<&str> {
        if entry.declared || !entry.path.starts_with('/') || self.page(&decoded(&entry.path)).is_some() {
            return None;
        }
        let targets = self.targets.as_ref()?;
        match targets.leads.get(&as_stored(&entry.path))? {
            Lead::Item(id) => targets.items.get(id)?.alias.as_deref(),
            Lead::Path(_) => None,
        }
    }
}
