//! The plugin's own pages: what its routes are asked and answer.

use crate::tree::Tree;
use crate::value::Id;
pub use crate::wit::pages::{Feed, Page, PageAnswer, PageInfo, PageRequest, Redirect};
use crate::wit::types::NamedText;

/// What a request asks for.
impl PageRequest {
    /// The value of a `{name}` segment of the route; empty for a name that the route does not have.
    pub fn parameter(&self, name: &str) -> &str {
        find(&self.parameters, name).unwrap_or_default()
    }

    /// The first value of a query parameter.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// Which page of a paged list is asked for, counted from 0, as [`pager`](crate::tree::pager) links to them.
    pub fn page_number(&self) -> u32 {
        self.query_value("page")
            .and_then(|page| page.parse().ok())
            .unwrap_or(0)
    }
}

fn find<'a>(texts: &'a [NamedText], name: &str) -> Option<&'a str> {
    texts
        .iter()
        .find(|text| text.name == name)
        .map(|text| text.value.as_str())
}

/// A page in the site's theme.
impl Page {
    /// A page under the route's title.
    pub fn new(body: impl Into<Tree>) -> Self {
        Self {
            title: None,
            body: body.into().into(),
        }
    }

    /// A title of its own.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }
}

/// A feed, made by the host from items.
impl Feed {
    /// A feed that accompanies the page at a path.
    pub fn new(title: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: String::new(),
            path: path.into(),
            items: Vec::new(),
        }
    }

    /// What it is about.
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Self {
        self.subtitle = subtitle.into();
        self
    }

    /// Its entries, newest first.
    pub fn items(mut self, items: impl IntoIterator<Item = Id>) -> Self {
        self.items.extend(items);
        self
    }
}

/// A redirect within the site.
impl Redirect {
    /// To a path, just now (307).
    pub fn to(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            permanent: false,
        }
    }

    /// For good (308).
    pub fn for_good(mut self) -> Self {
        self.permanent = true;
        self
    }
}

impl From<Page> for PageAnswer {
    fn from(page: Page) -> Self {
        Self::Page(page)
    }
}

impl From<Tree> for PageAnswer {
    fn from(body: Tree) -> Self {
        Self::Page(Page::new(body))
    }
}

impl From<Feed> for PageAnswer {
    fn from(feed: Feed) -> Self {
        Self::Feed(feed)
    }
}

impl From<Redirect> for PageAnswer {
    fn from(redirect: Redirect) -> Self {
        Self::Redirect(redirect)
    }
}

/// How many pages a list of so many entries takes.
pub fn page_count(entries: u64, per_page: u32) -> u32 {
    u32::try_from(entries.div_ceil(u64::from(per_page.max(1)))).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, value: &str) -> NamedText {
        NamedText {
            name: name.into(),
            value: value.into(),
        }
    }

    #[test]
    fn a_request_gives_parameters_and_the_page_number() {
        let request = PageRequest {
            route: "tag".into(),
            path: "/blog/tag/rust".into(),
            parameters: vec![named("tag", "rust")],
            query: vec![named("page", "2"), named("page", "7")],
        };
        assert_eq!(request.parameter("tag"), "rust");
        assert_eq!(request.parameter("year"), "");
        assert_eq!(request.page_number(), 2);
    }

    #[test]
    fn the_last_page_may_be_short() {
        assert_eq!(
            [0, 1, 10, 11].map(|entries| page_count(entries, 10)),
            [0, 1, 1, 2]
        );
    }
}
