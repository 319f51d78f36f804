//! Character references (HTML), as far as the filter for allowed HTML writes them: the five that serialising makes.

use std::borrow::Cow;

const REFERENCES: &[(&str, char)] = &[
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&nbsp;", '\u{a0}'),
    ("&amp;", '&'),
];

/// The text that serialised HTML stands for.
pub fn decode(html: &str) -> Cow<'_, str> {
    if !html.contains('&') {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let reference = rest.get(before.len()..).unwrap_or_default();
        match REFERENCES
            .iter()
            .find_map(|(name, c)| Some((*c, reference.strip_prefix(name)?)))
        {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Appends text, escaped for the content of an element or a quoted attribute.
pub fn escape_into(text: &str, out: &mut String) {
    escape_these(&['&', '<', '>', '"', '\''], text, out);
}

/// Appends text, escaped for the content of an element; quotes stay as they are.
pub fn escape_content_into(text: &str, out: &mut String) {
    escape_these(&['&', '<', '>'], text, out);
}

fn escape_these(special: &[char], text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((before, tail)) = rest.find(special).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let mut tail = tail.chars();
        out.push_str(match tail.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&quot;",
            _ => "&#39;",
        });
        rest = tail.as_str();
    }
    out.push_str(rest);
}

/// Text, escaped for the content of an element or a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_escaped_is_decoded() {
        assert_eq!(
            decode("a &lt;b&gt; &amp;lt; &quot;&nbsp;&x &"),
            "a <b> &lt; \"\u{a0}&x &"
        );
    }

    #[test]
    fn nothing_that_means_something_to_a_parser_is_left() {
        assert_eq!(
            escape("<a href=\"'&\">é"),
            "&lt;a href=&quot;&#39;&amp;&quot;&gt;é"
        );
    }
}
