//! The tags of a page, as far as tests need them.

/// A tag with its attributes, and the text up to the next one.
pub(crate) struct Tag<'a> {
    pub name: &'a str,
    attributes: Vec<(&'a str, Option<String>)>,
    pub text: String,
}

impl Tag<'_> {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| *known == name);
        found.and_then(|(_, value)| value.as_deref())
    }

    pub fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(known, _)| *known == name)
    }
}

/// All tags in their order. The HTML is the site's own, so every value stands in double quotes.
pub(crate) fn tags(html: &str) -> Vec<Tag<'_>> {
    html.split('<').skip(1).map(tag).collect()
}

fn tag(rest: &str) -> Tag<'_> {
    let end = end_of(rest);
    let (inside, text) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
    let (name, mut attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut found = Vec::new();
    loop {
        attributes = attributes.trim_start();
        let name_end = attributes
            .find(|char: char| char == '=' || char.is_whitespace())
            .unwrap_or(attributes.len());
        let (attribute, after) = attributes.split_at(name_end);
        if attribute.is_empty() {
            break;
        }
        match after.strip_prefix("=\"") {
            Some(value) => {
                let (value, after) = value.split_once('"').unwrap_or((value, ""));
                found.push((attribute, Some(unescaped(value))));
                attributes = after;
            }
            None => {
                found.push((attribute, None));
                attributes = after;
            }
        }
    }
    Tag {
        name,
        attributes: found,
        text: unescaped(text),
    }
}

/// Where the tag ends: not at a `>` within a value.
fn end_of(rest: &str) -> usize {
    let mut quoted = false;
    for (at, char) in rest.char_indices() {
        match char {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            _ => {}
        }
    }
    rest.len()
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
