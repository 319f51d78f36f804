//! What HTML a text format keeps, and what none may: whatever a site's own list says, what could run code or change
//! the page around the text is never let through.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::classes::Classes;

/// Elements that no list may allow: they run code, load documents, hold forms or change how a parser reads on.
pub(super) const NEVER_ELEMENTS: &[&str] = &[
    "applet",
    "base",
    "body",
    "button",
    "canvas",
    "embed",
    "form",
    "frame",
    "frameset",
    "head",
    "html",
    "iframe",
    "link",
    "math",
    "meta",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "param",
    "plaintext",
    "portal",
    "script",
    "select",
    "slot",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "xmp",
];
/// Attributes that no list may allow; nor any that begins with `on`.
pub(super) const NEVER_ATTRIBUTES: &[&str] = &[
    "action",
    "background",
    "formaction",
    "http-equiv",
    "is",
    "name",
    "ping",
    "rel",
    "slot",
    "srcdoc",
    "srcset",
    "style",
    "xlink:href",
    "xmlns",
];
/// Attributes that every element may have.
pub(super) const GENERIC_ATTRIBUTES: &[&str] = &["class", "dir", "lang", "title"];
/// URL schemes that a list may allow.
pub(super) const POSSIBLE_SCHEMES: &[&str] = &[
    "http", "https", "mailto", "tel", "sms", "ftp", "xmpp", "irc", "ircs", "matrix",
];

const BASIC: &[(&str, &str)] = &[
    ("a", "href hreflang"),
    ("abbr", ""),
    ("b", ""),
    ("blockquote", "cite"),
    ("br", ""),
    ("cite", ""),
    ("code", ""),
    ("dd", ""),
    ("del", "datetime"),
    ("dl", ""),
    ("dt", ""),
    ("em", ""),
    ("figcaption", ""),
    ("figure", ""),
    ("h2", ""),
    ("h3", ""),
    ("h4", ""),
    ("h5", ""),
    ("h6", ""),
    ("hr", ""),
    ("i", ""),
    ("img", "alt decoding height loading src width"),
    ("ins", "datetime"),
    ("kbd", ""),
    ("li", "value"),
    ("mark", ""),
    ("ol", "reversed start type"),
    ("p", ""),
    ("pre", ""),
    ("q", "cite"),
    ("s", ""),
    ("small", ""),
    ("span", ""),
    ("strong", ""),
    ("sub", ""),
    ("sup", ""),
    ("u", ""),
    ("ul", ""),
];
const RICH: &[(&str, &str)] = &[
    ("a", "aria-label target"),
    ("address", ""),
    ("article", ""),
    ("aside", "aria-label"),
    ("audio", "controls loop muted preload src"),
    ("bdi", ""),
    ("bdo", ""),
    ("caption", ""),
    ("center", ""),
    ("col", "span"),
    ("colgroup", "span"),
    ("data", "value"),
    ("details", "open"),
    ("dfn", ""),
    ("div", "align"),
    ("footer", ""),
    ("h1", ""),
    ("header", ""),
    ("hgroup", ""),
    ("meter", "high low max min optimum value"),
    ("nav", "aria-label"),
    ("p", "align"),
    ("picture", ""),
    ("progress", "max value"),
    ("rp", ""),
    ("rt", ""),
    ("ruby", ""),
    ("samp", ""),
    ("section", "aria-label"),
    ("source", "height media src type width"),
    ("summary", ""),
    ("table", ""),
    ("tbody", ""),
    ("td", "align colspan headers rowspan"),
    ("tfoot", ""),
    ("th", "abbr align colspan headers rowspan scope"),
    ("thead", ""),
    ("time", "datetime"),
    ("tr", ""),
    ("track", "default kind label src srclang"),
    ("tt", ""),
    ("var", ""),
    (
        "video",
        "controls height loop muted playsinline poster preload src width",
    ),
    ("wbr", ""),
];

/// Whether a list may allow the attribute.
pub(super) fn is_possible(attribute: &str) -> bool {
    !NEVER_ATTRIBUTES.contains(&attribute) && !attribute.starts_with("on") && !attribute.starts_with("data-")
}

