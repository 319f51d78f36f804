//! Text formats: how what an editor wrote becomes HTML that is safe to show.
//!
//! A format is an ordered list of filters ([`Definition`]); [`Formats`] knows the formats of a site and renders text
//! through them, remembering results, since highlighting code is dear. Nothing here knows of items, fields or pages.
//! Relative addresses stay as they are written.

mod address;
mod admin;
mod allowed;
mod breaks;
mod change;
mod classes;
mod cleaner;
mod definition;
mod entities;
mod error;
mod highlight;
mod ids;
mod links;
mod markdown;
mod markup;
mod segments;
mod store;
mod summary;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::access::{Group, Permission};
use super::admin::AdminPage;
use crate::request::Account;
use cleaner::Cleaner;

pub use address::{LINKED, LOADED, is_address};
pub use allowed::AllowedHtml;
pub use breaks::break_lines;
pub use change::{Parts, Refusal};
pub use classes::{Classes, is_class_name};
pub use definition::{Definition, Filter};
pub use entities::{escape, escape_into};
pub use error::Error;
pub use ids::{safe_fragment, safe_id};
pub use markup::Markup;
pub use segments::{Segment, VOID, segments};
pub use summary::truncate_text;

/// Text of more bytes is shown escaped, without going through its format.
pub const MAX_TEXT: usize = 2 * 1024 * 1024;
/// How many bytes of results are remembered.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;
/// HTML of more bytes, which filters made of a text within [`MAX_TEXT`], is not gone through: the text is shown escaped.
const MAX_HTML: usize = 4 * MAX_TEXT;
/// Elements that may be open at once; a text with more is shown escaped. Parsing HTML takes time by the square of it.
const MAX_DEPTH: usize = 128;
/// Stands for `<!-- more -->` while a text goes through its filters (a private-use character).
const MORE: char = '\u{e000}';

/// The permission to change text formats.
pub const ADMINISTER: &str = "administer text formats";

/// The format that everybody may write in.
pub const PLAIN: &str = "plain_text";

/// The permission to write in a format.
#[must_use]
pub fn permission(format: &str) -> String {
    format!("use {format} text format")
}

/// HTML that is safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered(Arc<str>);

impl Deref for Rendered {
    type Target = Arc<str>;

    fn deref(&self) -> &Arc<str> {
        &self.0
    }
}

/// What of a text is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Whole,
    /// The beginning, up to so many characters.
    Summary(usize),
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    part: Part,
    format: [u8; 32],
    text: [u8; 32],
}

#[derive(Debug)]
struct Format {
    definition: Definition,
    /// One for each filter of the definition that cleans, in their order.
    cleaners: Vec<Cleaner>,
    version: [u8; 32],
}

impl From<Definition> for Format {
    fn from(definition: Definition) -> Self {
        let cleaner = |filter: &Filter| match filter {
            Filter::AllowedHtml(allowed) => Some(Cleaner::new(allowed)),
            _ => None,
        };
        Self {
            cleaners: definition.filters.iter().filter_map(cleaner).collect(),
            version: definition.version(),
            definition,
        }
    }
}

/// The text formats of a site. Cheap to share by `Arc`; rendering takes no lock while it works.
#[derive(Debug)]
pub struct Formats {
    formats: RwLock<BTreeMap<String, Arc<Format>>>,
    /// What they are changed with; none for those that never change.
    parts: Option<Parts>,
    /// Grows with each change of what is stored.
    generation: AtomicI64,
    results: Cache<Key, Rendered>,
}

impl Formats {
    /// The formats given.
    ///
    /// # Errors
    /// Each [`Error`] names the format and what is wrong with it.
    pub fn new(definitions: Vec<Definition>) -> Result<Self, Error> {
        let formats = Self {
            formats: RwLock::default(),
            parts: None,
            generation: AtomicI64::new(0),
            results: cache(),
        };
        formats.replace(definitions)?;
        Ok(formats)
    }

