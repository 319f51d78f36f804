//! What a document says about itself before its text: TOML between `+++` lines or YAML between `---` lines, with
//! the keys of Zola, Hugo and Jekyll. Keys that are not known here are passed over.

use serde::Deserialize;

use super::value::{List, Moment, SitePath};
use crate::time::Timestamp;

/// A document in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document<'a> {
    pub(super) front: FrontMatter,
    pub(super) body: &'a str,
    /// The line of the file, from 1, that the body begins with.
    pub(super) body_line: usize,
}

/// What a document says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub(super) title: String,
    /// The path of its page, without slashes at its ends.
    pub(super) path: Option<String>,
    /// The last segment of its path.
    pub(super) slug: Option<String>,
    pub(super) date: Option<Timestamp>,
    pub(super) authors: Vec<String>,
    pub(super) summary: Option<String>,
    /// Its older paths, without slashes at their ends.
    pub(super) aliases: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) team: Option<String>,
    pub(super) draft: bool,
}

/// What is wrong with front matter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// The line of the file, from 1.
    pub(super) line: usize,
    pub(super) reason: String,
}

impl Problem {
    fn new(line: usize, reason: impl Into<String>) -> Self {
        Self {
            line,
            reason: reason.into(),
        }
    }
}

/// Reads a document.
///
/// # Errors
/// The line to blame and what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Document<'_>, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (fence, block, body) = split(text)?;
    let keys = match fence {
        Fence::Toml => from_toml(block)?,
        Fence::Yaml => from_yaml(block)?,
    };
    let body_line = lines_before(text, text.len() - body.len()) + 1;
    Ok(Document {
        front: keys.settle()?,
        body,
        body_line,
    })
}

#[derive(Clone, Copy)]
enum Fence {
    Toml,
    Yaml,
}

/// The kind of front matter, its text, and the text after it.
fn split(text: &str) -> Result<(Fence, &str, &str), Problem> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (fence, mark) = match first.trim_end() {
        "+++" => (Fence::Toml, "+++"),
        "---" => (Fence::Yaml, "---"),
        _ => {
            return Err(Problem::new(
                1,
                "no front matter: the first line is neither +++ nor ---",
            ));
        }
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        let end = at + line.len();
        if line.trim_end() == mark {
            return Ok((
                fence,
                rest.get(..at).unwrap_or_default(),
                rest.get(end..).unwrap_or_default(),
            ));
        }
        at = end;
    }
    Err(Problem::new(
        1,
        format!("the front matter has no end: no other line is {mark}"),
    ))
}

fn lines_before(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

fn from_toml(block: &str) -> Result<Keys, Problem> {
    toml::from_str(block).map_err(|error| {
        let line = error.span().map_or(0, |span| lines_before(block, span.start));
        // The fence is the first line of the file.
        Problem::new(line + 2, one_line(error.message()))
    })
}

fn from_yaml(block: &str) -> Result<Keys, Problem> {
    if block.trim().is_empty() {
        return Ok(Keys::default());
    }
    serde_saphyr::from_str(block).map_err(|error| {
        let line = error
            .location()
            .map_or(1, |location| usize::try_from(location.line()).unwrap_or(1));
        let message = error.without_snippet().to_string();
        // The place is said by the line already.
        let message = message.split(" at line ").next().unwrap_or_default();
        Problem::new(line + 1, one_line(message))
    })
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Keys {
    title: Option<String>,
    path: Option<SitePath>,
    url: Option<SitePath>,
    slug: Option<SitePath>,
    date: Option<Moment>,
    author: List<String>,
    authors: List<String>,
    description: Option<String>,
    summary: Option<String>,
    aliases: List<SitePath>,
    tags: List<String>,
    categories: List<String>,
    taxonomies: Option<Taxonomies>,
    team: Option<String>,
    extra: Option<Extra>,
    draft: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Taxonomies {
    authors: List<String>,
    tags: List<String>,
    categories: List<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Extra {
    team: Option<String>,
}

impl Keys {
    fn settle(self) -> Result<FrontMatter, Problem> {
        let title = self
            .title
            .map(|title| one_line(&title))
            .filter(|title| !title.is_empty());
        let taxonomies = self.taxonomies.unwrap_or_default();
        let text = |text: Option<String>| text.map(|text| one_line(&text)).filter(|text| !text.is_empty());
        Ok(FrontMatter {
            title: title.ok_or_else(|| Problem::new(1, "the front matter has no title"))?,
            path: self.path.or(self.url).map(|path| path.0),
            slug: self.slug.map(|slug| slug.0),
            date: self.date.map(|date| date.0),
            authors: distinct([self.authors, self.author, taxonomies.authors]),
            summary: text(self.description).or_else(|| text(self.summary)),
            aliases: self.aliases.0.into_iter().map(|alias| alias.0).collect(),
            tags: distinct([self.tags, self.categories, taxonomies.tags, taxonomies.categories]),
            team: text(self.team).or_else(|| text(self.extra.and_then(|extra| extra.team))),
            draft: self.draft.unwrap_or(false),
        })
    }
}

/// The words of several lists, each once, in their order.
fn distinct<const N: usize>(lists: [List<String>; N]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in lists.into_iter().flat_map(|list| list.0) {
        let word = one_line(&word);
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

#[cfg(test)]
mod tests;
