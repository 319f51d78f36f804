//! The XML of an export, one entry after the other. No entity is ever expanded but those of XML itself, and no entry
//! may be larger than an item can be.

use std::io::BufRead;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::comment::{self, Comment};
use super::entry::Entry;
use super::lines::Lines;

/// Bytes of text that an entry may have, its comments aside.
const LIMIT: usize = 8 << 20;
/// How deep elements may be nested: an export needs four levels.
const DEPTH: usize = 32;

/// Something that an export says.
#[derive(Debug)]
pub(super) enum Part {
    /// The version of the format.
    Version,
    /// An address at which the site was.
    Base(String),
    /// A person who wrote: login name and the name that is shown.
    Author(String, String),
    /// An entry.
    Entry(Box<Entry>),
}

/// Why an export can't be read any further.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) reason: String,
}

/// An export that is being read.
pub(super) struct Export<R> {
    xml: Reader<Lines<R>>,
    buffer: Vec<u8>,
    /// The elements that are open.
    open: Vec<String>,
    /// The text of the innermost element.
    text: String,
    /// Bytes of text since the entry began.
    bytes: usize,
    entry: Option<Box<Entry>>,
    author: (String, String),
    meta: (String, String),
    /// What a term is one of, and its name in addresses.
    term: (String, String),
    comment: Comment,
}

