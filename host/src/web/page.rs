//! What a handler answers instead of HTML: a page that the server puts into the site's theme.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::time::Timestamp;

/// A page without what is around it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The HTTP status.
    pub status: StatusCode,
    /// Its title.
    pub title: String,
    /// What it shows: safe HTML, made by the render pipeline or a template.
    pub content: String,
    /// What search engines show.
    pub description: String,
    /// The path by which it should be known, percent-encoded, with a query where it needs one.
    pub canonical: Option<String>,
    /// The content that it shows, for those who share its address.
    pub about: Option<About>,
    /// Its feeds.
    pub feeds: Vec<Feed>,
    /// Whether it is the home page.
    pub is_front: bool,
    /// The item that it shows.
    pub item: Option<uuid::Uuid>,
    /// Class names of its body.
    pub body_classes: Vec<String>,
    /// What a theme may look for first, from the general to the particular: `item`, `blog`.
    pub suggestions: Vec<String>,
    /// Whether it is shown in the administration's theme, to those who may enter the administration.
    pub admin: bool,
    /// What those who may enter the administration can do with it.
    pub actions: Vec<Action>,
}

/// Something to do, as a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Its text: a verb and what it is done to.
    pub title: String,
    /// Where it is done.
    pub href: String,
    /// Whether it is what people come to the page for.
    pub main: bool,
}

impl Action {
    /// Something to do.
    pub fn new(title: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            href: href.into(),
            main: false,
        }
    }

    /// What people come to the page for.
    pub fn main(title: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            main: true,
            ..Self::new(title, href)
        }
    }
}

/// A feed that accompanies a page.
#[derive(Clone, Debug)]
pub struct Feed {
    /// Its title.
    pub title: String,
    /// Its path.
    pub href: String,
    /// Its media type, such as `application/atom+xml`.
    pub kind: &'static str,
}

/// A piece of content that a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The machine name of its kind.
    pub kind: String,
    /// The name of who wrote it; empty where nobody is known.
    pub author: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub changed: Timestamp,
    /// The first picture that it shows.
    pub picture: Option<Picture>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its path on this site, percent-encoded.
    pub path: String,
    /// What it shows; empty where nobody has said it.
    pub alt: String,
}

impl Page {
    /// A page with a title and content.
    #[must_use]
    pub fn new(title: impl Into<String>, content: impl Into<String>) -> Self {
        Self {
            status: StatusCode::OK,
            title: title.into(),
            content: content.into(),
            description: String::new(),
            canonical: None,
            about: None,
            feeds: Vec::new(),
            is_front: false,
            item: None,
            body_classes: Vec::new(),
            suggestions: Vec::new(),
            admin: false,
            actions: Vec::new(),
        }
    }

    /// A page of the administration.
    #[must_use]
    pub fn admin(title: impl Into<String>, content: impl Into<String>) -> Self {
        Self {
            admin: true,
            ..Self::new(title, content)
        }
    }

    /// Adds something that can be done with it.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }
}

/// An empty answer that carries the page to the server's outermost layer.
impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
