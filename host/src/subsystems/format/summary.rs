//! The short forms of a text: its beginning as HTML, and as plain text.
//!
//! All functions take HTML as a text format has written it (safe and well-formed) and keep it so.

use super::entities::{decode, escape_content_into};
use super::segments::{Segment, Tag, segments};

/// Elements that an introduction may consist of.
const PROSE: &[&str] = &["", "blockquote", "dl", "ol", "p", "ul"];
/// Elements after whose end a word does not go on.
const SEPARATING: &[&str] = &[
    "blockquote",
    "br",
    "dd",
    "div",
    "dt",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
];

/// The first paragraphs, as many as fit into a number of characters, but at least one; one that is longer is cut
/// between words. Headings, tables, code and pictures before the first paragraph are left out.
pub fn first_paragraphs(html: &str, max_chars: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for block in blocks(html) {
        let is_prose = PROSE.contains(&block.name);
        let length = plain_text(block.html).chars().count();
        if used == 0 && (!is_prose || length == 0) {
            continue;
        }
        if !is_prose || (used > 0 && used + length > max_chars) {
            break;
        }
        out.push_str(&truncate(block.html, max_chars));
        used += length;
    }
    out
}

/// The HTML before a mark that stands in text, with all elements closed; none if there is no such mark.
pub fn before_mark(html: &str, mark: char) -> Option<String> {
    let mut at = 0;
    for segment in segments(html) {
        at += match segment {
            Segment::Text(text) => match text.find(mark) {
                Some(found) => {
                    let before = html.get(..at + found)?.trim_end();
                    return Some(close(before.strip_suffix("<p>").unwrap_or(before).trim_end()));
                }
                None => text.len(),
            },
            Segment::Tag(tag) => tag.raw.len(),
            Segment::Comment(raw) => raw.len(),
        };
    }
    None
}

/// The HTML without identifiers, and without what needs them (anchors of headings, references to footnotes): it can
/// be shown more than once in a page.
pub fn without_ids(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut left_out: Option<&str> = None;
    for segment in segments(html) {
        match segment {
            Segment::Tag(tag) => match left_out {
                Some(name) if tag.closes && tag.name == name => left_out = None,
                Some(_) => {}
                None if needs_ids(tag) => left_out = Some(tag.name),
                None => push_without_id(tag, &mut out),
            },
            Segment::Text(text) if left_out.is_none() => out.push_str(text),
            Segment::Text(_) | Segment::Comment(_) => {}
        }
    }
    out
}

/// The text, one space between words.
pub fn plain_text(html: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for segment in segments(html) {
        match segment {
            Segment::Text(text) => {
                let text = decode(text);
                for word in text.split_inclusive(char::is_whitespace) {
                    let ends = word.ends_with(char::is_whitespace);
                    let word = word.trim_end();
                    if !word.is_empty() {
                        if gap && !out.is_empty() {
                            out.push(' ');
                        }
                        out.push_str(word);
                    }
                    gap = ends || (gap && word.is_empty());
                }
            }
            Segment::Tag(tag) => gap |= tag.is_one_of(SEPARATING),
            Segment::Comment(_) => {}
        }
    }
    out
}

/// Text of at most so many characters: what is longer is cut between words and ends in `…`.
pub fn truncate_text(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    let head: String = text.chars().take(max_chars.saturating_sub(1)).collect();
    let cut = head
        .rfind(char::is_whitespace)
        .and_then(|at| head.get(..at))
        .unwrap_or(&head);
    format!(
        "{}…",
        cut.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '-'))
    )
}

fn needs_ids(tag: Tag<'_>) -> bool {
    (tag.name == "sup" && tag.raw.contains("footnote-ref"))
        || (tag.name == "a" && tag.raw.contains("class=\"anchor\""))
}

/// Writes a tag without its `id`. In serialised HTML no value holds a bare `"`, so none can look like an attribute.
fn push_without_id(tag: Tag<'_>, out: &mut String) {
    let found = tag
        .raw
        .split_once(" id=\"")
        .and_then(|(before, value)| Some((before, value.split_once('"')?.1)));
    match found {
        Some((before, after)) => {
            out.push_str(before);
            out.push_str(after);
        }
        None => out.push_str(tag.raw),
    }
}

/// An element, or text between elements, that is not in another element.
struct Block<'a> {
    name: &'a str,
    html: &'a str,
}

