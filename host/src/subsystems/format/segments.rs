//! HTML as a sequence of tags and texts. Good enough to find where text is; it decides nothing about safety.

/// A piece of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Text, still with its character references.
    Text(&'a str),
    /// A tag.
    Tag(Tag<'a>),
    /// A comment, declaration or processing instruction.
    Comment(&'a str),
}

/// A start or end tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The whole tag, with its brackets.
    pub raw: &'a str,
    /// The element's name as written.
    pub name: &'a str,
    /// Whether it is an end tag.
    pub closes: bool,
}

impl Tag<'_> {
    /// Whether this tag belongs to one of the elements (lower-case names).
    pub fn is_one_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }

    /// Whether it is a start tag whose end tag will follow.
    pub fn opens(&self) -> bool {
        !self.closes && !self.is_one_of(VOID)
    }
}

/// Elements without content (HTML, void elements).
pub const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
];

/// Splits HTML into its segments; together they are the whole input.
pub fn segments(html: &str) -> impl Iterator<Item = Segment<'_>> {
    // Where no tag can end any more, none is looked for: a text full of `<` takes no longer than another.
    let mut rest = html;
    let (mut left, after_last) = match html.rfind('>') {
        Some(at) => (at + 1, html.len() - at - 1),
        None => (0, html.len()),
    };
    std::iter::from_fn(move || {
        if left == 0 {
            let text = std::mem::take(&mut rest);
            return (!text.is_empty()).then_some(if text.starts_with("<!--") {
                Segment::Comment(text)
            } else {
                Segment::Text(text)
            });
        }
        let (segment, after) = next(rest)?;
        rest = after;
        left = after.len().saturating_sub(after_last);
        Some(segment)
    })
}

fn next(html: &str) -> Option<(Segment<'_>, &str)> {
    if html.is_empty() {
        return None;
    }
    if let Some(found) = markup(html) {
        return Some(found);
    }
    // A `<` that begins no markup is text, and so is all up to the next one.
    let end = html
        .char_indices()
        .skip(1)
        .find(|(_, c)| *c == '<')
        .map_or(html.len(), |(at, _)| at);
    let (text, after) = html.split_at_checked(end)?;
    Some((Segment::Text(text), after))
}

fn markup(html: &str) -> Option<(Segment<'_>, &str)> {
    let inner = html.strip_prefix('<')?;
    if let Some(comment) = inner.strip_prefix("!--") {
        let end = comment.find("-->").map_or(html.len(), |at| at + "<!---->".len());
        let (raw, after) = html.split_at_checked(end)?;
        return Some((Segment::Comment(raw), after));
    }
    if inner.starts_with(['!', '?']) {
        let (raw, after) = html.split_at_checked(html.find('>')? + 1)?;
        return Some((Segment::Comment(raw), after));
    }
    let closes = inner.starts_with('/');
    let named = inner.strip_prefix('/').unwrap_or(inner);
    if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let (name, _) = named.split_at_checked(named.find(|c: char| !is_name(c)).unwrap_or(named.len()))?;
    let (raw, after) = html.split_at_checked(end_of_tag(html)?)?;
    Some((Segment::Tag(Tag { raw, name, closes }), after))
}

const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | ':')
}

/// The position after the `>` that ends the tag; a `>` between quotes does not.
fn end_of_tag(html: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    html.find('>').map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(html: &str) -> Vec<&str> {
        segments(html)
            .map(|segment| match segment {
                Segment::Text(raw) | Segment::Comment(raw) | Segment::Tag(Tag { raw, .. }) => raw,
            })
            .collect()
    }

    #[test]
    fn tags_texts_and_comments_are_told_apart() {
        assert_eq!(
            raw("a<b title='>'>c</b><!-- <i> -->d"),
            ["a", "<b title='>'>", "c", "</b>", "<!-- <i> -->", "d"]
        );
    }

    #[test]
    fn nothing_is_lost_from_broken_markup() {
        for html in [
            "<",
            "a < b",
            "<a",
            "<!--",
            "<a title=\"",
            "</",
            "<é>",
            "<b <i>",
            "<!x",
            "<a title=\"x>y",
        ] {
            assert_eq!(raw(html).concat(), html);
        }
    }
}
