//! Feeds: what is new, for programs that look again and again (Atom, RFC 4287, and RSS 2.0). Those of the site itself, of
//! its home page and of each content type, and those of plugins. They tell what whoever asks may see.

mod answer;
mod routes;

use super::item_type::ItemType;
use super::{Site, Subsystem};
use crate::web;

pub use answer::{Listed, answer};

/// Where the site's own feeds are.
pub const FEEDS: &str = "/feed";
/// The parameter by which the feed of a plugin is asked for in another form.
pub const FORM: &str = "format";

/// The form of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Atom (RFC 4287).
    Atom,
    /// RSS 2.0.
    Rss,
}

impl Form {
    /// All of them, the one that readers should take first.
    pub const ALL: [Self; 2] = [Self::Atom, Self::Rss];

    /// The name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Rss => "rss",
        }
    }

    /// The name that people see.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Atom => "Atom",
            Self::Rss => "RSS",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
        }
    }

    /// The form of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// The feeds of the site. It has nothing of its own: what they list belongs to others.
pub struct Feeds;

/// What a page says of a feed, in each form that there is.
fn links(title: &str, href: impl Fn(Form) -> String) -> Vec<web::Feed> {
    let link = |form: Form| web::Feed {
        title: format!("{title} ({})", form.label()),
        href: href(form),
        kind: form.media_type(),
    };
    Form::ALL.map(link).into()
}

/// The feeds of the home page.
#[must_use]
pub fn of_home(site: &Site) -> Vec<web::Feed> {
    let name = site.services().variables.site_text("site_name", "Trovato");
    links(&name, |form| format!("{FEEDS}/{}.xml", form.name()))
}

/// The feeds of a content type.
#[must_use]
pub fn of_type(site: &Site, item_type: &str) -> Vec<web::Feed> {
    let of = site.services().item_types.get(item_type);
    of.map(|of| links(&of.label, |form| type_href(&of, form)))
        .unwrap_or_default()
}

/// The feeds behind a plugin's route.
#[must_use]
pub fn of_route(title: &str, path: &str) -> Vec<web::Feed> {
    links(title, |form| match form {
        Form::Atom => path.to_owned(),
        Form::Rss => format!("{path}?{FORM}={}", form.name()),
    })
}

fn type_href(of: &ItemType, form: Form) -> String {
    format!("{FEEDS}/{}/{}.xml", of.name, form.name())
}

impl Subsystem for Feeds {
    fn routes() -> axum::Router<Site> {
        routes::routes()
    }
}
