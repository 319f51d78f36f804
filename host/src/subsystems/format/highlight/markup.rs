//! Marks what is not code in the narrow sense: markup (HTML, XML) and differences between files.

use super::scan::{scan, span, through};
use super::{Marked, Token};

/// Marks HTML and XML: tags, the values of attributes, comments.
pub(super) fn mark(code: &str, out: &mut Marked) {
    let mut in_tag = false;
    scan(code, out, |rest| {
        let first = rest.chars().next().unwrap_or_default();
        match first {
            '<' if rest.starts_with("<!--") => (Some(Token::Comment), through(rest, "-->")),
            '<' => {
                in_tag = true;
                (
                    Some(Token::Tag),
                    1 + rest
                        .get(1..)
                        .map_or(0, |name| span(name, |c| !c.is_whitespace() && c != '>')),
                )
            }
            '>' if in_tag => {
                in_tag = false;
                (Some(Token::Tag), 1)
            }
            '"' | '\'' if in_tag => (Some(Token::String), super::scan::quoted(rest, first, false)),
            '=' if in_tag => (None, 1),
            c if in_tag && !c.is_whitespace() => (
                Some(Token::Attribute),
                span(rest, |c| {
                    !c.is_whitespace() && !matches!(c, '=' | '>' | '"' | '\'')
                }),
            ),
            _ => (
                None,
                span(rest, |c| if in_tag { c.is_whitespace() } else { c != '<' }),
            ),
        }
    });
}

/// Marks a difference: lines that came, lines that went, and where.
pub(super) fn mark_difference(code: &str, out: &mut Marked) {
    for line in code.split_inclusive('\n') {
        let token = match line.chars().next() {
            _ if line.starts_with("+++") || line.starts_with("---") => Some(Token::Heading),
            Some('@') => Some(Token::Heading),
            Some('+') => Some(Token::Inserted),
            Some('-') => Some(Token::Deleted),
            _ => None,
        };
        out.push(token, line);
    }
}

#[cfg(test)]
mod tests {
    use super::super::marked_for_test;
    use super::*;

    #[test]
    fn tags_attributes_and_comments_are_marked() {
        assert_eq!(
            marked_for_test(|out| mark("<a href=\"b\">c</a><!-- d -->", out)),
            "[tag:&lt;a ][attribute:href]=[string:\"b\"][tag:&gt;]c[tag:&lt;/a&gt;][comment:&lt;!-- d --&gt;]"
        );
    }

    #[test]
    fn lines_that_came_and_went_are_marked() {
        assert_eq!(
            marked_for_test(|out| mark_difference("@@ -1 @@\n a\n-b\n+c\n", out)),
            "[heading:@@ -1 @@\n] a\n[deleted:-b\n][inserted:+c\n]"
        );
    }
}
