//! Marks Rust, by the lexical structure in its reference.

use super::scan::{is_word, quoted, scan, span, through};
use super::{Marked, Token};

const KEYWORDS: &[&str] = &[
    "as",
    "async",
    "await",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "dyn",
    "else",
    "enum",
    "extern",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro_rules",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "type",
    "union",
    "unsafe",
    "use",
    "where",
    "while",
    "yield",
];
const PRIMITIVES: &[&str] = &[
    "bool", "char", "f128", "f16", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "never", "str",
    "u128", "u16", "u32", "u64", "u8", "usize",
];

/// Marks Rust.
pub(super) fn mark(code: &str, out: &mut Marked) {
    let mut names_function = false;
    scan(code, out, |rest| {
        let first = rest.chars().next().unwrap_or_default();
        if first.is_whitespace() {
            return (None, span(rest, char::is_whitespace));
        }
        let after_fn = std::mem::take(&mut names_function);
        if let Some(length) = string(rest) {
            return (Some(Token::String), length);
        }
        match first {
            '/' if rest.starts_with("//") => (Some(Token::Comment), span(rest, |c| c != '\n')),
            '/' if rest.starts_with("/*") => (Some(Token::Comment), nested_comment(rest)),
            '#' if rest.starts_with("#[") || rest.starts_with("#![") => {
                (Some(Token::Attribute), attribute(rest))
            }
            '\'' => quote(rest),
            '0'..='9' => (Some(Token::Number), number(rest)),
            c if is_word(c) => {
                let length = span(rest, is_word);
                let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
                names_function = word == "fn";
                (word_kind(word, after, after_fn), length)
            }
            c => (None, c.len_utf8()),
        }
    });
}

/// The length of a string, a byte string, a C string or a raw one.
fn string(rest: &str) -> Option<usize> {
    let prefix = rest
        .find(|c| !matches!(c, 'b' | 'c' | 'r'))
        .filter(|length| *length <= 2)?;
    let (letters, tail) = rest.split_at_checked(prefix)?;
    let hashes = span(tail, |c| c == '#');
    if letters.ends_with('r') && tail.get(hashes..)?.starts_with('"') {
        let body = prefix + hashes + 1;
        let end = format!("\"{}", "#".repeat(hashes.min(255)));
        return Some(body + through(rest.get(body..)?, &end));
    }
    (letters.len() <= 1 && tail.starts_with('"')).then(|| prefix + quoted(tail, '"', true))
}

fn nested_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += 1 + tail
                .get(1..)
                .map_or(0, |more| span(more, |c| !matches!(c, '/' | '*')));
        }
        if depth == 0 {
            return at;
        }
        while !rest.is_char_boundary(at) {
            at += 1;
        }
    }
    rest.len()
}

fn attribute(rest: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth <= 1 => return at + 1,
            ']' => depth -= 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character, or else a lifetime.
fn quote(rest: &str) -> (Option<Token>, usize) {
    let mut chars = rest.chars().skip(1);
    let (second, third) = (chars.next(), chars.next());
    if second == Some('\\') || third == Some('\'') {
        return (
            Some(Token::String),
            quoted(rest, '\'', true).min(span(rest, |c| c != '\n')),
        );
    }
    let name = rest.get(1..).map_or(0, |name| span(name, is_word));
    (Some(Token::Variable), 1 + name)
}

fn number(rest: &str) -> usize {
    let whole = span(rest, is_word);
    let fraction = rest.get(whole..).and_then(|tail| tail.strip_prefix('.'));
    match fraction {
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_digit()) => whole + 1 + span(digits, is_word),
        _ => whole,
    }
}

fn word_kind(word: &str, after: &str, after_fn: bool) -> Option<Token> {
    let is_macro = after.starts_with('!') && !after.starts_with("!=");
    if after_fn || (is_macro && word != "macro_rules") {
        Some(Token::Function)
    } else if KEYWORDS.contains(&word) {
        Some(Token::Keyword)
    } else if matches!(word, "true" | "false") {
        Some(Token::Constant)
    } else if PRIMITIVES.contains(&word) || word == "Self" {
        Some(Token::Type)
    } else if word.starts_with(char::is_uppercase) {
        let is_constant = word.len() > 1 && !word.contains(char::is_lowercase);
        Some(if is_constant { Token::Constant } else { Token::Type })
    } else if after.starts_with('(') || after.starts_with("::<") {
        Some(Token::Function)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::marked_for_test;
    use super::*;

    fn marked(code: &str) -> String {
        marked_for_test(|out| mark(code, out))
    }

    #[test]
    fn the_parts_of_rust_are_told_apart() {
        assert_eq!(
            marked("pub fn a<'b>(c: &'b str) -> Vec<u8> {}"),
            "[keyword:pub fn ][function:a]&lt;[variable:'b]&gt;(c: &amp;[variable:'b ][type:str]) -&gt; [type:Vec]&lt;[type:u8]&gt; {}"
        );
        assert_eq!(
            marked("println!(\"a\\\"b\", 'c', '\\n', 1.5e3, 0..2)"),
            "[function:println]!([string:\"a\\\"b\"], [string:'c'], [string:'\\n'], [number:1.5e3], [number:0]..[number:2])"
        );
        assert_eq!(
            marked("#[a(b = [c])]\nlet d = r#\"e\"f\"#; // g\n/* h /* i */ j */ K_L"),
            "[attribute:#[a(b = [c])]\n][keyword:let ]d = [string:r#\"e\"f\"#]; [comment:// g\n/* h /* i */ j */ ][constant:K_L]"
        );
    }

    #[test]
    fn broken_code_loses_nothing() {
        for code in [
            "\"",
            "r#\"",
            "'",
            "/*",
            "/* é",
            "#[",
            "'b",
            "br##\"a\"#",
            "0.",
            "'é'",
            "/*é*/",
            "r#fn",
            "*/",
        ] {
            let text = [
                "string",
                "comment",
                "attribute",
                "variable",
                "keyword",
                "number",
                "function",
                "type",
            ]
            .iter()
            .fold(marked(code), |text, class| {
                text.replace(&format!("[{class}:"), "")
            });
            assert_eq!(text.replace(']', ""), code.replace(']', ""), "{code}");
        }
    }
}
