//! What entries can point to, known before the first of them is stored: each other, and the files of attachments.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use percent_encoding::percent_decode_str;

use super::super::Skipped;
use super::entry::{Entry, Fate};
use super::menus::Menus;
use super::read::{Export, Fault, Part};
use crate::subsystems::alias;

/// What an export has in it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Where the site was: host and path, without a slash at the end.
    bases: Vec<String>,
    /// The names of people by their login names.
    pub(super) authors: HashMap<String, String>,
    /// The addresses of attached files by the numbers of the attachments.
    pub(super) attachments: HashMap<String, String>,
    /// The keys of the entries that become items, in their order.
    pub(super) keys: Vec<String>,
    /// The paths of these entries, by their keys, where they had one.
    pub(super) paths: HashMap<String, String>,
    /// The keys of these entries by every address that they had on the site.
    places: HashMap<String, String>,
    /// The titles of these entries, by their keys.
    pub(super) titles: HashMap<String, String>,
    pub(super) menus: Menus,
    /// What is left out.
    pub(super) skipped: Vec<Skipped>,
    /// Comments of these entries that were spam or in the trash.
    refuse: usize,
    has_version: bool,
    taken: HashSet<String>,
}

/// An export that is open at its beginning.
pub(super) type Source = Export<BufReader<File>>;

pub(super) fn open(file: &Path) -> io::Result<Source> {
    Ok(Export::new(BufReader::with_capacity(1 << 16, File::open(file)?)))
}

impl Plan {
    /// Reads an export through. What comes behind a fault is left out, and said so.
    ///
    /// # Errors
    /// It can't be read, or it is no export.
    pub(super) fn of(file: &Path, name: &str) -> Result<Self, String> {
        let mut plan = Self::default();
        let mut source = open(file).map_err(|error| error.to_string())?;
        loop {
            match source.next() {
                Ok(Some(part)) => plan.add(part, name),
                Ok(None) => break,
                Err(Fault { line, reason }) if plan.has_version => {
                    let reason = format!("{reason}; what comes behind is left out");
                    plan.skipped.push(Skipped::new(name, line, reason));
                    break;
                }
                Err(Fault { line, reason }) => return Err(format!("line {line}: {reason}")),
            }
        }
        if plan.has_version {
            if plan.refuse > 0 {
                let reason = format!(
                    "comments ({}) are left out: they were spam or in the trash",
                    plan.refuse
                );
                plan.skipped.push(Skipped::new(name, None, reason));
            }
            Ok(plan)
        } else {
            Err("it is no WordPress export: it does not say its version (wp:wxr_version)".to_owned())
        }
    }

    fn add(&mut self, part: Part, name: &str) {
        match part {
            Part::Version => self.has_version = true,
            Part::Base(address) => self.bases.extend(without_scheme(&address).map(str::to_owned)),
            Part::Author(login, shown) => drop(self.authors.insert(login, shown)),
            Part::Entry(entry) => match entry.fate() {
                Fate::Post | Fate::Page => self.add_entry(&entry, name),
                Fate::Attachment => drop(self.attachments.insert(entry.number, entry.attachment)),
                Fate::Link => {
                    if let Err(reason) = self.menus.add(&entry) {
                        self.skip(&entry, name, &reason);
                    }
                }
                Fate::Skip(reason) => self.skip(&entry, name, &reason),
            },
        }
    }

    fn skip(&mut self, entry: &Entry, name: &str, reason: &str) {
        let reason = format!("{}: {reason}", entry.name());
        self.skipped.push(Skipped::new(name, entry.line, reason));
    }

    fn add_entry(&mut self, entry: &Entry, name: &str) {
        let key = entry.key().to_owned();
        if key.is_empty() {
            return self.skip(entry, name, "it has neither an identifier nor an address");
        }
        if !self.taken.insert(format!("key {key}")) {
            return self.skip(entry, name, "an entry before it has the same identifier");
        }
        self.refuse += entry.comments.refuse;
        self.titles.insert(key.clone(), entry.title.clone());
        if let Some(path) = self.path_of(entry)
            && self.taken.insert(format!("path {path}"))
        {
            self.paths.insert(key.clone(), path);
        }
        let mut addresses: Vec<String> = [&entry.link, &entry.guid]
            .into_iter()
            .filter_map(|address| self.local(address).map(|(place, _)| place))
            .collect();
        if !entry.number.is_empty() {
            addresses.extend(["p", "page_id"].map(|query| format!("?{query}={}", entry.number)));
        }
        for address in addresses {
            self.places.entry(address).or_insert_with(|| key.clone());
        }
        self.keys.push(key);
    }

    /// The path that an entry had on its site, if it can have it here.
    fn path_of(&self, entry: &Entry) -> Option<String> {
        let (place, _) = self.local(&entry.link)?;
        let path = percent_decode_str(&place).decode_utf8().ok()?.into_owned();
        (!path.is_empty() && !path.contains('?') && alias::is_free_for_items(&path)).then_some(path)
    }

    /// The key of the entry that an address of the site led to, and what follows its path.
    pub(super) fn entry_at<'a>(&self, address: &'a str) -> Option<(&str, &'a str)> {
        let (place, rest) = self.local(address)?;
        self.places.get(&place).map(|key| (key.as_str(), rest))
    }

    /// The key of the entry of a number.
    pub(super) fn entry_of(&self, number: &str) -> Option<&str> {
        self.places.get(&format!("?p={number}")).map(String::as_str)
    }

    /// The address of something on the site as a path.
    pub(super) fn path_on_site(&self, address: &str) -> Option<String> {
        let (place, fragment) = self.local(address)?;
        Some(format!("/{place}{fragment}"))
    }

    /// Which site this is.
    pub(super) fn site(&self) -> &str {
        self.bases.first().map_or("", String::as_str)
    }

    /// An address within the site, without slashes at its ends, and its fragment.
    fn local<'a>(&self, address: &'a str) -> Option<(String, &'a str)> {
        let (address, fragment) = address.split_at(address.find('#').unwrap_or(address.len()));
        let place = match without_scheme(address) {
            Some(full) => self.bases.iter().find_map(|base| {
                let rest = full.strip_prefix(base.as_str())?;
                (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
            })?,
            None if address.starts_with('/') || address.starts_with('?') => address,
            None => return None,
        };
        let (path, query) = place.split_at(place.find('?').unwrap_or(place.len()));
        Some((format!("{}{query}", path.trim_matches('/')), fragment))
    }
}

fn without_scheme(address: &str) -> Option<&str> {
    let address = address
        .strip_prefix("https:")
        .or_else(|| address.strip_prefix("http:"))
        .unwrap_or(address);
    Some(address.strip_prefix("//")?.trim_end_matches('/'))
}
