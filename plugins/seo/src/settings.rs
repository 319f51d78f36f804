//! What the settings say, which have a form of their own in the administration.

use trovato_sdk::prelude::*;

/// The settings, as the manifest declares them.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The pattern of titles.
    pub title: String,
    pub home_title: String,
    pub home_description: String,
    pub picture: String,
    pub twitter: String,
    /// Lines of content types with their kinds.
    pub kinds: String,
    /// Content types between commas.
    pub noindex: String,
}

impl Settings {
    /// The settings as they are now.
    pub fn read() -> Result<Self> {
        Ok(Self {
            title: variables::get("title")?,
            home_title: variables::get("home_title")?,
            home_description: variables::get("home_description")?,
            picture: variables::get("picture")?,
            twitter: variables::get("twitter")?,
            kinds: variables::get("kinds")?,
            noindex: variables::get("noindex")?,
        })
    }

    /// The title of a page as search engines show it.
    pub fn title_of(&self, title: &str, site: &str) -> String {
        // What replaces a token is not looked at again.
        let parts = self
            .title
            .split("[title]")
            .map(|part| part.replace("[site]", site));
        let whole = parts.collect::<Vec<_>>().join(title);
        if whole.trim().is_empty() {
            title.to_owned()
        } else {
            whole
        }
    }

    /// What items of a type are in the words of schema.org.
    pub fn kind_of(&self, item_type: &str) -> &str {
        let lines = self.kinds.lines().filter_map(|line| line.split_once(':'));
        let mut named = lines.map(|(name, kind)| (name.trim(), kind.trim()));
        let found = named.find(|(name, kind)| *name == item_type && !kind.is_empty());
        found.map_or("WebPage", |(_, kind)| kind)
    }

    /// Whether search engines are asked to leave out the items of a type.
    pub fn hides(&self, item_type: &str) -> bool {
        self.noindex.split(',').any(|name| name.trim() == item_type)
    }
}

#[cfg(test)]
impl Settings {
    /// Settings for tests.
    pub fn of(title: &str, kinds: &str, noindex: &str) -> Self {
        Self {
            title: title.into(),
            kinds: kinds.into(),
            noindex: noindex.into(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_makes_the_title() {
        let title = |pattern: &str| Settings::of(pattern, "", "").title_of("The [site] of A", "Site");
        assert_eq!(title("[title] | [site]"), "The [site] of A | Site");
        assert_eq!(title("[site]: [title]"), "Site: The [site] of A");
        assert_eq!(title(""), "The [site] of A");
    }

    #[test]
    fn each_content_type_has_a_kind() {
        let settings = Settings::of("", "blog: BlogPosting\n\nnews : NewsArticle\nodd:\n", "page, odd");
        assert_eq!(
            ["blog", "news", "odd", "page"].map(|name| settings.kind_of(name)),
            ["BlogPosting", "NewsArticle", "WebPage", "WebPage"]
        );
        assert!(settings.hides("page") && settings.hides("odd") && !settings.hides("blog"));
        assert!(!Settings::of("", "", "").hides("blog"));
    }
}
