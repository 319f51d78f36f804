//! Themes and the render pipeline: tree → alter → sanitise → render, and templates around the result.
//!
//! [`Themes`] knows the themes of a site and renders pages, items and fields with their templates; what fails falls
//! back to the parent's template and then to the built-in one, so a page is always shown. Nothing here knows where
//! items come from, who may see them, or HTTP.

mod alter;
mod bundle;
mod context;
mod error;
mod escape;
mod feed;
mod functions;
mod loading;
mod manifest;
mod names;
mod pager;
mod preprocess;
mod problems;
mod render;
mod routes;
mod safe;
mod sanitise;
mod source;
mod static_file;
pub mod suggestions;
mod templates;
mod tree;
mod value;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use jiff::tz::TimeZone;

pub use alter::{Alteration, alter};
pub use context::{
    Author, ErrorPage, Feed, Field, FieldContext, HeadLink, Item, ItemContext, ItemField, Link, LogOut,
    MenuLink, Message, Meta, Ordered, Page, PageContext, Site, User,
};
pub use error::Error;
pub use escape::escaping;
pub use feed::{FeedContext, FeedEntry, render_feed};
pub use loading::PluginTemplates;
pub use manifest::{Libraries, Manifest};
pub use pager::{PagerLink, PagerLinks};
pub use preprocess::{Additions, Refused};
pub use problems::Problem;
pub use render::{Embeds, Parts, collect_embeds, render};
pub use safe::SafeHtml;
pub use sanitise::{Limits, SafeTree, check, sanitise};
pub use static_file::StaticFile;
pub use tree::{
    Attribute, Element, ItemEmbed, Node, NodeKind, OtherEmbed, Pager, Tag, Template, Tree, ViewMode,
};
pub use value::{FormattedText, NamedValue, TemplateValue};

use crate::subsystems::format::Formats;
use loading::Theme;
use problems::Problems;

/// The theme that all others build on: the templates in this folder.
pub const BUILT_IN: &str = "builtin";

/// How themes are used.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder with the site's own themes; it need not exist.
    pub folder: Option<PathBuf>,
    /// The theme of the public pages.
    pub active: Arc<str>,
    /// Whether pages tell which templates made them.
    pub development: bool,
    /// The time zone in which dates are shown.
    pub time_zone: TimeZone,
    /// The address of the site, such as `https://example.org`.
    pub site_url: String,
    /// How many instructions the rendering of one template may take.
    pub fuel: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            folder: None,
            active: Arc::from(BUILT_IN),
            development: false,
            time_zone: TimeZone::UTC,
            site_url: String::new(),
            fuel: 1_000_000,
        }
    }
}

/// All themes as they were when they were loaded last.
#[derive(Debug, Default)]
struct Loaded {
    themes: BTreeMap<String, Arc<Theme>>,
    problems: Problems,
}

/// The themes of a site.
#[derive(Debug)]
pub struct Themes {
    options: Options,
    formats: Arc<Formats>,
    plugins: RwLock<PluginTemplates>,
    loaded: RwLock<Arc<Loaded>>,
    /// When a file of the site's own themes was last changed, as far as it was taken up.
    seen: Mutex<Option<SystemTime>>,
}

impl Themes {
    /// Loads the embedded themes and those of the site. What is wrong with a single theme is in
    /// [`Themes::problems`].
    ///
    /// # Errors
    /// [`Error::Unreadable`] if the site's folder of themes can't be read.
    pub fn open(options: Options, formats: Arc<Formats>) -> Result<Self, Error> {
        let themes = Self {
            options,
            formats,
            plugins: RwLock::default(),
            loaded: RwLock::default(),
            seen: Mutex::default(),
        };
        themes.reload()?;
        Ok(themes)
    }

    /// Loads all themes anew and forgets their problems. Pages that are being rendered keep the old ones.
    ///
    /// # Errors
    /// As [`Themes::open`]; the themes stay as they were then.
    pub fn reload(&self) -> Result<(), Error> {
        let problems = Problems::default();
        let plugins = self.plugins.read().unwrap_or_else(PoisonError::into_inner);
        let themes = loading::load(&self.options, &plugins, &problems)?;
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Loaded { themes, problems });
        Ok(())
    }

    /// In development, loads all themes anew after a file of the site's own has changed.
    pub fn take_up_changes(&self) {
        let Some(folder) = self
            .options
            .folder
            .as_deref()
            .filter(|_| self.options.development)
        else {
            return;
        };
        let newest = source::newest_change(folder);
        if std::mem::replace(
            &mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner),
            newest,
        ) == newest
        {
            return;
        }
        if let Err(error) = self.reload() {
            tracing::warn!("the themes can't be loaded anew: {error}");
        }
    }

    /// Puts these templates of plugins in the place of all those before.
    ///
    /// # Errors
    /// As [`Themes::reload`].
    pub fn set_plugin_templates(&self, templates: PluginTemplates) -> Result<(), Error> {
        *self.plugins.write().unwrap_or_else(PoisonError::into_inner) = templates;
        self.reload()
    }

    /// What the themes say of themselves, by name.
    #[must_use]
    pub fn manifests(&self) -> Vec<Manifest> {
        self.loaded()
            .themes
            .values()
            .map(|theme| theme.manifest.clone())
            .collect()
    }

    /// The theme of the public pages.
    #[must_use]
    pub fn active(&self) -> Arc<str> {
        self.options.active.clone()
    }

    /// The address of the site, such as `https://example.org`; empty where it is not known.
    #[must_use]
    pub fn site_url(&self) -> &str {
        &self.options.site_url
    }

    /// Whether pages tell which templates made them.
    #[must_use]
    pub fn is_development(&self) -> bool {
        self.options.development
    }

    /// What is wrong with themes and templates, since they were loaded.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.loaded().problems.list()
    }

    /// A file of a theme, below its `static` folder; what is not in that folder does not exist.
    #[must_use]
    pub fn static_file(&self, theme: &str, path: &str) -> Option<StaticFile> {
        self.loaded().themes.get(theme)?.files.get(path).cloned()
    }

    /// The address of a file of a theme, which carries a digest of its content; none if there is no such file.
    #[must_use]
    pub fn asset(&self, theme: &str, path: &str) -> Option<String> {
        let file = self.static_file(theme, path)?;
        Some(format!("/theme/{theme}/{path}?v={}", file.hash))
    }

    fn loaded(&self) -> Arc<Loaded> {
        Arc::clone(&self.loaded.read().unwrap_or_else(PoisonError::into_inner))
    }
}
