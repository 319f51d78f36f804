//! What the scanners share: walking over code piece by piece.

use super::{Marked, Token};

/// Marks code by asking again and again what it begins with, and how many bytes of it that is.
pub(super) fn scan(code: &str, out: &mut Marked, mut next: impl FnMut(&str) -> (Option<Token>, usize)) {
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let (token, length) = next(rest);
        // A scanner that finds nothing, or half a character, takes one character.
        let (piece, after) = match rest.split_at_checked(length) {
            Some((piece, after)) if !piece.is_empty() => (piece, after),
            _ => rest.split_at_checked(first.len_utf8()).unwrap_or((rest, "")),
        };
        out.push(token, piece);
        rest = after;
    }
}

/// How many bytes at the beginning are made of such characters.
pub(super) fn span(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is(c)).unwrap_or(text.len())
}

/// How many bytes a string takes that begins with a quote, its quotes included; `\` escapes if it may.
pub(super) fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if escapes => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// How many bytes there are up to the end of something, or of all.
pub(super) fn through(text: &str, end: &str) -> usize {
    text.find(end).map_or(text.len(), |at| at + end.len())
}

/// Whether a character may be in a name.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
