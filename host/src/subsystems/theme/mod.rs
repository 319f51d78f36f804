//! Themes and the render pipeline: tree → alter → sanitise → render, and templates around the result.
//!
//! [`Themes`] knows the themes of a site and renders pages, items and fields with their templates; what fails falls
//! back to the parent's template and then to the built-in one, so a page is always shown. Nothing here knows where
//! items come from, who may see them, or HTTP.

mod alter;
mod context;
mod error;
mod escape;
mod feed;
mod functions;
mod loading;
mod manifest;
mod names;
mod preprocess;
mod problems;
mod render;
mod routes;
mod safe;
mod sanitise;
mod source;
pub mod suggestions;
mod tree;
mod value;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use jiff::tz::TimeZone;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

pub use alter::{Alteration, alter};
pub use context::{
    Author, ErrorPage, Feed, Field, FieldContext, Item, ItemContext, ItemField, Link, MenuLink, Message,
    Ordered, Page, PageContext, PagerLink, PagerLinks, Site, User,
};
pub use error::Error;
pub use feed::{FeedContext, FeedEntry, render_feed};
pub use loading::{PluginTemplates, StaticFile};
pub use manifest::{Libraries, Manifest};
pub use preprocess::{Additions, Refused};
pub use problems::Problem;
pub use render::{Embeds, Parts, collect_embeds, render};
pub use safe::SafeHtml;
pub use sanitise::{Limits, SafeTree, check, sanitise};
pub use tree::{
    Attribute, Element, ItemEmbed, Node, NodeKind, OtherEmbed, Pager, Tag, Template, Tree, ViewMode,
};
pub use value::{FormattedText, NamedValue, TemplateValue};

