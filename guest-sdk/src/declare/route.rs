//! Routes: the paths of a plugin's own pages.

use super::{MenuLink, Route};

/// The permission to see published content, which visitors have unless the site takes it from them.
const SEE_CONTENT: &str = "access content";

/// Declares a route.
///
/// ```
/// use trovato_sdk::prelude::*;
///
/// let routes = [
///     Route::new("listing", "/events").title("Events").in_menu("main", 10),
///     Route::new("year", "/events/{year}").title("Events of a year").below("/events"),
///     Route::new("drafts", "/events/drafts").title("Drafts").needs("review events"),
/// ];
/// # assert_eq!(routes.len(), 3);
/// ```
impl Route {
    /// A route by the name that the `page` tap is asked for and its path; each `{name}` in it matches one
    /// segment. Open to everyone who may see published content.
    pub fn new(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            path: path.into(),
            title: String::new(),
            parent: None,
            permission: SEE_CONTENT.into(),
            link: None,
        }
    }

    /// The title, for the page, menus and breadcrumbs.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The page above it in the breadcrumbs.
    pub fn below(mut self, path: impl Into<String>) -> Self {
        self.parent = Some(path.into());
        self
    }

    /// The permission that visitors need.
    pub fn needs(mut self, permission: impl Into<String>) -> Self {
        self.permission = permission.into();
        self
    }

    /// Puts it into a menu: `main`, `footer`, `admin` or one of the site's; lower weights come first.
    pub fn in_menu(mut self, menu: impl Into<String>, weight: i32) -> Self {
        self.link = Some(MenuLink {
            menu: menu.into(),
            weight,
        });
        self
    }
}