impl<R: BufRead> Export<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            xml: Reader::from_reader(Lines::new(source)),
            buffer: Vec::new(),
            open: Vec::new(),
            text: String::new(),
            bytes: 0,
            entry: None,
            author: Default::default(),
            meta: Default::default(),
            term: Default::default(),
            comment: Comment::default(),
        }
    }

    /// The next part; none at the end.
    ///
    /// # Errors
    /// What is wrong; nothing can be read after that.
    pub(super) fn next(&mut self) -> Result<Option<Part>, Fault> {
        loop {
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            let event = self.xml.read_event_into(&mut buffer);
            let line = self.xml.get_ref().line();
            let fault = |reason: String| Fault { line, reason };
            let part = match event.map_err(|error| fault(format!("it is no XML: {error}")))? {
                Event::Start(start) => self.begin(&start, line).map(|()| None),
                Event::Empty(start) => self.begin(&start, line).map(|()| self.end()),
                Event::Text(text) => self.add(&text).map(|()| None),
                Event::CData(text) => self.add(&text).map(|()| None),
                Event::GeneralRef(reference) => self.refer(&reference).map(|()| None),
                Event::End(_) => Ok(self.end()),
                Event::Eof if self.open.is_empty() => return Ok(None),
                Event::Eof => Err("it ends too early: it was cut off".to_owned()),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => Ok(None),
            }
            .map_err(fault)?;
            self.buffer = buffer;
            if part.is_some() {
                return Ok(part);
            }
        }
    }

    fn begin(&mut self, start: &BytesStart<'_>, line: usize) -> Result<(), String> {
        let name = start.name();
        let name: &str = name.as_ref();
        if self.open.is_empty() && name != "rss" {
            return Err(format!("it is no WordPress export: it begins with <{name}>"));
        }
        if self.open.len() >= DEPTH {
            return Err(format!("its elements are nested deeper than {DEPTH} levels"));
        }
        self.text.clear();
        match name {
            "item" if self.open.len() == 2 => {
                self.bytes = 0;
                self.entry = Some(Box::new(Entry {
                    line,
                    ..Entry::default()
                }));
            }
            "wp:author" => self.author = Default::default(),
            "wp:postmeta" => self.meta = Default::default(),
            "wp:comment" => self.comment = Comment::default(),
            "category" => self.term = (attribute(start, "domain"), attribute(start, "nicename")),
            _ => {}
        }
        self.open.push(name.to_owned());
        Ok(())
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        if self.open.get(3).is_some_and(|within| within == "wp:comment") {
            self.add_to_comment(text);
            return Ok(());
        }
        self.bytes = self.bytes.saturating_add(text.len());
        if self.bytes > LIMIT {
            return Err(format!("an entry has more than {} MiB of text", LIMIT >> 20));
        }
        self.text.push_str(text);
        Ok(())
    }

    /// A comment that is too long is left out, and the entry is none the worse for it.
    fn add_to_comment(&mut self, text: &str) {
        if self.text.len().saturating_add(text.len()) <= comment::LIMIT {
            self.text.push_str(text);
        } else if self.open.len() == 5 {
            self.comment.is_long = true;
        }
    }

    fn refer(&mut self, reference: &BytesRef<'_>) -> Result<(), String> {
        let character = reference
            .resolve_char_ref()
            .map_err(|error| format!("it is no XML: {error}"))?;
        if let Some(character) = character {
            return self.add(character.encode_utf8(&mut [0; 4]));
        }
        match resolve_predefined_entity(reference) {
            Some(text) => self.add(text),
            // Texts are HTML, which knows many more.
            None => self.add(&format!("&{};", &**reference)),
        }
    }

    fn end(&mut self) -> Option<Part> {
        let name = self.open.pop()?;
        let text = std::mem::take(&mut self.text);
        let within = self.open.last().map(String::as_str);
        match within {
            Some("wp:author") => match name.as_str() {
                "wp:author_login" => self.author.0 = text.trim().to_owned(),
                "wp:author_display_name" => self.author.1 = text.trim().to_owned(),
                _ => {}
            },
            Some("wp:postmeta") => match name.as_str() {
                "wp:meta_key" => self.meta.0 = text,
                "wp:meta_value" => self.meta.1 = text,
                _ => {}
            },
            Some("wp:comment") => self.comment.set(&name, text),
            Some("item") => self.of_entry(&name, text),
            Some("channel") => return self.of_channel(&name, text),
            _ => {}
        }
        None
    }

    fn of_channel(&mut self, name: &str, text: String) -> Option<Part> {
        match name {
            "wp:wxr_version" => Some(Part::Version),
            "link" | "wp:base_site_url" | "wp:base_blog_url" => Some(Part::Base(text.trim().to_owned())),
            "wp:author" => {
                let (login, shown) = std::mem::take(&mut self.author);
                Some(Part::Author(login, shown))
            }
            "item" => self.entry.take().map(Part::Entry),
            _ => None,
        }
    }

    fn of_entry(&mut self, name: &str, text: String) {
        let Some(entry) = self.entry.as_deref_mut() else {
            return;
        };
        let trimmed = || text.trim().to_owned();
        match name {
            "title" => entry.title = trimmed(),
            "link" => entry.link = trimmed(),
            "guid" => entry.guid = trimmed(),
            "pubDate" => entry.published = trimmed(),
            "dc:creator" => entry.creator = trimmed(),
            "content:encoded" => entry.content = text,
            "excerpt:encoded" => entry.excerpt = trimmed(),
            "wp:post_id" => entry.number = trimmed(),
            "wp:post_date" => entry.written = trimmed(),
            "wp:post_date_gmt" => entry.written_utc = trimmed(),
            "wp:status" => entry.status = trimmed(),
            "wp:post_type" => entry.kind = trimmed(),
            "wp:post_password" => entry.password = trimmed(),
            "wp:is_sticky" => entry.sticky = text.trim() == "1",
            "wp:attachment_url" => entry.attachment = trimmed(),
            "wp:menu_order" => entry.order = text.trim().parse().unwrap_or_default(),
            "category" => {
                let (domain, slug) = std::mem::take(&mut self.term);
                match domain.as_str() {
                    "nav_menu" => entry.menu = Some((slug, trimmed())),
                    _ => entry.terms.push(trimmed()),
                }
            }
            "wp:postmeta" => {
                let (key, value) = std::mem::take(&mut self.meta);
                if key == "_thumbnail_id" {
                    entry.picture = Some(value.trim().to_owned());
                } else {
                    entry.leads.set(&key, value);
                }
            }
            "wp:comment" => entry.comments.add(std::mem::take(&mut self.comment)),
            _ => {}
        }
    }
}

/// An attribute of an element; nothing where it is none, which is no reason to do without the rest.
fn attribute(start: &BytesStart<'_>, name: &str) -> String {
    let Ok(Some(found)) = start.try_get_attribute(name) else {
        return String::new();
    };
    match found.normalized_value(XmlVersion::Implicit1_0) {
        Ok(value) => value.into_owned(),
        Err(_) => found.value.into_owned(),
    }
}
