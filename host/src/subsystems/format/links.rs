//! The filter that makes links of web addresses in text.

use super::segments::{Segment, segments};

/// Elements whose text is no place for a link.
const LEFT_ALONE: &[&str] = &["a", "code", "kbd", "pre", "samp", "script", "style", "textarea"];
/// How an address begins, and what has to be put before it to make it a URL.
const BEGINNINGS: &[(&str, &str)] = &[("https://", ""), ("http://", ""), ("www.", "https://")];
/// What ends an address, besides white space.
const ENDS: &[&str] = &[
    "<", ">", "\"", "&lt;", "&gt;", "&quot;", "&#34;", "&#39;", "&#x27;", "&nbsp;",
];

/// Longer addresses, in bytes, are left as text.
const MAX_ADDRESS: usize = 2048;

/// Makes a link of each web address that is not in a link or in code.
pub fn link_addresses(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut depth = 0_usize;
    for segment in segments(html) {
        match segment {
            Segment::Text(text) if depth == 0 => link_text(text, &mut out),
            Segment::Text(raw) | Segment::Comment(raw) => out.push_str(raw),
            Segment::Tag(tag) => {
                if tag.is_one_of(LEFT_ALONE) {
                    depth = if tag.closes {
                        depth.saturating_sub(1)
                    } else {
                        depth + 1
                    };
                }
                out.push_str(tag.raw);
            }
        }
    }
    out
}

fn link_text(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((before, address, scheme)) = first_address(rest) {
        out.push_str(before);
        for part in ["<a href=\"", scheme, address, "\">", address, "</a>"] {
            out.push_str(part);
        }
        rest = rest.get(before.len() + address.len()..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// The first address in the text, with what stands before it and the scheme that it lacks.
fn first_address(text: &str) -> Option<(&str, &str, &'static str)> {
    text.match_indices(['h', 'w']).find_map(|(at, _)| {
        let (before, tail) = text.split_at_checked(at)?;
        let (beginning, scheme) = BEGINNINGS
            .iter()
            .find(|(beginning, _)| tail.starts_with(beginning))?;
        if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '@' | '_')) {
            return None;
        }
        let address = trim(tail.get(..end(tail))?);
        (beginning.len() + 1..=MAX_ADDRESS)
            .contains(&address.len())
            .then_some((before, address, *scheme))
    })
}

fn end(tail: &str) -> usize {
    let space = tail.find(char::is_whitespace).unwrap_or(tail.len());
    let word = tail.get(..space).unwrap_or(tail);
    ENDS.iter()
        .filter_map(|end| word.find(end))
        .min()
        .unwrap_or(space)
}

/// Leaves off what belongs to the sentence: punctuation, and a bracket that was opened before the address.
fn trim(address: &str) -> &str {
    let mut address = address;
    let mut unopened = address
        .matches(')')
        .count()
        .saturating_sub(address.matches('(').count());
    loop {
        let shorter = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        let unbracketed = shorter.strip_suffix(')').filter(|_| unopened > 0);
        unopened -= usize::from(unbracketed.is_some());
        let shorter = unbracketed.unwrap_or(shorter);
        if shorter.len() == address.len() {
            return address;
        }
        address = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::link_addresses;

    #[test]
    fn addresses_become_links_without_the_punctuation_around_them() {
        assert_eq!(
            link_addresses("See https://a.org/x?y=1&amp;z=2. (http://b.org/c_(d)) and www.c.org!"),
            "See <a href=\"https://a.org/x?y=1&amp;z=2\">https://a.org/x?y=1&amp;z=2</a>. \
             (<a href=\"http://b.org/c_(d)\">http://b.org/c_(d)</a>) and \
             <a href=\"https://www.c.org\">www.c.org</a>!"
        );
    }

    #[test]
    fn links_code_and_words_are_left_alone() {
        for text in [
            "<a href=\"https://a.org\">https://a.org</a>",
            "<code>https://a.org</code>",
            "xhttps://a.org https:// www. hw",
            "javascript:alert(1)",
        ] {
            assert_eq!(link_addresses(text), text);
        }
    }

    #[test]
    fn an_escaped_quote_ends_an_address() {
        assert_eq!(
            link_addresses("&quot;https://a.org&quot;&lt;"),
            "&quot;<a href=\"https://a.org\">https://a.org</a>&quot;&lt;"
        );
    }
}
