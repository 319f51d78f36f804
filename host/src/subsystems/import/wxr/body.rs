//! The text of an entry as HTML of its own: without what only WordPress understands, and with the places of all
//! addresses in it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::shortcodes;
use crate::subsystems::format::{Segment, break_lines, segments};

/// A text as HTML, and the names of shortcodes that stay in it.
pub(super) fn html(content: &str) -> (String, BTreeSet<&'static str>) {
    let (text, stay) = shortcodes::expand(content);
    // The block editor writes paragraphs, and comments around them; before it, WordPress made them of blank lines.
    let has_paragraphs = text.contains("<!-- wp:") || text.contains("<p>") || text.contains("<p ");
    let bare: String = segments(&text)
        .map(|segment| match segment {
            Segment::Text(raw) => raw,
            Segment::Tag(tag) => tag.raw,
            Segment::Comment(_) => "",
        })
        .collect();
    let html = if has_paragraphs { bare } else { break_lines(&bare) };
    (html.trim().to_owned(), stay)
}

/// Where the addresses of links and pictures are in a text.
pub(super) fn addresses(html: &str) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    for segment in segments(html) {
        let raw = match segment {
            Segment::Text(raw) | Segment::Comment(raw) => raw,
            Segment::Tag(tag) => tag.raw,
        };
        if matches!(segment, Segment::Tag(_)) {
            let places = ["href", "src"].into_iter().flat_map(|name| value_of(raw, name));
            found.extend(places.map(|range| at + range.start..at + range.end));
        }
        at += raw.len();
    }
    found
}

/// Where the quoted value of an attribute is in a tag.
fn value_of(tag: &str, name: &str) -> Option<Range<usize>> {
    let mut at = 0;
    loop {
        // A name ends before the equals sign; the quoted value behind it is passed over as a whole.
        let equals = at + tag.get(at..)?.find('=')?;
        let named = tag.get(at..equals)?.trim_end();
        let behind = tag.get(equals + 1..)?;
        let value = behind.trim_start();
        let start = tag.len() - value.len();
        let Some(quote) = value.chars().next().filter(|char| matches!(char, '"' | '\'')) else {
            at = start;
            continue;
        };
        let length = value.get(1..)?.find(quote)?;
        let word = named.rsplit(|char: char| char.is_ascii_whitespace()).next()?;
        if word.eq_ignore_ascii_case(name) {
            return Some(start + 1..start + 1 + length);
        }
        at = start + length + 2;
    }
}
