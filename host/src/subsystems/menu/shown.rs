//! The menus of a page, as themes get them.

use std::collections::BTreeMap;

use super::Menus;
use super::links::{self, Branch};
use super::seen::{Sight, decoded};
use crate::subsystems::Session;
use crate::subsystems::theme::MenuLink;

/// The links of each menu that whoever asks is shown.
pub type Shown = BTreeMap<String, Vec<MenuLink>>;

impl Menus {
    /// All menus for whoever asks. What is not known of links is not shown.
    pub async fn shown(&self, session: &Session) -> Shown {
        let links = self.links(session);
        let sight = self.sight(session, &links).await;
        let here = &decoded(&session.request().path);
        let menus = self.all().into_iter().map(|menu| {
            let entries = links.get(&menu.name).map_or(&[][..], Vec::as_slice);
            let tree = links::tree(entries, &|entry| sight.sees(entry));
            (menu.name, shown(&sight, &tree, here))
        });
        menus.collect()
    }

    /// The texts of those links of a menu that should be shown and are not to whoever asks.
    pub(super) async fn unseen(&self, session: &Session, menu: &str) -> Vec<String> {
        let links = self.links(session);
        let sight = self.sight(session, &links).await;
        let entries = links.get(menu).into_iter().flatten();
        let unseen = entries.filter(|entry| entry.shown && !sight.sees(entry));
        unseen.map(|entry| entry.title.clone()).collect()
    }
}

/// A link is active where the page lies at or below it, or below one of those below it.
fn shown(sight: &Sight<'_>, branches: &[Branch<'_>], here: &str) -> Vec<MenuLink> {
    let link = |branch: &Branch<'_>| {
        let href = sight.href(branch.entry);
        let below = shown(sight, &branch.below, here);
        MenuLink {
            title: branch.entry.title.clone(),
            active: is_within(&decoded(&href), here) || below.iter().any(|link| link.active),
            href,
            below,
        }
    };
    branches.iter().map(link).collect()
}

/// Whether a page lies at or below a path. Everything lies below the home page, which says nothing.
fn is_within(path: &str, here: &str) -> bool {
    here.strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || path != "/" && rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn a_page_lies_below_the_paths_that_its_own_begins_with() {
        assert!(is_within("/blog", "/blog") && is_within("/blog", "/blog/2024/x"));
        assert!(!is_within("/blog", "/blogs") && !is_within("/blog/x", "/blog"));
        assert!(is_within("/", "/") && !is_within("/", "/blog"));
        assert!(!is_within("", "blog") && !is_within("https://example.org", "/blog"));
    }
}
