//! Where a Markdown text points to: the targets of links, images and reference definitions, and of `src` and
//! `href` in raw HTML. What looks like one in code is none.

mod html;

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

/// A target in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// Where the target is written, in bytes.
    pub(super) range: Range<usize>,
    /// The target, unescaped.
    pub(super) target: String,
}

/// The targets in a text, in their order.
pub(super) fn find(text: &str) -> Vec<Link> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_ext(text, options);
    let mut links: Vec<Link> = parser
        .reference_definitions()
        .iter()
        .filter_map(|(_, definition)| of_definition(text, definition.span.clone(), &definition.dest))
        .collect();
    // The links that are open, and where what they show has ended so far.
    let mut open: Vec<(Option<String>, usize)> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(
                Tag::Link {
                    link_type, dest_url, ..
                }
                | Tag::Image {
                    link_type, dest_url, ..
                },
            ) => {
                open.push((
                    (link_type == LinkType::Inline).then(|| dest_url.into_string()),
                    range.start,
                ));
                continue;
            }
            Event::End(pulldown_cmark::TagEnd::Link | pulldown_cmark::TagEnd::Image) => {
                if let Some((Some(target), shown)) = open.pop() {
                    links.extend(of_inline(text, shown..range.end, target));
                }
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                html::find(text, range.clone(), &mut links)
            }
            _ => {}
        }
        if let Some((_, shown)) = open.last_mut() {
            *shown = (*shown).max(range.end);
        }
    }
    links.sort_by_key(|link| link.range.start);
    links.dedup_by_key(|link| link.range.start);
    links
}

/// `](target "title")` after what the link shows.
fn of_inline(text: &str, rest: Range<usize>, target: String) -> Option<Link> {
    let start = rest.start + text.get(rest.clone())?.find("](")? + 2;
    destination(text, start..rest.end, target)
}

/// `[label]: target "title"`.
fn of_definition(text: &str, span: Range<usize>, target: &str) -> Option<Link> {
    let start = span.start + text.get(span.clone())?.find("]:")? + 2;
    destination(text, start..span.end, target.to_owned())
}

/// The link destination (CommonMark 0.31, 6.3) that a part of a text begins with.
fn destination(text: &str, part: Range<usize>, target: String) -> Option<Link> {
    let rest = text.get(part.clone())?;
    let trimmed = rest.trim_start();
    let (start, length) = match trimmed.strip_prefix('<') {
        Some(inner) => (part.end - inner.len(), inner.find('>')?),
        None => (part.end - trimmed.len(), bare_length(trimmed)),
    };
    let range = start..start + length;
    let written = text.get(range.clone())?;
    // What was found must be what the parser has read, escapes aside.
    let plain = !written.contains(['\\', '&']);
    (!written.is_empty() && (!plain || written == target)).then_some(Link { range, target })
}

/// How long a destination without angle brackets is: up to a space or the parenthesis that closes the link.
fn bare_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, char) in text.char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' if depth == 0 => return at,
            ')' => depth -= 1,
            char if char.is_ascii_whitespace() || char.is_ascii_control() => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::super::super::replace::replace;
    use super::*;

    fn targets(text: &str) -> Vec<String> {
        find(text).into_iter().map(|link| link.target).collect()
    }

    /// Puts every target into brackets.
    fn marked(text: &str) -> String {
        let targets: Vec<_> = find(text)
            .into_iter()
            .map(|link| (link.range, format!("[{}]", link.target)))
            .collect();
        replace(text, &targets)
    }

    #[test]
    fn only_the_target_of_a_link_is_replaced() {
        let cases = [
            ("a ![x y](./a.png) b", "a ![x y]([./a.png]) b"),
            (
                "[a](b.md \"b.md (c)\") [c](<d e.md>)",
                "[a]([b.md] \"b.md (c)\") [c](<[d e.md]>)",
            ),
            ("[![a](a.png)](b.md)", "[![a]([a.png])]([b.md])"),
            ("[*a* `](c)` d](e_(f).md)", "[*a* `](c)` d]([e_(f).md])"),
            ("[a\\](b)](c)", "[a\\](b)]([c])"),
            (
                "[a][b]\n\n[b]: c.md 'd'\n[e]: <f>",
                "[a][b]\n\n[b]: [c.md] 'd'\n[e]: <[f]>",
            ),
            ("| a |\n|---|\n| [b](c) |", "| a |\n|---|\n| [b]([c]) |"),
            ("> - [a](\n>   b.md)", "> - [a](\n>   b.md)"),
            ("ü [ü](ü.png) [](a)", "ü [ü]([ü.png]) []([a])"),
        ];
        for (text, expected) in cases {
            assert_eq!(marked(text), expected);
        }
    }

    #[test]
    fn raw_html_is_searched_for_src_and_href() {
        let cases = [
            (
                "a <img src=\"a.png\" alt='src=\"b\"'> b",
                "a <img src=\"[a.png]\" alt='src=\"b\"'> b",
            ),
            (
                "<p>\n<IMG\n  alt=x\n  SRC=a.png />\n</p>",
                "<p>\n<IMG\n  alt=x\n  SRC=[a.png] />\n</p>",
            ),
            ("<a hidden href='b.md'>c</a>", "<a hidden href='[b.md]'>c</a>"),
            (
                "<!-- <img src=\"a\"> -->\n\n<div data-src=\"b\" src></div>",
                "<!-- <img src=\"a\"> -->\n\n<div data-src=\"b\" src></div>",
            ),
            ("<img src=\"a", "<img src=\"a"),
        ];
        for (text, expected) in cases {
            assert_eq!(marked(text), expected);
        }
    }

    #[test]
    fn code_is_left_alone() {
        let code = [
            "`[a](b)`",
            "```md\n[a](b)\n[c]: d\n<img src=\"e\">\n```",
            "    [a](b)\n    [c]: d",
            "~~~\n![a](b)\n~~~",
            "``<img src=\"e\">``",
            "\\[a](b)",
            "[^1]\n\n[^1]: note",
        ];
        for text in code {
            assert_eq!(targets(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn escapes_in_a_target_are_undone_for_whoever_looks_it_up() {
        assert_eq!(targets("[a](b\\_c.md) [d](e&amp;f.md)"), ["b_c.md", "e&f.md"]);
        assert_eq!(marked("[a](b\\_c.md)"), "[a]([b_c.md])");
    }
}
