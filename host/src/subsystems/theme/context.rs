//! What templates can read: the variables of `page.html`, `item.html`, `field.html` and `error.html`; those of `pager.html`
//! are beside this in `pager`.
//!
//! The names are a contract with themes: they may grow, never change.

use std::collections::BTreeMap;

use minijinja::Value;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::safe::SafeHtml;

/// Named things in an order that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered<T>(pub Vec<(String, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Serialize> Serialize for Ordered<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The site.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub slogan: String,
    /// Its address, such as `https://example.org`.
    pub url: String,
    /// Its language (BCP 47).
    pub language: String,
}

/// A link with a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The text.
    pub title: String,
    /// The address; none where one is already.
    pub href: Option<String>,
}

/// A link of a menu.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MenuLink {
    /// The text.
    pub title: String,
    /// The address.
    pub href: String,
    /// Whether the page lies at or below it.
    pub active: bool,
    /// The links below it.
    pub below: Vec<MenuLink>,
}

/// What is told about the last action.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Message {
    /// `status`, `warning` or `error`.
    pub kind: String,
    /// What is told.
    pub text: String,
}

/// Who looks at the page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct User {
    /// The identifier.
    pub id: String,
    /// The name.
    pub name: String,
    /// Whether nobody is logged in.
    pub is_anonymous: bool,
    /// The page of their account; none for visitors.
    pub href: Option<String>,
    /// Where visitors log in, and come back from to the page; none for others.
    pub log_in: Option<String>,
    /// What logs them out; none for visitors.
    pub log_out: Option<LogOut>,
}

/// What logs somebody out: a form that is a button.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LogOut {
    /// Where it is sent; a link there leads to a page that asks.
    pub href: String,
    /// Names and values that it has to send along; where there are none, only the link works.
    pub hidden: Vec<(&'static str, String)>,
}

/// The page itself.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Page {
    /// The heading.
    pub title: String,
    /// The title of the window, with the site's name.
    pub head_title: String,
    /// The path.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// Whether it is the front page.
    pub is_front: bool,
    /// The language of the page (BCP 47).
    pub language: String,
    /// A sentence about it, for search engines.
    pub description: String,
    /// The address that it should be known by.
    pub canonical: Option<String>,
    /// What robots may do with it, such as `noindex`; empty for anything.
    pub robots: String,
    /// What is told to those who share its address.
    pub meta: Vec<Meta>,
    /// What belongs to it elsewhere.
    pub links: Vec<HeadLink>,
    /// Structured data: JSON that can stand in a script element.
    pub data: Vec<SafeHtml>,
    /// Feeds of what it lists.
    pub feeds: Vec<Feed>,
    /// Style sheets; those of the theme are put before.
    pub css: Vec<String>,
    /// Scripts; those of the theme are put before.
    pub js: Vec<String>,
    /// Class names of the body, separated by spaces.
    pub body_classes: String,
}

/// A feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Feed {
    /// What it lists.
    pub title: String,
    /// Its address.
    pub href: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A `meta` element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// `name` or `property`.
    pub attribute: &'static str,
    /// What stands there.
    pub name: String,
    /// What is said.
    pub content: String,
}

/// A `link` element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadLink {
    /// How it belongs to the page.
    pub rel: String,
    /// Its address.
    pub href: String,
}

/// The variables of `page.html`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PageContext {
    /// The site.
    pub site: Site,
    /// The page.
    pub page: Page,
    /// What the page shows.
    pub content: SafeHtml,
    /// The way to the page.
    pub breadcrumbs: Vec<Link>,
    /// The menus by name: `main`, `footer`, …
    pub menus: BTreeMap<String, Vec<MenuLink>>,
    /// The rendered tiles by slot.
    pub slots: BTreeMap<String, SafeHtml>,
    /// What is told about the last action.
    pub messages: Vec<Message>,
    /// Who looks at the page.
    pub user: User,
    /// The toolbar of those who may enter the administration; empty for others, and in the administration.
    pub toolbar: SafeHtml,
    /// What surrounds a page of the administration; undefined elsewhere.
    pub admin: Value,
    /// When the page is made, in milliseconds.
    pub now: i64,
    /// What inline scripts and styles must carry to run.
    pub csp_nonce: String,
    /// Whether the site runs in development mode.
    pub debug: bool,
}

/// Who wrote an item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Author {
    /// The identifier.
    pub id: String,
    /// The name.
    pub name: String,
}

/// An item.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Item {
    /// The identifier.
    pub id: String,
    /// The machine name of its type.
    #[serde(rename = "type")]
    pub item_type: String,
    /// The name of its type for people.
    pub type_label: String,
    /// The title.
    pub title: String,
    /// Its path.
    pub url: String,
    /// Who wrote it.
    pub author: Author,
    /// Whether everybody may see it.
    pub published: bool,
    /// When it was made, in milliseconds.
    pub created: i64,
    /// When it was changed last, in milliseconds.
    pub changed: i64,
    /// The view mode: `full`, `teaser`, `search_result`, …
    pub mode: String,
    /// Class names, separated by spaces.
    pub classes: String,
}

/// A field within an item.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ItemField {
    /// The name for people.
    pub label: String,
    /// Where the label stands: `above`, `inline` or `hidden`.
    pub label_position: String,
    /// The field as `field.html` renders it.
    pub html: SafeHtml,
    /// The plain values.
    pub values: Vec<Value>,
    /// The type of the field.
    #[serde(rename = "type")]
    pub field_type: String,
}

/// The variables of `item.html`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ItemContext {
    /// The item.
    pub item: Item,
    /// Its fields by name, in the order of their weights.
    pub fields: Ordered<ItemField>,
    /// All that it shows: fields and parts of plugins in the order of their weights.
    pub content: SafeHtml,
    /// The parts of plugins, by plugin.
    pub parts: Ordered<SafeHtml>,
}

/// A field with its rendered values.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Field {
    /// The machine name.
    pub name: String,
    /// The name for people.
    pub label: String,
    /// Where the label stands: `above`, `inline` or `hidden`.
    pub label_position: String,
    /// The type of the field.
    #[serde(rename = "type")]
    pub field_type: String,
    /// The rendered values.
    pub items: Vec<SafeHtml>,
}

/// The variables of `field.html`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FieldContext {
    /// The field.
    pub field: Field,
    /// The item that it belongs to.
    pub item: Item,
}

/// What went wrong.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ErrorPage {
    /// The status of the answer.
    pub status: u16,
    /// What it is called.
    pub title: String,
    /// What went wrong, for people.
    pub message: String,
    /// What they can do now.
    pub hint: String,
    /// What the log calls the request.
    pub request_id: String,
    /// Where to log in, if that may help.
    pub login_href: Option<String>,
}
