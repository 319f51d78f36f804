//! Which elements a tree may have. None of them runs code, loads a document or changes how a parser reads on.

use crate::subsystems::theme::tree::Tag;

/// The elements that are allowed, those of [`Tag`] and others.
const ALLOWED: &[&str] = &[
    "a", "abbr", "address", "article", "aside", "audio", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite",
    "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "footer", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "img", "ins", "kbd", "li", "main", "mark",
    "meter", "nav", "ol", "p", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "search", "section",
    "small", "source", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time",
    "tr", "track", "u", "ul", "var", "video", "wbr",
];

/// The name of the element, if it is allowed.
pub fn allowed(tag: &Tag) -> Option<&'static str> {
    ALLOWED.iter().find(|name| name.eq_ignore_ascii_case(tag.name())).copied()
}
