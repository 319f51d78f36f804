//! What is said in the head of a page, and what may be said there.

use serde_json::Value as Json;

use super::in_script;
use crate::subsystems::theme::{self, HeadLink, Meta};
use crate::wit::head::Entry;

/// Entries of one plugin.
const ENTRIES: usize = 100;
/// Bytes of a name and of a text.
const NAME: usize = 64;
const TEXT: usize = 4 << 10;
/// Bytes of all structured data of one plugin.
const DATA: usize = 64 << 10;
/// How what belongs to a page may belong to it.
const RELATIONS: [&str; 8] = [
    "alternate",
    "author",
    "help",
    "license",
    "me",
    "next",
    "prev",
    "search",
];
/// Names by which a page tells browsers what to do: they are the theme's and the server's.
const KEPT: [&str; 5] = ["viewport", "color-scheme", "referrer", "description", "robots"];

/// What is said in the head of a page.
#[derive(Default)]
pub struct Said {
    /// The title of the window, where it is not the usual one.
    title: Option<String>,
    /// A sentence or two about the page.
    pub description: String,
    /// Another address than the usual one.
    canonical: Option<String>,
    /// What robots may do.
    robots: String,
    meta: Vec<Meta>,
    links: Vec<HeadLink>,
    /// Structured data.
    pub data: Vec<Json>,
}

impl Said {
    /// Adds a property of Open Graph; an empty one says nothing.
    pub fn property(&mut self, name: &str, content: &str) {
        if !content.is_empty() {
            self.meta.push(Meta {
                attribute: "property",
                name: name.to_owned(),
                content: content.to_owned(),
            });
        }
    }

    /// Takes what a plugin says in the place of what was said before. The answer is what is refused, and why.
    pub fn take(&mut self, entries: Vec<Entry>, origin: &str) -> Vec<String> {
        let mut refused = Vec::new();
        let mut fresh = Self::default();
        let mut bytes = 0;
        if entries.len() > ENTRIES {
            refused.push(format!(
                "it says {} things, and {ENTRIES} are taken",
                entries.len()
            ));
        }
        for entry in entries.into_iter().take(ENTRIES) {
            if let Err(reason) = fresh.add(entry, origin, &mut bytes) {
                refused.push(reason);
            }
        }
        self.replace(fresh);
        refused
    }

    fn add(&mut self, entry: Entry, origin: &str, bytes: &mut usize) -> Result<(), String> {
        match entry {
            Entry::Title(title) => self.title = Some(text(title)?),
            Entry::Description(description) => self.description = text(description)?,
            Entry::Canonical(address) => self.canonical = Some(whole(&address, origin)?),
            Entry::Robots(robots) => self.robots = text(robots)?,
            Entry::Meta(meta) => self.meta.push(checked("name", meta.name, meta.content)?),
            Entry::Property(meta) => self.meta.push(checked("property", meta.name, meta.content)?),
            Entry::Link(link) => {
                if !RELATIONS.contains(&link.rel.as_str()) {
                    return Err(format!("a link can't be `{}`", shortened(&link.rel)));
                }
                let href = whole(&link.href, origin)?;
                self.links.push(HeadLink { rel: link.rel, href });
            }
            Entry::Data(json) => {
                *bytes += json.len();
                if *bytes > DATA {
                    return Err(format!("structured data has more than {} KiB", DATA >> 10));
                }
                let data: Json = serde_json::from_str(&json)
                    .map_err(|error| format!("structured data is no JSON: {error}"))?;
                if !data.is_object() {
                    return Err("structured data is a JSON object".to_owned());
                }
                self.data.push(data);
            }
        }
        Ok(())
    }

    /// What is new goes before what was said under the same name.
    fn replace(&mut self, fresh: Self) {
        self.title = fresh.title.or(self.title.take());
        self.canonical = fresh.canonical.or(self.canonical.take());
        if !fresh.description.is_empty() {
            self.description = fresh.description;
        }
        if !fresh.robots.is_empty() {
            self.robots = fresh.robots;
        }
        let same = |one: &Meta, other: &Meta| one.attribute == other.attribute && one.name == other.name;
        self.meta
            .retain(|known| !fresh.meta.iter().any(|new| same(known, new)));
        // An empty text only takes away.
        self.meta
            .extend(fresh.meta.into_iter().filter(|meta| !meta.content.is_empty()));
        self.links.extend(fresh.links);
        if !fresh.data.is_empty() {
            self.data = fresh.data;
        }
    }

    /// Puts it where templates find it.
    pub fn put_into(self, page: &mut theme::Page) {
        if let Some(title) = self.title {
            page.head_title = title;
        }
        if let Some(canonical) = self.canonical {
            page.canonical = Some(canonical);
        }
        page.description = self.description;
        page.robots = self.robots;
        page.meta = self.meta;
        page.links = self.links;
        page.data = self.data.iter().map(in_script).collect();
    }
}

fn checked(attribute: &'static str, name: String, content: String) -> Result<Meta, String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":._-".contains(&byte);
    if name.is_empty() || name.len() > NAME || !name.bytes().all(fits) {
        return Err(format!("`{}` is no name", shortened(&name)));
    }
    if attribute == "name" && KEPT.iter().any(|kept| name.eq_ignore_ascii_case(kept)) {
        return Err(format!(
            "the name `{name}` has an entry of its own, or belongs to the site"
        ));
    }
    Ok(Meta {
        attribute,
        name,
        content: text(content)?,
    })
}

fn text(text: String) -> Result<String, String> {
    if text.len() > TEXT {
        return Err(format!("a text has more than {} KiB", TEXT >> 10));
    }
    Ok(text
        .chars()
        .map(|char| if char.is_control() { ' ' } else { char })
        .collect())
}

/// An address with the site's own in front of it where it is a path.
fn whole(address: &str, origin: &str) -> Result<String, String> {
    let address = text(address.to_owned())?;
    let is_path = address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\");
    if is_path {
        return Ok(format!("{origin}{address}"));
    }
    let lower = address.get(..8).unwrap_or_default().to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return Ok(address);
    }
    Err(format!(
        "`{}` is neither a path of this site nor an http or https URL",
        shortened(&address)
    ))
}

fn shortened(text: &str) -> String {
    text.chars().take(NAME).collect()
}
