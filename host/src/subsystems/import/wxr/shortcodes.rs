//! Shortcodes: what WordPress replaced in a text when it showed it. Captions and embeds have HTML of their own; the
//! others stay as they are, and are listed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use minijinja::{Environment, Value, context};

use crate::subsystems::theme::escaping;

/// Shortcodes of WordPress itself that show something the site can't make.
const KNOWN: [&str; 4] = ["gallery", "audio", "video", "playlist"];

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    escaping(&mut templates);
    templates
});

const FIGURE: &str = "<figure>{{ picture }}<figcaption>{{ words }}</figcaption></figure>";
const LINK: &str = "<a href=\"{{ address }}\">{{ address }}</a>";

/// What a template makes; nothing if it fails, which a text can't make it do.
fn render(template: &str, values: Value) -> String {
    TEMPLATES
        .render_named_str("shortcode.html", template, values)
        .unwrap_or_default()
}

/// A text without its captions and embeds as shortcodes, and the names of those that stay.
pub(super) fn expand(text: &str) -> (String, BTreeSet<&'static str>) {
    let text = expand_one(text, "caption", caption);
    let text = expand_one(&text, "wp_caption", caption);
    let text = expand_one(&text, "embed", embed);
    let stay = KNOWN
        .into_iter()
        .filter(|name| find(&text, name).is_some())
        .collect();
    (text, stay)
}

fn expand_one(text: &str, name: &str, make: fn(&str, &str) -> String) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    let end = format!("[/{name}]");
    while let Some((before, attributes, after)) = find(rest, name)
        && let Some((content, behind)) = after.split_once(&end)
    {
        out.push_str(before);
        out.push_str(&make(attributes, content));
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The first shortcode of a name: what is before it, its attributes, and what is behind its start.
fn find<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find('[')?;
        let inner = text.get(at + 1..)?;
        from = at + 1;
        let Some(rest) = inner.strip_prefix(name) else {
            continue;
        };
        if !rest.starts_with([' ', ']', '\n', '\t']) {
            continue;
        }
        let (attributes, after) = rest.split_once(']')?;
        return Some((text.get(..at)?, attributes, after));
    }
}

/// `[caption caption="…"]<img>[/caption]`, or since version 3.4 `[caption]<img> …[/caption]`.
fn caption(attributes: &str, content: &str) -> String {
    let end = content.rfind("</a>").map(|at| at + 4);
    let end =
        end.or_else(|| Some(content.find("<img")? + content.get(content.find("<img")?..)?.find('>')? + 1));
    let (picture, words) = content.split_at(end.unwrap_or(0));
    let written = attributes
        .split_once("caption=\"")
        .and_then(|(_, rest)| rest.split_once('"'));
    let words = match (words.trim(), written) {
        ("", Some((words, _))) => words,
        (words, _) => words,
    };
    // The author's own HTML, which goes through the text's format when it is shown.
    let html = |text: &str| Value::from_safe_string(text.to_owned());
    render(
        FIGURE,
        context! { picture => html(picture.trim()), words => html(words) },
    )
}

/// `[embed]address[/embed]`; the address stands in a text that is HTML.
fn embed(_: &str, content: &str) -> String {
    let address = content.trim().replace("&amp;", "&");
    render(LINK, context! { address })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_become_figures_whichever_way_they_were_written() {
        let written = "a [caption id=\"x\" width=\"9\"]<img src=\"b.png\"> A <b>boat</b>[/caption] b";
        let figure = "a <figure><img src=\"b.png\"><figcaption>A <b>boat</b></figcaption></figure> b";
        assert_eq!(expand(written).0, figure);
        let older = "[caption caption=\"A boat\"]<a href=\"x\"><img src=\"b.png\"></a>[/caption]";
        let figure = "<figure><a href=\"x\"><img src=\"b.png\"></a><figcaption>A boat</figcaption></figure>";
        assert_eq!(expand(older).0, figure);
    }

    #[test]
    fn an_embed_can_be_nothing_but_an_address() {
        let (text, _) = expand("[embed]https://a.example/?b=1&amp;c=2[/embed][embed]\"><script>[/embed]");
        let whole = "https://a.example/?b=1&amp;c=2";
        let rest = "&quot;&gt;&lt;script&gt;";
        assert_eq!(
            text,
            format!("<a href=\"{whole}\">{whole}</a><a href=\"{rest}\">{rest}</a>")
        );
    }

    #[test]
    fn embeds_become_links_and_the_others_are_told() {
        let (text, stay) =
            expand("[embed]https://a.example/?b=1[/embed] [gallery ids=\"1\"] [galleryx] [caption open");
        assert_eq!(
            text,
            "<a href=\"https://a.example/?b=1\">https://a.example/?b=1</a> [gallery ids=\"1\"] [galleryx] [caption open"
        );
        assert_eq!(stay.into_iter().collect::<Vec<_>>(), ["gallery"]);
    }
}
