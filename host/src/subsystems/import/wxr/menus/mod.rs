//! The menus of an export: their links in their order, each behind the one above it.

mod arrange;
mod draft;
mod goal;
mod leads;
mod name;

use std::collections::{HashMap, HashSet};

use super::entry::Entry;
pub(super) use leads::{Leads, To};

/// Menus of one export.
const MENUS: usize = 50;

/// A menu.
#[derive(Debug)]
pub(super) struct Menu {
    /// Its name in addresses.
    pub(super) slug: String,
    /// Its name for people.
    pub(super) label: String,
    links: Vec<Link>,
}

/// A link of a menu.
#[derive(Debug)]
pub(super) struct Link {
    /// The line in which its entry begins.
    pub(super) line: usize,
    /// What its entry is called in reports.
    pub(super) name: String,
    /// Its text; empty where it is called as what it leads to.
    pub(super) title: String,
    pub(super) to: To,
    /// Whether it opened in another window.
    pub(super) is_elsewhere: bool,
    number: String,
    above: String,
    order: i64,
}

/// A link in its place.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub(super) link: &'a Link,
    /// The place of the link above it, which comes before.
    pub(super) above: Option<usize>,
}

/// The menus of an export in the order of their first links.
#[derive(Debug, Default)]
pub(super) struct Menus(pub(super) Vec<Menu>);

impl Menus {
    /// Adds a link to its menu.
    ///
    /// # Errors
    /// Why it can't be.
    pub(super) fn add(&mut self, entry: &Entry) -> Result<(), String> {
        let Some((slug, label)) = &entry.menu else {
            return Err("it is a link of no menu".to_owned());
        };
        let slug = if slug.is_empty() { label } else { slug };
        let link = Link {
            line: entry.line,
            name: entry.name().to_owned(),
            title: entry.title.clone(),
            to: entry.leads.to(),
            is_elsewhere: entry.leads.is_elsewhere(),
            number: entry.number.clone(),
            above: entry.leads.above.clone(),
            order: entry.order,
        };
        if let Some(menu) = self.0.iter_mut().find(|menu| menu.slug == *slug) {
            menu.links.push(link);
        } else if self.0.len() < MENUS {
            self.0.push(Menu {
                slug: slug.clone(),
                label: label.clone(),
                links: vec![link],
            });
        } else {
            return Err(format!("it is a link of a further menu: {MENUS} are imported"));
        }
        Ok(())
    }
}

impl Menu {
    /// The line of its first link.
    pub(super) fn line(&self) -> usize {
        self.links.iter().map(|link| link.line).min().unwrap_or(1)
    }

    /// Its links, each behind the one above it, and those that lie below themselves.
    pub(super) fn placed(&self) -> (Vec<Placed<'_>>, Vec<&Link>) {
        let mut ordered: Vec<&Link> = self.links.iter().collect();
        ordered.sort_by_key(|link| link.order);
        let numbers: HashSet<&str> = ordered.iter().map(|link| link.number.as_str()).collect();
        let mut below: HashMap<&str, Vec<&Link>> = HashMap::new();
        for link in ordered.iter().rev() {
            let above = link.above.as_str();
            // One whose link above is gone stands at the top, as it did.
            let above = if above != "0" && numbers.contains(above) {
                above
            } else {
                ""
            };
            below.entry(above).or_default().push(link);
        }
        let top = below.remove("").unwrap_or_default();
        let mut next: Vec<(&Link, Option<usize>)> = top.into_iter().map(|link| (link, None)).collect();
        let mut placed = Vec::with_capacity(ordered.len());
        while let Some((link, above)) = next.pop() {
            let here = placed.len();
            placed.push(Placed { link, above });
            // What is taken away is not come to again.
            let further = below.remove(link.number.as_str()).unwrap_or_default();
            next.extend(further.into_iter().map(|link| (link, Some(here))));
        }
        let mut circling: Vec<&Link> = below.into_values().flatten().collect();
        circling.sort_by_key(|link| link.line);
        (placed, circling)
    }
}
