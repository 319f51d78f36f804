//! Addresses in raw HTML. It reads tags as far as it takes to tell their attributes from everything else.

use std::ops::Range;

use super::Link;

/// The `src` and `href` attributes of the tags in a piece of HTML.
pub(super) fn find(text: &str, html: Range<usize>, links: &mut Vec<Link>) {
    let mut at = html.start;
    while let Some(found) = text.get(at..html.end).and_then(|rest| rest.find('<')) {
        let tag = at + found;
        let rest = text.get(tag..html.end).unwrap_or_default();
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(html.end, |end| tag + end);
            continue;
        }
        at = tag + 1;
        if rest
            .get(1..)
            .is_some_and(|name| name.starts_with(|char: char| char.is_ascii_alphabetic()))
        {
            at = attributes(text, at..html.end, links);
        }
    }
}

/// Reads a tag from its name on and says where it ends.
fn attributes(text: &str, tag: Range<usize>, links: &mut Vec<Link>) -> usize {
    let Some(rest) = text.get(tag.clone()) else {
        return tag.end;
    };
    let mut at = rest
        .find(|char: char| char.is_ascii_whitespace() || char == '>')
        .unwrap_or(rest.len());
    loop {
        at += leading(rest, at, |char| char.is_ascii_whitespace() || char == '/');
        let name = at..at
            + leading(rest, at, |char| {
                !char.is_ascii_whitespace() && !"=>/".contains(char)
            });
        at = name.end;
        match rest.get(at..).and_then(|rest| rest.chars().next()) {
            Some('=') => {}
            Some('>') => return tag.start + at + 1,
            Some(_) if !name.is_empty() => continue,
            _ => return tag.end,
        }
        at += 1;
        at += leading(rest, at, |char| char.is_ascii_whitespace());
        let (value, end) = attribute_value(rest, at);
        at = end;
        let name = rest.get(name).unwrap_or_default();
        if let Some(target) = rest.get(value.clone()).filter(|target| !target.is_empty())
            && ["src", "href"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known))
        {
            let range = tag.start + value.start..tag.start + value.end;
            links.push(Link {
                range,
                target: target.to_owned(),
            });
        }
    }
}

/// Where an attribute's value is, and where what follows it begins.
fn attribute_value(text: &str, at: usize) -> (Range<usize>, usize) {
    let quote = text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .filter(|char| matches!(char, '"' | '\''));
    match quote {
        Some(quote) => {
            let start = at + 1;
            let end = start + leading(text, start, |char| char != quote);
            (start..end, (end + 1).min(text.len()))
        }
        None => {
            let end = at + leading(text, at, |char| !char.is_ascii_whitespace() && char != '>');
            (at..end, end)
        }
    }
}

/// The bytes of the characters from a place on that are of a kind.
fn leading(text: &str, at: usize, is: impl Fn(char) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find(|char| !is(char)).unwrap_or(rest.len())
}
