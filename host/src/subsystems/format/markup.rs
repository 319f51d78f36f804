//! What HTML a format keeps, in the words of an editor in the browser. It only makes writing handier: what is shown is
//! decided by the filters.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Formats;
use super::allowed::{AllowedHtml, GENERIC_ATTRIBUTES, NEVER_ELEMENTS, POSSIBLE_SCHEMES, is_possible};
use super::definition::{Definition, Filter};

/// What HTML a text format keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Markup {
    /// The elements, each with the attributes of its own.
    pub elements: BTreeMap<String, BTreeSet<String>>,
    /// The attributes that any element may have.
    pub attributes: BTreeSet<String>,
    /// The schemes that links may have.
    pub schemes: BTreeSet<String>,
    /// Whether line ends make paragraphs and breaks.
    pub breaks: bool,
}

impl Markup {
    /// None for a format that is not written in HTML.
    pub(super) fn of(definition: &Definition) -> Option<Self> {
        let reads_on = |filter: &Filter| matches!(filter, Filter::Escape | Filter::Markdown);
        if definition.filters.iter().any(reads_on) {
            return None;
        }
        let lists = definition.filters.iter().filter_map(|filter| match filter {
            Filter::AllowedHtml(allowed) => Some(Self::from(allowed)),
            _ => None,
        });
        let mut markup = lists.reduce(Self::both)?;
        markup.breaks = definition.filters.contains(&Filter::LineBreaks);
        Some(markup)
    }

    /// What each of two keeps.
    fn both(mut self, other: Self) -> Self {
        self.elements.retain(|name, _| other.elements.contains_key(name));
        for (name, attributes) in &mut self.elements {
            let kept = other.elements.get(name);
            attributes.retain(|attribute| kept.is_some_and(|kept| kept.contains(attribute)));
        }
        self.attributes.retain(|name| other.attributes.contains(name));
        self.schemes.retain(|name| other.schemes.contains(name));
        self
    }
}

impl Formats {
    /// What HTML a format keeps; none for one that is not written in HTML, or that there is not.
    #[must_use]
    pub fn markup(&self, format: &str) -> Option<Markup> {
        Markup::of(&self.find(format)?.definition)
    }
}

impl From<&AllowedHtml> for Markup {
    fn from(allowed: &AllowedHtml) -> Self {
        let elements = allowed.elements.iter();
        let elements = elements.filter(|(name, _)| !NEVER_ELEMENTS.contains(&name.as_str()));
        let attributes =
            |names: &BTreeSet<String>| names.iter().filter(|name| is_possible(name)).cloned().collect();
        let generic = GENERIC_ATTRIBUTES
            .iter()
            .copied()
            .chain(allowed.ids.then_some("id"));
        let schemes = POSSIBLE_SCHEMES
            .iter()
            .filter(|name| allowed.schemes.contains(**name));
        Self {
            elements: elements
                .map(|(name, names)| (name.clone(), attributes(names)))
                .collect(),
            attributes: generic.map(str::to_owned).collect(),
            schemes: schemes.map(|name| (*name).to_owned()).collect(),
            breaks: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markup(name: &str) -> Option<Markup> {
        let formats = Definition::built_in();
        Markup::of(formats.iter().find(|format| format.name == name)?)
    }

    #[test]
    fn only_formats_of_html_are_written_in_an_editor() {
        assert_eq!(markup("plain_text"), None);
        assert_eq!(markup("markdown"), None);
        assert!(markup("filtered_html").is_some_and(|markup| markup.breaks));
        assert!(markup("full_html").is_some_and(|markup| !markup.breaks));
    }

    #[test]
    fn what_no_format_keeps_is_not_offered() {
        let mut allowed = AllowedHtml::full();
        allowed.elements.insert("script".into(), BTreeSet::new());
        allowed
            .elements
            .insert("p".into(), ["onclick", "style", "align"].map(String::from).into());
        allowed.schemes.insert("javascript".into());
        let markup = Markup::from(&allowed);
        assert!(!markup.elements.contains_key("script"));
        assert_eq!(markup.elements.get("p"), Some(&["align".to_owned()].into()));
        assert!(!markup.schemes.contains("javascript"));
    }

    #[test]
    fn of_two_lists_only_what_both_keep_is_offered() {
        let both = Markup::from(&AllowedHtml::full()).both(Markup::from(&AllowedHtml::links_only()));
        assert_eq!(both.elements.keys().collect::<Vec<_>>(), ["a", "br", "p"]);
        assert_eq!(both.elements.get("a"), Some(&["href".to_owned()].into()));
        assert!(!both.attributes.contains("id"));
    }
}
