//! The links of a menu: those that plugins declare, with what the site has changed about them, and the site's own.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::store::Stored;
use super::table::Table;

/// How deep links may lie below one another.
pub const DEPTH: usize = 3;
/// Links of one menu.
pub const MOST: usize = 200;

/// A menu.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Menu {
    /// The machine name, by which themes find it.
    pub name: String,
    /// The name that people see.
    pub label: String,
}

/// A link in a menu.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// What names it: the path that a plugin declares, or an identifier.
    pub key: String,
    /// Its text.
    pub title: String,
    /// Where it leads.
    pub path: String,
    /// The key of the link above.
    pub parent: Option<String>,
    /// Whether it is shown at all.
    pub shown: bool,
    /// Whether a plugin declares it.
    pub declared: bool,
}

/// A link as somebody has laid it out: it has no key yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    /// Its text.
    pub title: String,
    /// Where it leads.
    pub path: String,
    /// Whether it is shown at all.
    pub shown: bool,
    /// Whether a plugin declares it.
    pub declared: bool,
    /// The place of the link above among those laid out; it comes before.
    pub above: Option<usize>,
}

/// A link with those below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch<'a> {
    /// The link.
    pub entry: &'a Entry,
    /// Those below it.
    pub below: Vec<Branch<'a>>,
}

impl From<&Stored> for Entry {
    fn from(link: &Stored) -> Self {
        Self {
            key: link.key.clone(),
            title: link.title.clone(),
            path: link.path.clone(),
            parent: link.parent.clone(),
            shown: link.shown,
            declared: link.declared,
        }
    }
}

/// All links by menu, each menu in its order.
pub(super) type Links = BTreeMap<String, Vec<Entry>>;

/// Puts together what plugins declare and what is stored. What is stored of a link whose plugin is gone waits for it.
pub(super) fn merge(table: &Table, stored: &[Stored]) -> Links {
    let changed: BTreeSet<&str> = stored
        .iter()
        .filter(|link| link.declared)
        .map(|link| link.key.as_str())
        .collect();
    let declared: BTreeSet<&str> = table.links().map(|(_, link)| link.path.as_str()).collect();
    let mut all: BTreeMap<String, Vec<(i64, Entry)>> = BTreeMap::new();
    for (menu, link) in table
        .links()
        .filter(|(_, link)| !changed.contains(link.path.as_str()))
    {
        let entry = Entry {
            key: link.path.clone(),
            title: link.title.clone(),
            path: link.path.clone(),
            parent: None,
            shown: true,
            declared: true,
        };
        let links = all.entry(menu.to_owned()).or_default();
        links.push((link.weight.into(), entry));
    }
    let there = |link: &&Stored| !link.declared || declared.contains(link.key.as_str());
    for link in stored.iter().filter(there) {
        let links = all.entry(link.menu.clone()).or_default();
        links.push((link.weight, Entry::from(link)));
    }
    let sorted = all.into_iter().map(|(menu, mut links)| {
        links.sort_by(|(a, one), (b, other)| (a, &one.title, &one.key).cmp(&(b, &other.title, &other.key)));
        (menu, links.into_iter().map(|(_, entry)| entry).collect())
    });
    sorted.collect()
}

