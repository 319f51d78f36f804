//! What a subsystem says of an admin page: one entry gives the route, the check of the permission, the link in the
//! navigation, the breadcrumb and the entry of the command palette.

use axum::routing::MethodRouter;
use serde::Serialize;

use crate::subsystems::Site;

/// What whoever sees anything of the administration needs.
pub const ENTER: &str = "access administration pages";

/// The picture beside a link of the first level. The theme draws them; the names are its contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Icon {
    /// The dashboard.
    Home,
    /// Content.
    Content,
    /// People.
    People,
    /// The structure of the site.
    Structure,
    /// Files.
    Files,
    /// Looks.
    Appearance,
    /// Plugins.
    Plugins,
    /// Settings.
    Config,
    /// Reports.
    Reports,
    /// Anything else.
    #[default]
    Page,
}

/// What a page is within the administration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A place that one goes to: in the navigation and the command palette.
    Place,
    /// Something to do, such as adding: a button on its parent, a quick action, an entry of the palette.
    Action,
    /// Reached from another page only.
    Inner,
}

/// A page of the administration, and how it is answered.
#[derive(Clone, Debug)]
pub struct AdminPage {
    pub(super) about: About,
    pub(super) answers: Option<MethodRouter<Site>>,
}

/// What is known of a page besides its handler.
#[derive(Clone, Debug)]
pub struct About {
    /// Its path; `{name}` stands for one segment. It lies below `/admin`, or is that of a page for editors elsewhere.
    pub path: &'static str,
    /// Its name in links and breadcrumbs.
    pub title: &'static str,
    /// What it is for, in a sentence.
    pub description: &'static str,
    /// What whoever asks needs; none where the handler decides.
    pub permission: Option<&'static str>,
    /// The path of the page above; none for the longest path that this one begins with.
    pub parent: Option<&'static str>,
    /// Lower comes first; ties by title.
    pub weight: i32,
    /// Its picture.
    pub icon: Icon,
    /// What it is.
    pub kind: Kind,
    /// Other words by which people look for it.
    pub keywords: &'static str,
    /// Whether it lists the pages below it and is nothing else.
    pub is_section: bool,
}

impl AdminPage {
    /// A page that handlers answer. Those who may enter the administration may see it, unless
    /// [`AdminPage::permission`] says otherwise. With `{name}` in its path it is [`Kind::Inner`].
    #[must_use]
    pub fn new(path: &'static str, title: &'static str, answers: MethodRouter<Site>) -> Self {
        Self {
            about: About {
                is_section: false,
                kind: if path.contains('{') {
                    Kind::Inner
                } else {
                    Kind::Place
                },
                ..About::section(path, title)
            },
            answers: Some(answers),
        }
    }

    /// A page that lists the pages below it. It is there for whoever may see one of them.
    #[must_use]
    pub fn section(path: &'static str, title: &'static str) -> Self {
        Self {
            about: About::section(path, title),
            answers: None,
        }
    }

    /// What is known of it besides its handler.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Says what it is for, in a sentence.
    #[must_use]
    pub fn description(mut self, description: &'static str) -> Self {
        self.about.description = description;
        self
    }

    /// Asks for a permission.
    #[must_use]
    pub fn permission(mut self, permission: &'static str) -> Self {
        self.about.permission = Some(permission);
        self
    }

    /// Leaves it to the handler who may see the page, below `/admin` among those who may enter it.
    #[must_use]
    pub fn handler_decides(mut self) -> Self {
        self.about.permission = None;
        self
    }

    /// Puts it below another page than the one that its path says.
    #[must_use]
    pub fn parent(mut self, path: &'static str) -> Self {
        self.about.parent = Some(path);
        self
    }

    /// Orders it among its siblings.
    #[must_use]
    pub fn weight(mut self, weight: i32) -> Self {
        self.about.weight = weight;
        self
    }

    /// Gives it a picture.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.about.icon = icon;
        self
    }

    /// Other words by which people look for it.
    #[must_use]
    pub fn keywords(mut self, keywords: &'static str) -> Self {
        self.about.keywords = keywords;
        self
    }

    /// Makes it something to do instead of a place.
    #[must_use]
    pub fn action(mut self) -> Self {
        self.about.kind = Kind::Action;
        self
    }

    /// Leaves it out of navigation and palette.
    #[must_use]
    pub fn inner(mut self) -> Self {
        self.about.kind = Kind::Inner;
        self
    }
}

impl About {
    fn section(path: &'static str, title: &'static str) -> Self {
        Self {
            path,
            title,
            description: "",
            permission: Some(ENTER),
            parent: None,
            weight: 0,
            icon: Icon::Page,
            kind: Kind::Place,
            keywords: "",
            is_section: true,
        }
    }
}
