//! Pages, items and fields, rendered by the templates of a theme; what fails falls back to the parent's.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::loading::Theme;
use super::problems::Problem;
use super::{
    Additions, BUILT_IN, Embeds, ErrorPage, FieldContext, FormattedText, ItemContext, Loaded, PageContext,
    Pager, PagerLinks, Parts, Refused, SafeHtml, SafeTree, Template, Themes, render, suggestions,
};
use crate::subsystems::format::clean_html;

impl Themes {
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

    /// A tree, with the items that [`super::collect_embeds`] has found.
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
        if !self.options.development {
            return String::new();
        }
        // Without `>` nothing in it can end the comment.
        format!(
            "<!-- template {found}; tried {} -->\n",
            tried.join(", ").replace('>', "")
        )
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