/// What differs whenever a menu or one of its links does.
pub(super) fn fingerprint(menu: &Menu, entries: &[Entry]) -> String {
    let mut hasher = DefaultHasher::new();
    (menu, entries).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// What is stored of links whose plugins are not at work.
pub(super) fn waiting(stored: Vec<Entry>, entries: &[Entry]) -> Vec<Entry> {
    let mut waiting = stored;
    waiting.retain(|link| link.declared && !entries.iter().any(|entry| entry.key == link.key));
    waiting
}

/// Adds what a menu keeps of plugins' links that these leave out. One whose place is gone, or would be too deep or
/// below itself, stands at the top.
pub(super) fn keep(links: &mut Vec<Entry>, kept: Vec<Entry>) {
    let first = links.len();
    for link in kept {
        if !links.iter().any(|known| known.key == link.key) {
            links.push(link);
        }
    }
    for at in first..links.len() {
        if !links.get(at).is_some_and(|link| is_sound(links, link))
            && let Some(link) = links.get_mut(at)
        {
            link.parent = None;
        }
    }
}

fn is_sound(links: &[Entry], link: &Entry) -> bool {
    let has_place = match &link.parent {
        Some(parent) => links.iter().any(|known| known.key == *parent),
        None => true,
    };
    has_place && depth_of(links, &link.key).is_some_and(|depth| depth <= DEPTH)
}

/// Puts the links from a place on behind those that they stood behind before.
pub(super) fn in_place(mut links: Vec<Entry>, first: usize, before: &[Entry]) -> Vec<Entry> {
    for link in links.split_off(first) {
        let earlier = before.iter().position(|known| known.key == link.key);
        let at = earlier.map_or(links.len(), |earlier| {
            let mut earlier = before.iter().take(earlier).rev();
            let behind = earlier.find_map(|known| links.iter().position(|link| link.key == known.key));
            behind.map_or(0, |behind| behind + 1)
        });
        links.insert(at, link);
    }
    links
}

/// The links of a menu as a tree. What may not be seen is not there, nor what is below it.
pub(super) fn tree<'a>(entries: &'a [Entry], sees: &dyn Fn(&Entry) -> bool) -> Vec<Branch<'a>> {
    let known: BTreeSet<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    below(entries, None, &known, sees, DEPTH)
}

fn below<'a>(
    entries: &'a [Entry],
    parent: Option<&str>,
    known: &BTreeSet<&str>,
    sees: &dyn Fn(&Entry) -> bool,
    depth: usize,
) -> Vec<Branch<'a>> {
    if depth == 0 {
        return Vec::new();
    }
    let here = entries.iter().filter(|entry| {
        // A link whose parent is gone stands at the top.
        let above = entry.parent.as_deref().filter(|parent| known.contains(parent));
        above == parent && entry.shown && sees(entry)
    });
    here.map(|entry| Branch {
        entry,
        below: below(entries, Some(&entry.key), known, sees, depth - 1),
    })
    .collect()
}

/// How many links lie above one, itself included; none where they stand in a circle.
pub(super) fn depth_of(entries: &[Entry], key: &str) -> Option<usize> {
    let mut here = Some(key.to_owned());
    for depth in 0..=MOST {
        let Some(key) = here else {
            return Some(depth);
        };
        here = entries
            .iter()
            .find(|entry| entry.key == key)
            .and_then(|entry| entry.parent.clone());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, parent: Option<&str>) -> Entry {
        Entry {
            key: key.to_owned(),
            title: key.to_owned(),
            path: format!("/{key}"),
            parent: parent.map(str::to_owned),
            shown: key != "hidden",
            declared: false,
        }
    }

    fn words(branches: &[Branch<'_>]) -> String {
        let word = |branch: &Branch<'_>| match branch.below.as_slice() {
            [] => branch.entry.key.clone(),
            below => format!("{}({})", branch.entry.key, words(below)),
        };
        branches.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn links_lie_below_their_parents_and_go_with_them() {
        let entries = [
            entry("a", None),
            entry("a1", Some("a")),
            entry("a11", Some("a1")),
            entry("a111", Some("a11")),
            entry("hidden", None),
            entry("h1", Some("hidden")),
            entry("orphan", Some("gone")),
        ];
        assert_eq!(words(&tree(&entries, &|_| true)), "a(a1(a11)) orphan");
        assert_eq!(words(&tree(&entries, &|entry| entry.key != "a1")), "a orphan");
    }

    #[test]
    fn a_circle_is_noticed() {
        let entries = [
            entry("a", Some("b")),
            entry("b", Some("a")),
            entry("c", None),
            entry("d", Some("c")),
        ];
        assert_eq!(depth_of(&entries, "a"), None);
        assert_eq!(depth_of(&entries, "d"), Some(2));
        assert_eq!(words(&tree(&entries, &|_| true)), "c(d)");
    }
}
