//! Which attributes a tree may have, and with which values.

use crate::subsystems::format::{LINKED, LOADED, is_address, is_class_name, safe_fragment, safe_id};
use crate::subsystems::theme::tree::Attribute;

/// Attributes whose value is text or a keyword and does nothing more.
const PLAIN: &[&str] = &[
    "abbr",
    "alt",
    "controls",
    "datetime",
    "decoding",
    "default",
    "dir",
    "download",
    "headers",
    "hidden",
    "high",
    "hreflang",
    "kind",
    "label",
    "lang",
    "loading",
    "loop",
    "low",
    "max",
    "media",
    "min",
    "muted",
    "open",
    "optimum",
    "playsinline",
    "preload",
    "reversed",
    "role",
    "scope",
    "srclang",
    "start",
    "title",
    "translate",
    "type",
    "value",
];
/// Attributes whose value is a number of pixels or cells.
const NUMBERS: &[&str] = &["colspan", "height", "rowspan", "span", "width"];
/// Relations of links that are allowed: those that load nothing.
const RELATIONS: &[&str] = &[
    "alternate",
    "author",
    "bookmark",
    "canonical",
    "external",
    "help",
    "license",
    "me",
    "next",
    "nofollow",
    "noopener",
    "noreferrer",
    "prev",
    "search",
    "sponsored",
    "tag",
    "ugc",
];
/// What data attributes begin with that scripts of the site itself, or well-known ones, act upon.
const RESERVED_DATA: &[&str] = &[
    "data-trovato-",
    "data-hx-",
    "data-on",
    "data-bind",
    "data-turbo",
    "data-x-",
];

/// The attribute's name and value as they may be written; else its name.
pub fn keep(attribute: Attribute) -> Result<(String, String), String> {
    let (name, value) = pair(attribute);
    match keep_value(&name, value) {
        Some(value) => Ok((name, value)),
        None => Err(name),
    }
}

/// How many bytes of text an attribute holds.
pub fn text_bytes(attribute: &Attribute) -> usize {
    match attribute {
        Attribute::Width(_) | Attribute::Height(_) | Attribute::Colspan(_) | Attribute::Rowspan(_) => 0,
        Attribute::Other(name, value) => name.len() + value.len(),
        Attribute::Class(value)
        | Attribute::Id(value)
        | Attribute::Href(value)
        | Attribute::Src(value)
        | Attribute::Alt(value)
        | Attribute::Title(value)
        | Attribute::Datetime(value)
        | Attribute::Lang(value)
        | Attribute::Rel(value)
        | Attribute::Role(value)
        | Attribute::AriaLabel(value) => value.len(),
    }
}

fn pair(attribute: Attribute) -> (String, String) {
    let (name, value) = match attribute {
        Attribute::Class(value) => ("class", value),
        Attribute::Id(value) => ("id", value),
        Attribute::Href(value) => ("href", value),
        Attribute::Src(value) => ("src", value),
        Attribute::Alt(value) => ("alt", value),
        Attribute::Title(value) => ("title", value),
        Attribute::Datetime(value) => ("datetime", value),
        Attribute::Lang(value) => ("lang", value),
        Attribute::Rel(value) => ("rel", value),
        Attribute::Role(value) => ("role", value),
        Attribute::AriaLabel(value) => ("aria-label", value),
        Attribute::Width(value) => ("width", value.to_string()),
        Attribute::Height(value) => ("height", value.to_string()),
        Attribute::Colspan(value) => ("colspan", value.to_string()),
        Attribute::Rowspan(value) => ("rowspan", value.to_string()),
        Attribute::Other(name, value) => return (name.to_ascii_lowercase(), value),
    };
    (name.to_owned(), value)
}

fn keep_value(name: &str, value: String) -> Option<String> {
    match name {
        "class" => tokens(&value, is_class_name),
        "id" => safe_id(&value).map(Into::into),
        "href" => is_address(&value, LINKED).then(|| safe_fragment(&value).into_owned()),
        "src" | "cite" | "poster" => is_address(&value, LOADED).then_some(value),
        "rel" => tokens(&value, |token| RELATIONS.contains(&token)),
        "tabindex" => matches!(value.as_str(), "0" | "-1").then_some(value),
        _ if NUMBERS.contains(&name) => value.parse::<u32>().ok().map(|number| number.to_string()),
        _ if PLAIN.contains(&name) => Some(value),
        _ => is_open_ended(name).then_some(value),
    }
}

/// The tokens that are allowed; none if no one is left.
fn tokens(value: &str, allowed: impl Fn(&str) -> bool) -> Option<String> {
    let kept: Vec<_> = value
        .split_ascii_whitespace()
        .filter(|token| allowed(token))
        .collect();
    (!kept.is_empty()).then(|| kept.join(" "))
}

/// Whether it is one of the `aria-*` and `data-*` attributes.
fn is_open_ended(name: &str) -> bool {
    let valid = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_family = |family: &str| name.strip_prefix(family).is_some_and(|rest| !rest.is_empty());
    name.len() <= 64
        && name.bytes().all(valid)
        && (is_family("aria-") || is_family("data-"))
        && !RESERVED_DATA.iter().any(|prefix| name.starts_with(prefix))
}