/// What HTML a text format keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowedHtml {
    /// The elements, each with the attributes it may have besides `class`, `dir`, `id`, `lang` and `title`.
    pub elements: BTreeMap<String, BTreeSet<String>>,
    /// The URL schemes that links may have; paths and fragments always may.
    pub schemes: BTreeSet<String>,
    /// Which class names are kept.
    pub classes: Classes,
    /// Whether elements keep their identifiers, so that links can lead to them.
    pub ids: bool,
    /// Whether search engines are told not to count the links: for text by people one does not know.
    pub nofollow: bool,
}

impl AllowedHtml {
    fn new(lists: &[&[(&str, &str)]]) -> Self {
        let mut elements = BTreeMap::<String, BTreeSet<String>>::new();
        for (element, attributes) in lists.iter().copied().flatten() {
            let allowed = elements.entry((*element).into()).or_default();
            allowed.extend(attributes.split_whitespace().map(String::from));
        }
        let schemes = ["http", "https", "mailto", "tel"].map(String::from).into();
        Self {
            elements,
            schemes,
            classes: Classes::Formatting,
            ids: true,
            nofollow: false,
        }
    }

    /// Paragraphs, line breaks and links.
    #[must_use]
    pub fn links_only() -> Self {
        let lists: &[(&str, &str)] = &[("a", "href"), ("br", ""), ("p", "")];
        Self {
            ids: false,
            nofollow: true,
            ..Self::new(&[lists])
        }
    }

    /// What text needs: headings, lists, links, pictures, quotations and code.
    #[must_use]
    pub fn basic() -> Self {
        Self {
            nofollow: true,
            ..Self::new(&[BASIC])
        }
    }

    /// All that can't do harm, with any class names.
    #[must_use]
    pub fn full() -> Self {
        Self {
            classes: Classes::Any,
            ..Self::new(&[BASIC, RICH])
        }
    }

    /// All that can't do harm, and the check boxes of task lists.
    #[must_use]
    pub fn markdown() -> Self {
        Self::new(&[BASIC, RICH, &[("input", "checked disabled type")]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subsystems::format::cleaner::Cleaner;

    fn clean(allowed: &AllowedHtml, html: &str) -> String {
        Cleaner::new(allowed).clean(html)
    }

    #[test]
    fn figures_and_pictures_are_kept() {
        let html = "<figure><img src=\"a.png\" alt=\"A\" width=\"4\"><figcaption>A</figcaption></figure>";
        assert_eq!(clean(&AllowedHtml::basic(), html), html);
    }

    #[test]
    fn a_careless_list_does_not_let_code_through() {
        let mut careless = AllowedHtml::full();
        for element in NEVER_ELEMENTS {
            careless.elements.insert(
                (*element).into(),
                ["onload", "src", "style", "srcdoc"].map(String::from).into(),
            );
        }
        careless
            .elements
            .entry("img".into())
            .or_default()
            .extend(["onerror", "style", "srcset"].map(String::from));
        careless
            .schemes
            .extend(["javascript", "data", "vbscript"].map(String::from));
        let cleaned = clean(
            &careless,
            "<script>alert(1)</script><img src=x onerror=alert(1) style=a srcset=b><svg onload=alert(1)></svg>\
             <a href=\"javascript:alert(1)\">a</a><iframe srcdoc=b></iframe>",
        );
        assert_eq!(cleaned, "<img src=\"x\"><a rel=\"noopener\">a</a>");
    }

    #[test]
    fn links_of_strangers_are_not_followed() {
        assert!(
            clean(&AllowedHtml::basic(), "<a href=\"/\">a</a>").contains("rel=\"nofollow ugc noopener\"")
        );
        assert!(clean(&AllowedHtml::full(), "<a href=\"/\">a</a>").contains("rel=\"noopener\""));
    }

    #[test]
    fn pictures_are_not_loaded_from_odd_schemes() {
        for src in ["mailto:a@b.c", "tel:1", "data:image/png;base64,AA", " MAILTO:x"] {
            assert_eq!(
                clean(&AllowedHtml::full(), &format!("<img src=\"{src}\">")),
                "<img>"
            );
        }
    }

    #[test]
    fn an_input_is_only_ever_a_dead_check_box() {
        let html = clean(
            &AllowedHtml::markdown(),
            "<input type=password name=p value=x onfocus=y autofocus>",
        );
        assert_eq!(html, "<input type=\"checkbox\" disabled=\"\">");
    }
}
