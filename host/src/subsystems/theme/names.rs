//! Which template a name means: the active theme's, else its parent's, and so on down to the built-in one.
//!
//! Templates are stored as `{theme}/{name}` and `plugin/{plugin}/{name}`, so that an error names whose file it is in.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// The templates of one theme or plugin.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// The theme.
    pub owner: String,
    /// Its templates, without the ones that can't be read.
    pub templates: BTreeSet<String>,
}

/// The templates that a theme can use.
#[derive(Debug, Default)]
pub struct Names {
    /// The active theme first, the built-in templates last.
    pub layers: Vec<Layer>,
    /// Plugins' templates, with their full names.
    pub plugins: BTreeSet<String>,
}

impl Names {
    /// The full name of the nearest template of a name.
    pub fn find(&self, name: &str) -> Option<String> {
        Self::find_in(&self.layers, name).or_else(|| self.plugins.get(name).cloned())
    }

    /// The full name of a plugin's template; a theme may have its own as `plugin--{plugin}--{name}`.
    pub fn find_plugin(&self, plugin: &str, name: &str) -> Option<String> {
        let own = || self.plugins.get(&format!("plugin/{plugin}/{name}")).cloned();
        Self::find_in(&self.layers, &format!("plugin--{plugin}--{name}")).or_else(own)
    }

    /// The full name of the first of some templates that is there.
    pub fn resolve<'a>(&self, suggestions: &'a [String]) -> Option<(String, &'a [String])> {
        let (at, found) = suggestions
            .iter()
            .enumerate()
            .find_map(|(at, name)| Some((at, self.find(name)?)))?;
        Some((found, suggestions.get(..=at).unwrap_or(suggestions)))
    }

    /// What a template means by a name in `extends`, `include` or `import`: a template that names itself means the
    /// one that it shadows, and a plugin's template means the plugin's own first.
    pub fn join<'s>(&self, name: &'s str, from: &'s str) -> Cow<'s, str> {
        let found =
            if let Some((plugin, _)) = from.strip_prefix("plugin/").and_then(|rest| rest.split_once('/')) {
                self.find_plugin(plugin, name).or_else(|| self.find(name))
            } else {
                let (owner, own) = from.split_once('/').unwrap_or(("", from));
                let below = self
                    .layers
                    .iter()
                    .position(|layer| layer.owner == owner)
                    .map_or(0, |at| at + 1);
                let shadowed = || Self::find_in(self.layers.get(below..).unwrap_or_default(), name);
                if own == name { shadowed() } else { self.find(name) }
            };
        found.map_or(Cow::Borrowed(name), Cow::Owned)
    }

    fn find_in(layers: &[Layer], name: &str) -> Option<String> {
        let layer = layers.iter().find(|layer| layer.templates.contains(name))?;
        Some(format!("{}/{name}", layer.owner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let layer = |owner: &str, templates: &[&str]| Layer {
            owner: owner.into(),
            templates: templates.iter().map(|name| (*name).to_owned()).collect(),
        };
        Names {
            layers: vec![
                layer("child", &["page.html", "plugin--blog--a.html"]),
                layer("parent", &["page.html", "item.html"]),
                layer("builtin", &["page.html", "item.html", "field.html"]),
            ],
            plugins: ["plugin/blog/a.html", "plugin/blog/b.html"]
                .map(String::from)
                .into(),
        }
    }

    #[test]
    fn the_nearest_template_is_found() {
        let names = names();
        assert_eq!(names.find("page.html").as_deref(), Some("child/page.html"));
        assert_eq!(names.find("field.html").as_deref(), Some("builtin/field.html"));
        assert_eq!(names.find("no.html"), None);
        assert_eq!(
            names.find_plugin("blog", "a.html").as_deref(),
            Some("child/plugin--blog--a.html")
        );
        assert_eq!(
            names.find_plugin("blog", "b.html").as_deref(),
            Some("plugin/blog/b.html")
        );
        assert_eq!(names.find_plugin("other", "b.html"), None);
    }

    #[test]
    fn a_template_that_names_itself_means_the_one_it_shadows() {
        let names = names();
        assert_eq!(names.join("page.html", "child/page.html"), "parent/page.html");
        assert_eq!(names.join("page.html", "parent/page.html"), "builtin/page.html");
        assert_eq!(names.join("page.html", "builtin/page.html"), "page.html");
        assert_eq!(names.join("page.html", "parent/item.html"), "child/page.html");
    }

    #[test]
    fn the_first_suggestion_that_is_there_wins_and_what_was_tried_is_told() {
        let names = names();
        let suggestions = ["item--blog.html", "item.html", "page.html"].map(String::from);
        let (found, tried) = names.resolve(&suggestions).unwrap_or_default();
        assert_eq!(
            (found.as_str(), tried),
            (
                "parent/item.html",
                &["item--blog.html".into(), "item.html".into()][..]
            )
        );
    }
}
