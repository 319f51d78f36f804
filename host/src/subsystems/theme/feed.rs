//! Feeds (Atom, RFC 4287).

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use super::Error;

const TEMPLATE: &str = "feed.xml";

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
    /// When the newest entry was changed (RFC 3339).
    pub updated: String,
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
    environment.set_formatter(super::escape::print);
    environment.set_fuel(Some(1_000_000));
    let added = environment.add_template(TEMPLATE, include_str!("builtin/feed.xml"));
    debug_assert!(
        added.is_ok(),
        "the template of feeds is compiled into the program"
    );
    environment
});

/// The XML of a feed.
///
/// # Errors
/// [`Error::Feed`].
pub fn render_feed(feed: &FeedContext) -> Result<String, Error> {
    let value = minijinja::Value::from(minijinja::value::Serde(feed));
    let rendered = FEEDS
        .get_template(TEMPLATE)
        .and_then(|template| template.render(value));
    rendered.map_err(|error| Error::Feed(error.to_string()))
}
