//! Where the targets in documents lead, told from the files of the folder and the addresses of its pages.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::plan::{Plan, Planned};

/// What a path carries as it is: the unreserved characters of RFC 3986, 2.3, and what is safe between slashes.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'@');

/// Where a target leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// Somewhere that is no matter of the import.
    Elsewhere,
    /// To a page of this import: the address, with what follows the path.
    Page(String),
    /// To a file within the folder.
    Asset(String),
    /// To nothing that is in the folder.
    Missing,
}

impl Plan {
    /// Where a target in a document leads.
    pub(super) fn resolve(&self, from: &Planned, target: &str) -> Destination {
        let (path, rest) = target.split_at(target.find(['?', '#']).unwrap_or(target.len()));
        if path.is_empty() || path.starts_with("//") || has_scheme(path) {
            return Destination::Elsewhere;
        }
        let Ok(path) = percent_decode_str(path).decode_utf8() else {
            return Destination::Missing;
        };
        // `@/` is the folder itself, as Zola writes it.
        if let Some(file) = path.strip_prefix("@/") {
            return self
                .in_folder(&join("", file), rest)
                .unwrap_or(Destination::Missing);
        }
        if let Some(absolute) = path.strip_prefix('/') {
            let absolute = join("", absolute);
            let found = self
                .on_site(&absolute, rest)
                .or_else(|| self.in_folder(&absolute, rest));
            return found.unwrap_or(Destination::Elsewhere);
        }
        let folder = from.file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let found = self.in_folder(&join(folder, &path), rest);
        // Some generators end the addresses of pages with a slash, some don't.
        let found = found.or_else(|| self.on_site(&join(&from.path, &path), rest));
        let beside = || self.on_site(&join(&from.path, &format!("../{path}")), rest);
        found.or_else(beside).unwrap_or(Destination::Missing)
    }

    /// By the files of the folder.
    fn in_folder(&self, file: &str, rest: &str) -> Option<Destination> {
        let index = format!("{file}/index.md");
        let page = self
            .by_file
            .get(file)
            .or_else(|| self.by_file.get(index.trim_start_matches('/')));
        match page {
            Some(path) => Some(page_at(path, rest)),
            None => self
                .assets
                .contains(file)
                .then(|| Destination::Asset(file.to_owned())),
        }
    }

    /// By the addresses that the folder's pages, and the files beside them, will have or have had.
    fn on_site(&self, path: &str, rest: &str) -> Option<Destination> {
        if self.by_path.contains_key(path) {
            return Some(page_at(path, rest));
        }
        if let Some(page) = self.by_alias.get(path) {
            return Some(page_at(page, rest));
        }
        path.match_indices('/').rev().find_map(|(at, _)| {
            let (page, name) = path.split_at(at);
            let bundle = self.by_path.get(page)?.strip_suffix("index.md")?;
            let asset = format!("{bundle}{}", name.trim_start_matches('/'));
            self.assets.contains(&asset).then_some(Destination::Asset(asset))
        })
    }
}

fn page_at(path: &str, rest: &str) -> Destination {
    Destination::Page(format!("/{}{rest}", utf8_percent_encode(path, PATH)))
}

/// Whether a target names its scheme (RFC 3986, 3.1).
fn has_scheme(target: &str) -> bool {
    target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|char: char| char.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char))
    })
}

/// A relative path seen from a folder; what leads above the root stays at the root.
fn join(folder: &str, path: &str) -> String {
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}