use crate::subsystems::format::{Formats, clean_html};
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

    /// A whole page.
    #[must_use]
    pub fn render_page(&self, theme: &str, page: &PageContext, additions: &Additions) -> String {
        let mut page = page.clone();
        let loaded = self.loaded();
        if let Some(theme) = loaded.theme(theme) {
            page.page.css.splice(0..0, theme.css.iter().cloned());
            page.page.js.splice(0..0, theme.js.iter().cloned());
        }
        let names = suggestions::for_page(&page.page.path, page.page.status, page.page.is_front);
        let variables = self.variables(&page, additions);
        let (html, told) = self.render_first(&loaded, theme, &names, &variables);
        // Nothing may stand before the doctype, so what made the page is told after it.
        html + &told
    }

    /// An item in a view mode.
    #[must_use]
    pub fn render_item(&self, theme: &str, item: &ItemContext, additions: &Additions) -> SafeHtml {
        let names = suggestions::for_item(&item.item.item_type, &item.item.id, &item.item.mode);
        self.render_suggested(theme, &names, self.variables(item, additions))
    }

    /// A field of an item.
    #[must_use]
    pub fn render_field(&self, theme: &str, field: &FieldContext, additions: &Additions) -> SafeHtml {
        let names = suggestions::for_field(&field.field.name, &field.item.item_type, &field.field.field_type);
        self.render_suggested(theme, &names, self.variables(field, additions))
    }

    /// What a page shows that tells of an error.
    #[must_use]
    pub fn render_error(&self, theme: &str, error: &ErrorPage) -> SafeHtml {
        self.render_suggested(
            theme,
            &suggestions::names("error", &[]),
            context! { error => Value::from(Serde(error)) },
        )
    }

    /// Links to the pages of a list.
    #[must_use]
    pub fn render_pager(&self, theme: &str, pager: &Pager) -> SafeHtml {
        let links = Value::from(Serde(PagerLinks::from(pager)));
        self.render_suggested(
            theme,
            &suggestions::names("pager", &[]),
            context! { pager => links },
        )
    }

    /// A tree, with the items that [`collect_embeds`] has found.
    #[must_use]
    pub fn render_tree(&self, theme: &str, tree: &SafeTree, embeds: &Embeds) -> SafeHtml {
        render(tree, embeds, &InTheme { themes: self, theme })
    }

    /// The first of some templates that is there, with its variables: for tiles, listings and elements of forms.
    /// Nothing, if none is there or none can be rendered.
    #[must_use]
    pub fn render_suggested(&self, theme: &str, names: &[String], variables: Value) -> SafeHtml {
        let (html, told) = self.render_first(&self.loaded(), theme, names, &variables);
        SafeHtml::trusted(told + &html)
    }

    /// Tries the theme, then its parent, and so on. The answers are the HTML and, in development, a comment that
    /// tells where it came from.
    fn render_first(
        &self,
        loaded: &Loaded,
        theme: &str,
        names: &[String],
        variables: &Value,
    ) -> (String, String) {
        let mut next = loaded.theme(theme);
        while let Some(theme) = next {
            if let Some((found, tried)) = theme.names.resolve(names) {
                match loaded.render_one(theme, &found, variables) {
                    Some(html) => return (html, self.tell(&found, tried)),
                    None => next = loaded.parent(theme),
                }
            } else {
                next = loaded.parent(theme);
            }
        }
        tracing::warn!(templates = names.join(" "), "no template can show this: left out");
        Default::default()
    }

    fn tell(&self, found: &str, tried: &[String]) -> String {
        // The names have only letters, digits, `-`, `_`, `.` and `/`, but `--` may not stand in a comment.
        let tried = tried
            .iter()
            .map(|name| name.replace("--", "-\u{2011}"))
            .collect::<Vec<_>>()
            .join(", ");
        if self.options.development {
            format!(
                "<!-- template {}; tried {tried} -->\n",
                found.replace("--", "-\u{2011}")
            )
        } else {
            String::new()
        }
    }

    fn variables(&self, context: &impl Serialize, additions: &Additions) -> Value {
        let (variables, refused) = additions.merge(Value::from(Serde(context)), &self.formats);
        for Refused { plugin, name, reason } in refused {
            tracing::warn!(
                plugin.name = plugin,
                variable = name,
                reason,
                "a variable of a preprocess tap was refused"
            );
        }
        variables
    }

    fn loaded(&self) -> Arc<Loaded> {
        Arc::clone(&self.loaded.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Loaded {
    /// A theme, or the built-in one if there is none of that name.
    fn theme(&self, name: &str) -> Option<&Theme> {
        self.themes
            .get(name)
            .or_else(|| self.themes.get(BUILT_IN))
            .map(Arc::as_ref)
    }

    fn parent(&self, theme: &Theme) -> Option<&Theme> {
        self.themes.get(theme.parent.as_deref()?).map(Arc::as_ref)
    }

    /// Renders a template by its full name; if that fails, the problem is reported.
    fn render_one(&self, theme: &Theme, name: &str, variables: &Value) -> Option<String> {
        let rendered = theme
            .environment
            .get_template(name)
            .and_then(|template| template.render(variables));
        rendered
            .map_err(|error| {
                self.problems
                    .report(Problem::from_template(&theme.manifest.name, name, &error))
            })
            .ok()
    }
}

/// Renders the parts of a tree with a theme.
struct InTheme<'a> {
    themes: &'a Themes,
    theme: &'a str,
}

impl Parts for InTheme<'_> {
    fn formatted(&self, text: &FormattedText) -> SafeHtml {
        self.themes.formats.render(&text.format, &text.value).into()
    }

    /// The theme's own version of the template, else the plugin's, whose HTML is sanitised: it is not the site's.
    fn template(&self, template: &Template) -> SafeHtml {
        let formats = &self.themes.formats;
        let named = template
            .variables
            .iter()
            .map(|variable| (&variable.name, variable.value.to_template(formats)));
        let variables = Value::from(Serde(named.collect::<BTreeMap<_, _>>()));
        let loaded = self.themes.loaded();
        let mut next = loaded.theme(self.theme);
        while let Some(theme) = next {
            if let Some(found) = theme.names.find_plugin(&template.plugin, &template.name)
                && let Some(html) = loaded.render_one(theme, &found, &variables)
            {
                return if found.starts_with("plugin/") {
                    clean_html(&html).into()
                } else {
                    SafeHtml::trusted(html)
                };
            }
            next = loaded.parent(theme);
        }
        tracing::warn!(
            plugin.name = template.plugin,
            template = template.name,
            "a plugin's template is missing or fails"
        );
        SafeHtml::default()
    }

    fn pager(&self, pager: &Pager) -> SafeHtml {
        self.themes.render_pager(self.theme, pager)
    }
}
