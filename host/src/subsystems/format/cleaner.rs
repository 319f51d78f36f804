//! The filter that keeps only listed HTML, made once for each list: making it takes longer than cleaning a paragraph.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use ammonia::{Builder, UrlRelative};

use super::address::{LOADED, is_address};
use super::allowed::{AllowedHtml, GENERIC_ATTRIBUTES, NEVER_ELEMENTS, POSSIBLE_SCHEMES, is_possible};
use super::classes::Classes;
use super::ids::{safe_fragment, safe_id};

/// An [`AllowedHtml`], ready to clean with.
#[derive(Debug)]
pub(super) struct Cleaner(Builder<'static>);

impl Cleaner {
    pub(super) fn new(allowed: &AllowedHtml) -> Self {
        let elements = allowed
            .elements
            .iter()
            .filter(|(name, _)| !NEVER_ELEMENTS.contains(&name.as_str()));
        let mut tags = HashSet::new();
        let mut tag_attributes = HashMap::new();
        for (element, attributes) in elements {
            let attributes = attributes.iter().filter(|name| is_possible(name));
            tags.insert(lasting(element));
            tag_attributes.insert(
                lasting(element),
                attributes.map(|name| lasting(name)).collect::<HashSet<_>>(),
            );
        }
        let schemes = POSSIBLE_SCHEMES
            .iter()
            .copied()
            .filter(|name| allowed.schemes.contains(*name));
        let generic = GENERIC_ATTRIBUTES
            .iter()
            .copied()
            .chain(allowed.ids.then_some("id"));
        let classes = allowed.classes;
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
            .link_rel(Some(if allowed.nofollow {
                "nofollow ugc noopener"
            } else {
                "noopener"
            }))
            .attribute_filter(move |element, name, value| keep(classes, element, name, value));
        if allowed.elements.contains_key("input") {
            builder
                .set_tag_attribute_value("input", "type", "checkbox")
                .set_tag_attribute_value("input", "disabled", "");
        }
        Self(builder)
    }

    /// Keeps what is allowed. The answer is well-formed: every element is closed, text is escaped in one way.
    pub(super) fn clean(&self, html: &str) -> String {
        self.0.clean(html).to_string()
    }
}

/// The name, kept for good: the builder borrows its names. There are as many as the lists of a site name.
fn lasting(name: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return known;
    }
    let name: &'static str = name.to_owned().leak();
    names.insert(name);
    name
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