    /// The formats that every site starts with ([`Definition::built_in`]).
    ///
    /// # Errors
    /// As [`Formats::new`].
    pub fn built_in() -> Result<Self, Error> {
        Self::new(Definition::built_in())
    }

    /// Puts these formats in the place of all those before. Results of formats that stay the same are kept.
    ///
    /// # Errors
    /// Each [`Error`] names the format and what is wrong with it; nothing is changed then.
    pub fn replace(&self, definitions: Vec<Definition>) -> Result<(), Error> {
        let mut formats = BTreeMap::new();
        for definition in definitions {
            definition.check()?;
            let name = definition.name.clone();
            if formats
                .insert(name.clone(), Arc::new(definition.into()))
                .is_some()
            {
                return Err(Error::Duplicate(name));
            }
        }
        if formats.is_empty() {
            return Err(Error::Empty);
        }
        *self.formats.write().unwrap_or_else(PoisonError::into_inner) = formats;
        Ok(())
    }

    /// The definitions, by name.
    #[must_use]
    pub fn definitions(&self) -> Vec<Definition> {
        let formats = self.formats.read().unwrap_or_else(PoisonError::into_inner);
        formats.values().map(|format| format.definition.clone()).collect()
    }

    /// Whether there is a format of this name.
    #[must_use]
    pub fn has(&self, format: &str) -> bool {
        self.find(format).is_some()
    }

    /// The names of all formats.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let formats = self.formats.read().unwrap_or_else(PoisonError::into_inner);
        formats.keys().cloned().collect()
    }

    /// The names of the formats that somebody may write in: plain text always.
    #[must_use]
    pub fn usable(&self, account: &Account) -> BTreeSet<String> {
        let mut names = self.names();
        names.retain(|name| name == PLAIN || account.may(&permission(name)));
        names
    }

    /// The text as safe HTML. Text in an unknown format, or of more than [`MAX_TEXT`] bytes, is escaped.
    ///
    /// May take tens of milliseconds for a long text that is not remembered.
    #[must_use]
    pub fn render(&self, format: &str, text: &str) -> Rendered {
        self.remembered(format, text, Part::Whole)
    }

    /// The beginning of the text as safe HTML: what stands before `<!-- more -->`, else the first paragraphs within
    /// a number of characters. It has no identifiers, so a page may show many.
    #[must_use]
    pub fn summary(&self, format: &str, text: &str, max_chars: usize) -> Rendered {
        self.remembered(format, text, Part::Summary(max_chars))
    }

    /// The beginning of the text as plain text (not HTML) of at most so many characters, cut between words.
    #[must_use]
    pub fn excerpt(&self, format: &str, text: &str, max_chars: usize) -> String {
        let beginning = self.summary(format, text, max_chars.saturating_mul(2));
        let plain = summary::plain_text(&beginning);
        summary::truncate_text(&plain, max_chars)
    }

    /// The whole text as plain text (not HTML), one space between words: what a search index reads.
    #[must_use]
    pub fn plain(&self, format: &str, text: &str) -> String {
        summary::plain_text(&self.render(format, text))
    }

    fn find(&self, name: &str) -> Option<Arc<Format>> {
        self.formats
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    fn remembered(&self, name: &str, text: &str, part: Part) -> Rendered {
        let Some(format) = self.find(name) else {
            tracing::warn!(
                format.name = name,
                "text is in a format that does not exist and is shown escaped"
            );
            return Rendered(escape(text).into());
        };
        if text.len() > MAX_TEXT {
            let (bytes, max_bytes) = (text.len(), MAX_TEXT);
            tracing::warn!(
                format.name = name,
                bytes,
                max_bytes,
                "text is too long for its format and is shown escaped"
            );
            return Rendered(escape(text).into());
        }
        let key = Key {
            part,
            format: format.version,
            text: Sha256::digest(text).into(),
        };
        self.results.get_with(key, || match part {
            Part::Whole => Rendered(apply(&format, text).into()),
            Part::Summary(max_chars) => Rendered(self.summarise(&format, text, max_chars).into()),
        })
    }

    fn summarise(&self, format: &Format, text: &str, max_chars: usize) -> String {
        if format.definition.reads_markup()
            && let Some(marked) = mark_more(text)
            && let Some(before) = summary::before_mark(&apply(format, &marked), MORE)
        {
            return summary::without_ids(&before);
        }
        let whole = self.remembered(&format.definition.name, text, Part::Whole);
        summary::without_ids(&summary::first_paragraphs(&whole, max_chars))
    }
}

