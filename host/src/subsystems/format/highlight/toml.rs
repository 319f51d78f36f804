//! Marks TOML (v1.0.0), line by line.

use super::{Marked, Token};

/// Marks TOML: comments, table headers, keys and values.
pub(super) fn mark(code: &str, out: &mut Marked) {
    let mut multiline = None;
    for line in code.split_inclusive('\n') {
        multiline = match multiline {
            Some(quotes) => rest_of_string(line, quotes, out),
            None => mark_line(line, out),
        };
    }
}

/// Marks a line; the answer is the quotes of a string that goes on in the next line.
fn mark_line(line: &str, out: &mut Marked) -> Option<&'static str> {
    let start = line.len() - line.trim_start().len();
    let (space, rest) = line.split_at_checked(start)?;
    out.push(None, space);
    let is_header = rest.starts_with('[')
        && rest
            .split('#')
            .next()
            .is_some_and(|header| header.trim_end().ends_with(']'));
    match key_length(rest) {
        _ if is_header && !rest.contains(['=', '"', ',']) => {
            let (header, comment) = rest.split_at_checked(rest.find('#').unwrap_or(rest.len()))?;
            out.push(Some(Token::Heading), header);
            out.push(Some(Token::Comment), comment);
            None
        }
        Some(length) => {
            let (key, value) = rest.split_at_checked(length)?;
            out.push(Some(Token::Attribute), key);
            mark_values(value, out)
        }
        None => mark_values(rest, out),
    }
}

/// The length of the key that a line begins with.
fn key_length(line: &str) -> Option<usize> {
    let equals = line.find('=')?;
    let key = line.get(..equals)?.trim_end();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '"' | '\'' | ' ');
    (!key.is_empty() && key.chars().all(plain)).then_some(key.len())
}

fn mark_values(text: &str, out: &mut Marked) -> Option<&'static str> {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '#' => (Some(Token::Comment), rest.trim_end_matches('\n').len()),
            '"' | '\'' => {
                for quotes in ["\"\"\"", "'''"] {
                    if let Some(body) = rest.strip_prefix(quotes) {
                        out.push(Some(Token::String), quotes);
                        return rest_of_string(body, quotes, out);
                    }
                }
                (Some(Token::String), string_length(rest, first))
            }
            c if is_word(c) => {
                let word = rest
                    .get(..rest.find(|c| !is_word(c)).unwrap_or(rest.len()))
                    .unwrap_or(rest);
                (word_kind(word, rest), word.len())
            }
            c => (None, c.len_utf8()),
        };
        let (part, after) = rest.split_at_checked(length)?;
        out.push(token, part);
        rest = after;
    }
    None
}

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '.' | ':')
}

fn word_kind(word: &str, rest: &str) -> Option<Token> {
    let follows = rest.get(word.len()..).unwrap_or_default().trim_start();
    if follows.starts_with('=') {
        Some(Token::Attribute)
    } else if matches!(word, "true" | "false") {
        Some(Token::Constant)
    } else if word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-')) {
        Some(Token::Number)
    } else {
        None
    }
}

/// The length of a string on one line, its quotes included.
fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn rest_of_string(text: &str, quotes: &'static str, out: &mut Marked) -> Option<&'static str> {
    match text
        .find(quotes)
        .and_then(|at| text.split_at_checked(at + quotes.len()))
    {
        Some((string, after)) => {
            out.push(Some(Token::String), string);
            mark_values(after, out)
        }
        None => {
            out.push(Some(Token::String), text);
            Some(quotes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(code: &str) -> String {
        let mut out = Marked::default();
        mark(code, &mut out);
        out.finish()
    }

    #[test]
    fn the_parts_of_a_manifest_are_marked() {
        assert_eq!(
            marked("[package] # p\nedition = \"2024\"\nn = { v = 1.5, on = true }\n"),
            "<span class=\"hl-heading\">[package] </span><span class=\"hl-comment\"># p\n</span>\
             <span class=\"hl-attribute\">edition </span>= <span class=\"hl-string\">\"2024\"\n</span>\
             <span class=\"hl-attribute\">n </span>= { <span class=\"hl-attribute\">v </span>= \
             <span class=\"hl-number\">1.5</span>, <span class=\"hl-attribute\">on </span>= \
             <span class=\"hl-constant\">true </span>}\n"
        );
    }

    #[test]
    fn strings_may_go_on_over_lines_and_arrays_are_no_headers() {
        let html = marked("a = \"\"\"\n[b]\n\"\"\"\nc = [\n  \"d\",\n]\n");
        assert!(
            html.contains("<span class=\"hl-string\">\"\"\"\n[b]\n\"\"\"\n</span>"),
            "{html}"
        );
        assert!(!html.contains("hl-heading"), "{html}");
    }
}
