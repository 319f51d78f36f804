//! The map of the administration: every page with what lies above and below it.

use std::cmp::Reverse;

use super::page::{About, Kind};
use crate::request::Account;

/// Breadcrumbs above a page; a circle of parents ends here.
const CRUMBS: usize = 10;

/// A page in its place.
#[derive(Debug)]
pub struct Place {
    /// What is known of it.
    pub about: About,
    parent: Option<usize>,
    /// By weight, then by title.
    children: Vec<usize>,
}

/// All admin pages.
#[derive(Debug, Default)]
pub struct Map {
    places: Vec<Place>,
    paths: matchit::Router<usize>,
}

impl Map {
    /// Puts pages in their places. Of two pages with one path the first stays; the server refuses to start then.
    #[must_use]
    pub fn new(mut pages: Vec<About>) -> Self {
        pages.sort_by(|a, b| (a.weight, a.title).cmp(&(b.weight, b.title)));
        let parents: Vec<Option<usize>> = pages.iter().map(|page| parent_of(page, &pages)).collect();
        let mut paths = matchit::Router::new();
        for (index, page) in pages.iter().enumerate() {
            if let Err(error) = paths.insert(page.path, index) {
                tracing::error!("the admin page {} can't be reached: {error}", page.path);
            }
        }
        let places = pages.into_iter().enumerate().map(|(index, about)| Place {
            about,
            parent: parents.get(index).copied().flatten(),
            children: (0..parents.len())
                .filter(|child| parents.get(*child).copied().flatten() == Some(index))
                .collect(),
        });
        Self {
            places: places.collect(),
            paths,
        }
    }

    /// The page that a path leads to.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Place> {
        self.at(path).and_then(|(index, _)| self.places.get(index))
    }

    fn at(&self, path: &str) -> Option<(usize, Vec<(String, String)>)> {
        let found = self.paths.at(path).ok()?;
        let values = found.params.iter();
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some((*found.value, values.collect()))
    }

    /// All pages, each before those below it.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let tops = self.places.iter().filter(|place| place.parent.is_none());
        let mut waiting: Vec<&Place> = tops.collect();
        waiting.reverse();
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            let start = waiting.len();
            waiting.extend(self.below(next));
            waiting.get_mut(start..).into_iter().for_each(<[_]>::reverse);
            Some(next)
        })
    }

    /// The pages right below one, those first that come first.
    pub fn below<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Place> {
        place.children.iter().filter_map(|child| self.places.get(*child))
    }

    /// Whether somebody has a reason to go to a page: it is permitted, and a section has something in it.
    #[must_use]
    pub fn shows(&self, place: &Place, account: &Account) -> bool {
        permits(&place.about, account)
            && (!place.about.is_section
                || self
                    .below(place)
                    .any(|child| child.about.kind == Kind::Place && self.shows(child, account)))
    }

    /// Whether `inner` is `outer` or lies below it.
    #[must_use]
    pub fn is_within(&self, inner: &Place, outer: &Place) -> bool {
        self.line(inner).any(|place| std::ptr::eq(place, outer))
    }

    /// A page, the one above it, and so on.
    fn line<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Place> {
        let above = |place: &&'a Place| place.parent.and_then(|parent| self.places.get(parent));
        std::iter::successors(Some(place), above).take(CRUMBS)
    }

    /// The pages above a path, from the dashboard on, each with its address and title. A segment that stands for a
    /// name is called by it.
    #[must_use]
    pub fn above(&self, path: &str) -> Vec<(String, String)> {
        let Some((index, values)) = self.at(path) else {
            return Vec::new();
        };
        let Some(place) = self.places.get(index) else {
            return Vec::new();
        };
        let mut crumbs: Vec<_> = self
            .line(place)
            .skip(1)
            .map(|place| named(&place.about, &values))
            .collect();
        crumbs.reverse();
        crumbs
    }
}

/// Whether whoever asks may see a page, as far as its permission tells.
#[must_use]
pub fn permits(about: &About, account: &Account) -> bool {
    about.permission.is_none_or(|permission| account.may(permission))
}

fn parent_of(page: &About, pages: &[About]) -> Option<usize> {
    let wanted = |other: &About| match page.parent {
        Some(parent) => other.path == parent,
        None => page
            .path
            .strip_prefix(other.path)
            .is_some_and(|rest| rest.starts_with('/')),
    };
    let all = pages.iter().enumerate().filter(|(_, other)| wanted(other));
    all.min_by_key(|(_, other)| Reverse(other.path.len()))
        .map(|(index, _)| index)
}

/// The address and title of a page above, with the values that the path has for its `{name}` segments.
fn named(about: &About, values: &[(String, String)]) -> (String, String) {
    let mut path = about.path.to_owned();
    let mut title = about.title.to_owned();
    for (name, value) in values {
        let segment = format!("{{{name}}}");
        if path.ends_with(&segment) && uuid::Uuid::parse_str(value).is_err() {
            title = percent_encoding::percent_decode_str(value)
                .decode_utf8_lossy()
                .into_owned();
        }
        path = path.replace(&segment, value);
    }
    (path, title)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use axum::routing::get;

    use super::super::page::{AdminPage, ENTER};
    use super::*;

    fn page(path: &'static str, title: &'static str) -> AdminPage {
        AdminPage::new(path, title, get(async || ""))
    }

    fn map() -> Map {
        let pages = [
            page("/admin", "Dashboard"),
            AdminPage::section("/admin/reports", "Reports"),
            page("/admin/reports/log", "Log").permission("see reports"),
            page("/admin/plugins", "Plugins").weight(-1),
            page("/admin/plugins/{name}", "Plugin"),
            page("/admin/plugins/{name}/enable", "Enable").action(),
        ];
        Map::new(pages.into_iter().map(|page| page.about).collect())
    }

    fn account(permissions: &[&str]) -> Account {
        let permissions: HashSet<String> = permissions.iter().map(|&name| name.to_owned()).collect();
        Account::anonymous(Arc::new(permissions))
    }

    #[test]
    fn paths_say_what_lies_above_and_names_are_called_by_their_value() {
        let above = map().above("/admin/plugins/blog/enable");
        let above: Vec<_> = above
            .iter()
            .map(|(path, title)| (path.as_str(), title.as_str()))
            .collect();
        assert_eq!(
            above,
            [
                ("/admin", "Dashboard"),
                ("/admin/plugins", "Plugins"),
                ("/admin/plugins/blog", "blog")
            ]
        );
        let id = "018c0000-0000-7000-8000-000000000abc";
        let above = map().above(&format!("/admin/plugins/{id}/enable"));
        assert_eq!(above.last().map(|(_, title)| title.as_str()), Some("Plugin"));
        assert!(map().above("/admin/nothing").is_empty());
    }

    #[test]
    fn siblings_come_by_weight_and_a_section_is_shown_with_something_in_it_only() {
        let map = map();
        let shown = |account: &Account| {
            let root = map.find("/admin").unwrap();
            let below = map.below(root).filter(|place| map.shows(place, account));
            below.map(|place| place.about.title).collect::<Vec<_>>()
        };
        assert_eq!(shown(&account(&[ENTER])), ["Plugins"]);
        assert_eq!(shown(&account(&[ENTER, "see reports"])), ["Plugins", "Reports"]);
        assert!(shown(&account(&[])).is_empty());
    }
}
