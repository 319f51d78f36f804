//! Feeds (Atom, RFC 4287, and RSS 2.0).

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use super::Error;

/// The templates by the names of the forms.
const TEMPLATES: [(&str, &str); 2] = [
    ("atom", include_str!("builtin/feed-atom.xml")),
    ("rss", include_str!("builtin/feed-rss.xml")),
];

/// What a feed shows.
#[derive(Clone, Debug, Serialize)]
pub struct FeedContext {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub subtitle: String,
    /// Its own address, which is also its identifier.
    pub self_href: String,
    /// The address of the page that it accompanies.
    pub href: String,
    /// The language of the site (BCP 47).
    pub language: String,
    /// When the newest entry was changed (RFC 3339).
    pub updated: String,
    /// The same as HTTP has it (RFC 9110); none where there are no entries.
    pub updated_http: Option<String>,
    /// Its entries, newest first.
    pub entries: Vec<FeedEntry>,
}

/// An entry of a feed.
#[derive(Clone, Debug, Serialize)]
pub struct FeedEntry {
    /// Its identifier: an URN that never changes.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The address of its page.
    pub href: String,
    /// When it was made (RFC 3339).
    pub published: String,
    /// The same as HTTP has it (RFC 9110).
    pub published_http: Option<String>,
    /// When it was changed (RFC 3339).
    pub updated: String,
    /// Who wrote it.
    pub author: String,
    /// Its summary as HTML.
    pub summary: String,
}

static FEEDS: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    super::escape::escaping(&mut environment);
    environment.set_fuel(Some(1_000_000));
    for (name, template) in TEMPLATES {
        let added = environment.add_template(name, template);
        debug_assert!(
            added.is_ok(),
            "the templates of feeds are compiled into the program"
        );
    }
    environment
});

/// The XML of a feed in a form: `atom` or `rss`.
///
/// # Errors
/// [`Error::Feed`].
pub fn render_feed(form: &str, feed: &FeedContext) -> Result<String, Error> {
    let value = minijinja::Value::from(minijinja::value::Serde(feed));
    let rendered = FEEDS
        .get_template(form)
        .and_then(|template| template.render(value));
    let mut xml = rendered.map_err(|error| Error::Feed(error.to_string()))?;
    xml.retain(is_of_xml);
    Ok(xml)
}

/// Whether XML can have the character (XML 1.0, 2.2): others can't even be escaped.
fn is_of_xml(char: char) -> bool {
    !char.is_control() && !matches!(char, '\u{fffe}' | '\u{ffff}') || matches!(char, '\t' | '\n' | '\r')
}
