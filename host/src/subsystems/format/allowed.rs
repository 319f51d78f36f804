//! The filter that keeps only listed HTML. Whatever a site's own list says, what could run code or change the page
//! around the text is never let through.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ammonia::{Builder, UrlRelative};
use serde::{Deserialize, Serialize};

use super::address::{LOADED, is_address};
use super::classes::Classes;
use super::ids::{safe_fragment, safe_id};

/// Elements that no list may allow: they run code, load documents, hold forms or change how a parser reads on.
const NEVER_ELEMENTS: &[&str] = &[
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
const NEVER_ATTRIBUTES: &[&str] = &[
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
/// URL schemes that a list may allow.
const POSSIBLE_SCHEMES: &[&str] = &[
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

    /// Keeps what is allowed. The answer is well-formed: every element is closed, text is escaped in one way.
    #[must_use]
    pub fn clean(&self, html: &str) -> String {
        let elements = self
            .elements
            .iter()
            .filter(|(name, _)| !NEVER_ELEMENTS.contains(&name.as_str()));
        let mut tags = HashSet::new();
        let mut tag_attributes = HashMap::new();
        for (element, attributes) in elements {
            tags.insert(element.as_str());
            let attributes = attributes
                .iter()
                .map(String::as_str)
                .filter(|name| is_possible(name));
            tag_attributes.insert(element.as_str(), attributes.collect::<HashSet<_>>());
        }
        let schemes = self
            .schemes
            .iter()
            .map(String::as_str)
            .filter(|name| POSSIBLE_SCHEMES.contains(name));
        let generic = ["class", "dir", "lang", "title"]
            .into_iter()
            .chain(self.ids.then_some("id"));
        let classes = self.classes;
        let mut builder = Builder::empty();
        builder
            .tags(tags)
            .clean_content_tags(HashSet::from([
                "script", "style", "template", "title", "textarea", "xmp",
            ]))
            .tag_attributes(tag_attributes)
            .generic_attributes(generic.collect())
            .url_schemes(schemes.collect())
            .url_relative(UrlRelative::PassThrough)
            .link_rel(Some(if self.nofollow {
                "nofollow ugc noopener"
            } else {
                "noopener"
            }))
            .attribute_filter(move |element, name, value| keep(classes, element, name, value));
        if self.elements.contains_key("input") {
            builder
                .set_tag_attribute_value("input", "type", "checkbox")
                .set_tag_attribute_value("input", "disabled", "");
        }
        builder.clean(html).to_string()
    }
}

fn is_possible(attribute: &str) -> bool {
    !NEVER_ATTRIBUTES.contains(&attribute) && !attribute.starts_with("on") && !attribute.starts_with("data-")
}

/// What becomes of one attribute that the lists allow.
fn keep<'a>(classes: Classes, element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match name {
        "class" => classes.keep(value).map(Cow::Owned),
        "id" => safe_id(value),
        "href" if element == "a" => Some(safe_fragment(value)),
        "src" | "poster" | "cite" => is_address(value, LOADED).then_some(Cow::Borrowed(value)),
        "target" => (value == "_blank").then_some(Cow::Borrowed(value)),
        "type" if element == "input" => Some(Cow::Borrowed("checkbox")),
        _ => Some(Cow::Borrowed(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_pictures_are_kept() {
        let html = "<figure><img src=\"a.png\" alt=\"A\" width=\"4\"><figcaption>A</figcaption></figure>";
        assert_eq!(AllowedHtml::basic().clean(html), html);
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
        let cleaned = careless.clean(
            "<script>alert(1)</script><img src=x onerror=alert(1) style=a srcset=b><svg onload=alert(1)></svg>\
             <a href=\"javascript:alert(1)\">a</a><iframe srcdoc=b></iframe>",
        );
        assert_eq!(cleaned, "<img src=\"x\"><a rel=\"noopener\">a</a>");
    }

    #[test]
    fn links_of_strangers_are_not_followed() {
        assert!(
            AllowedHtml::basic()
                .clean("<a href=\"/\">a</a>")
                .contains("rel=\"nofollow ugc noopener\"")
        );
        assert!(
            AllowedHtml::full()
                .clean("<a href=\"/\">a</a>")
                .contains("rel=\"noopener\"")
        );
    }

    #[test]
    fn pictures_are_not_loaded_from_odd_schemes() {
        for src in ["mailto:a@b.c", "tel:1", "data:image/png;base64,AA", " MAILTO:x"] {
            assert_eq!(
                AllowedHtml::full().clean(&format!("<img src=\"{src}\">")),
                "<img>"
            );
        }
    }

    #[test]
    fn an_input_is_only_ever_a_dead_check_box() {
        let html = AllowedHtml::markdown().clean("<input type=password name=p value=x onfocus=y autofocus>");
        assert_eq!(html, "<input type=\"checkbox\" disabled=\"\">");
    }
}