fn blocks(html: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let (mut depth, mut from, mut at, mut name) = (0_usize, 0, 0, "");
    for segment in segments(html) {
        let (raw, tag) = match segment {
            Segment::Text(raw) | Segment::Comment(raw) => (raw, None),
            Segment::Tag(tag) => (tag.raw, Some(tag)),
        };
        if depth == 0 {
            (from, name) = (at, tag.map_or("", |tag| tag.name));
        }
        at += raw.len();
        match tag {
            Some(tag) if tag.opens() => depth += 1,
            Some(tag) if tag.closes => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            blocks.extend(html.get(from..at).map(|html| Block { name, html }));
        }
    }
    blocks
}

/// Cuts HTML after so many characters of text, between words, and closes all elements.
fn truncate(html: &str, max_chars: usize) -> String {
    let text = plain_text(html);
    if text.chars().count() <= max_chars {
        return html.to_owned();
    }
    let mut left = max_chars;
    let mut out = String::new();
    for segment in segments(html) {
        match segment {
            Segment::Tag(tag) => out.push_str(tag.raw),
            Segment::Comment(_) => {}
            Segment::Text(raw) => {
                let text = decode(raw);
                let length = text.chars().count();
                if length > left {
                    escape_content_into(&truncate_text(&text, left), &mut out);
                    break;
                }
                left -= length;
                out.push_str(raw);
            }
        }
    }
    close(&out)
}

/// Adds the end tags that are missing.
fn close(html: &str) -> String {
    let mut open = Vec::new();
    for segment in segments(html) {
        match segment {
            Segment::Tag(tag) if tag.opens() => open.push(tag.name),
            Segment::Tag(tag) if tag.closes => drop(open.pop()),
            _ => {}
        }
    }
    let mut out = html.to_owned();
    for name in open.iter().rev() {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_introduction_is_the_first_prose() {
        let html =
            "<h2 id=\"a\">A</h2>\n<p><img src=\"b\"></p>\n<p>one two</p>\n<p>three</p>\n<h2>B</h2><p>c</p>";
        assert_eq!(first_paragraphs(html, 100), "<p>one two</p>\n<p>three</p>\n");
        assert_eq!(first_paragraphs(html, 8), "<p>one two</p>\n");
    }

    #[test]
    fn a_long_paragraph_is_cut_between_words_and_closed() {
        let html = "<p>one <em>two <strong>three four</strong></em> five</p>";
        assert_eq!(
            first_paragraphs(html, 15),
            "<p>one <em>two <strong>three…</strong></em></p>"
        );
    }

    #[test]
    fn a_character_reference_counts_once_and_is_never_cut() {
        assert_eq!(
            first_paragraphs("<p>&lt;&lt;&lt;&lt;&lt;&lt;</p>", 4),
            "<p>&lt;&lt;&lt;…</p>"
        );
    }

    #[test]
    fn what_stands_before_the_mark_is_closed() {
        assert_eq!(
            before_mark("<p>a</p>\n<p>\u{e000}</p><p>b</p>", '\u{e000}').as_deref(),
            Some("<p>a</p>")
        );
        assert_eq!(
            before_mark("<div><p>a \u{e000} b</p></div>", '\u{e000}').as_deref(),
            Some("<div><p>a</p></div>")
        );
        assert_eq!(before_mark("<p>a</p>", '\u{e000}'), None);
    }

    #[test]
    fn a_summary_holds_nothing_that_must_be_unique() {
        let html = "<h2 id=\"a\">A<a href=\"#a\" class=\"anchor\"></a></h2><p>b<sup class=\"footnote-ref\">\
                    <a href=\"#fn-1\" id=\"c\">1</a></sup></p>";
        assert_eq!(without_ids(html), "<h2>A</h2><p>b</p>");
    }

    #[test]
    fn plain_text_keeps_words_apart() {
        assert_eq!(
            plain_text("<h2>A</h2><p>b<em>c</em>\n d&amp;e<br>f</p>"),
            "A bc d&e f"
        );
    }

    #[test]
    fn text_is_cut_between_words() {
        assert_eq!(truncate_text("one two three", 9), "one two…");
        assert_eq!(truncate_text("one two", 7), "one two");
        assert_eq!(truncate_text("abcdefgh", 4), "abc…");
    }
}