fn cache() -> Cache<Key, Rendered> {
    let size =
        |_: &Key, html: &Rendered| u32::try_from(html.len() + size_of::<Key>() + 64).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(CACHE_BYTES).weigher(size).build()
}

/// HTML that no editor wrote and that still can't be trusted, such as that of a plugin's template, with all that can't
/// do harm. What is too much or too deep is escaped.
#[must_use]
pub fn clean_html(html: &str) -> Rendered {
    if html.len() > MAX_HTML || is_too_deep(html) {
        tracing::warn!(
            bytes = html.len(),
            "markup is too much or too deep and is shown as text"
        );
        return Rendered(escape(html).into());
    }
    static FULL: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::new(&AllowedHtml::full()));
    Rendered(FULL.clean(html).into())
}

/// Sends text through the filters of a format.
fn apply(format: &Format, text: &str) -> String {
    let mut html = Cow::Borrowed(text);
    let mut cleaners = format.cleaners.iter();
    for filter in &format.definition.filters {
        html = Cow::Owned(match filter {
            Filter::Escape => escape(&html),
            Filter::LineBreaks => breaks::break_lines(&html),
            Filter::Links => links::link_addresses(&html),
            Filter::Markdown => markdown::read_markdown(&html),
            Filter::AllowedHtml(_) if html.len() > MAX_HTML || is_too_deep(&html) => {
                tracing::warn!(
                    format.name = format.definition.name,
                    "markup is too much or too deep and is shown as text"
                );
                return escape(text);
            }
            // There is one for each; without it nothing would be let through as it is.
            Filter::AllowedHtml(_) => cleaners
                .next()
                .map_or_else(|| escape(text), |cleaner| cleaner.clean(&html)),
            Filter::Highlight => highlight::highlight_code(&html),
        });
    }
    html.into_owned()
}

fn is_too_deep(html: &str) -> bool {
    let mut depth = 0_usize;
    segments::segments(html).any(|segment| {
        if let segments::Segment::Tag(tag) = segment {
            depth = if tag.closes {
                depth.saturating_sub(1)
            } else {
                depth + usize::from(tag.opens())
            };
        }
        depth > MAX_DEPTH
    })
}

/// The text with [`MORE`] in the place of the first `<!-- more -->`.
fn mark_more(text: &str) -> Option<String> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("<!--")?;
        let end = start + text.get(start..)?.find("-->")? + "-->".len();
        let comment = text
            .get(start..end)?
            .trim_start_matches("<!--")
            .trim_end_matches("-->");
        if comment.trim().eq_ignore_ascii_case("more") {
            let (before, after) = (text.get(..start)?, text.get(end..)?);
            return Some(format!(
                "{}\n\n{MORE}\n\n{}",
                before.replace(MORE, ""),
                after.replace(MORE, "")
            ));
        }
        from = end;
    }
}

impl super::Subsystem for Formats {
    fn permissions(&self) -> Option<Group> {
        let formats = self
            .definitions()
            .into_iter()
            .filter(|format| format.name != PLAIN);
        let permissions = formats.map(|format| {
            let words = format!("Write in the text format {}", format.label);
            Permission::new(permission(&format.name), words)
        });
        let administer = Permission::new(ADMINISTER, "Change text formats").restricted();
        Some(Group::new(
            "Text formats",
            std::iter::once(administer).chain(permissions).collect(),
        ))
    }

    fn admin_pages() -> Vec<AdminPage> {
        admin::pages()
    }
}
