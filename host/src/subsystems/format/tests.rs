#![allow(clippy::unwrap_used, clippy::panic)]

use super::segments::{Segment, segments};
use super::*;

const FORMATS: &[&str] = &[
    "plain_text",
    "filtered_html",
    "full_html",
    "markdown",
    "no_such_format",
];

/// Well-known ways of running a script where only text was expected.
const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img src=`x`onerror=alert(1)>",
    "<IMG SRC=\"jav\tascript:alert(1);\">",
    "<IMG SRC=\" &#14;  javascript:alert(1);\">",
    "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
    "<IMG SRC=&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3Aalert(1)>",
    "<img dynsrc=\"javascript:alert(1)\" lowsrc=\"javascript:alert(1)\">",
    "<img src=x srcset=\"x 1x, javascript:alert(1) 2x\">",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\"java\nscript:alert(1)\">x</a>",
    "<a href=\"java&Tab;script:alert(1)\">x</a>",
    "<a href=\"java&NewLine;script&colon;alert(1)\">x</a>",
    "<a href=\"\u{1}javascript:alert(1)\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
    "<a href='x' onclick='alert(1)'>x</a>",
    "<a href=x onmouseover=alert(1)//>x</a>",
    "<a style=\"background:url(javascript:alert(1))\">x</a>",
    "<div style=\"position:fixed;inset:0\">x</div>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=alert(1)&gt;\">",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<title><p title=\"</title><img src=x onerror=alert(1)>\">",
    "<style><p title=\"</style><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<template><img src=x onerror=alert(1)></template>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=\"javascript:alert(1)\"></object>",
    "<embed src=\"javascript:alert(1)\">",
    "<form action=\"javascript:alert(1)\"><button>x</button></form>",
    "<button formaction=\"javascript:alert(1)\">x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<input type=image src=x onerror=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=\"javascript:alert(1)\"></video>",
    "<audio src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<base href=\"javascript:alert(1)//\">",
    "<link rel=stylesheet href=\"javascript:alert(1)\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<marquee onstart=alert(1)>x</marquee>",
    "<blockquote cite=\"javascript:alert(1)\">x</blockquote>",
    "<table background=\"javascript:alert(1)\"><td>x</table>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml <img src=x onerror=alert(1)>?>",
    "<p/onclick=alert(1)>x",
    "<x onclick=alert(1)>x</x>",
    "<a href=\"https://a.example/\"onclick=alert(1)>x</a>",
    "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
    "<p class='\"><img src=x onerror=alert(1)>' id='\"><img src=x onerror=alert(1)>'>x</p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x]( javascript:alert(1) 'y')",
    "![x](javascript:alert(1))",
    "![x](x\"onerror=\"alert\\(1\\))",
    "![\"onerror=\"alert(1)](x)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<https://a.example/\"onmouseover=\"alert(1)>",
    "https://a.example/\"onmouseover=\"alert(1)",
    "http://a.example/'onmouseover='alert(1)",
    "https://a.example/&quot;onmouseover=&quot;alert(1)",
    "www.a.example/<img src=x onerror=alert(1)>",
    "```\"><img src=x onerror=alert(1)>\nx\n```",
    "```rust\n</code></pre><img src=x onerror=alert(1)>\n```",
    "```html\n<img src=x onerror=alert(1)>\n```",
    "<pre><code class=\"language-rust\">&lt;img src=x onerror=alert(1)&gt;</code></pre>",
    "<pre><code class='language-rust\"><img src=x onerror=alert(1)>'>x</code></pre>",
    "`<img src=x onerror=alert(1)>`",
    "## <img src=x onerror=alert(1)>",
    "x[^<img src=x onerror=alert(1)>]\n\n[^<img src=x onerror=alert(1)>]: y",
    "| <img src=x onerror=alert(1)> |\n|---|\n| x |",
    "> [!NOTE] <img src=x onerror=alert(1)>\n> x",
    "a <!-- more --> <img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1) <!-- more -->",
    "<p title=\"<!-- more -->\"><img src=x onerror=alert(1)>\">x</p>",
    "<a title=\"a\nhref='javascript:alert(1)'>x",
];

const SAFE: &[&str] = &[
    "a",
    "abbr",
    "article",
    "audio",
    "b",
    "blockquote",
    "br",
    "code",
    "col",
    "details",
    "div",
    "em",
    "h1",
    "h2",
    "hr",
    "img",
    "input",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "source",
    "span",
    "strong",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
    "video",
];

/// The attributes of a tag in serialised HTML.
fn attributes(raw: &str) -> Vec<(String, String)> {
    let body = raw.trim_start_matches(['<', '/']).trim_end_matches('>');
    let mut rest = body.split_once(' ').map_or("", |(_, rest)| rest);
    let mut found = Vec::new();
    while let Some((name, tail)) = rest.split_once("=\"") {
        let (value, after) = tail.split_once('"').unwrap_or((tail, ""));
        found.push((name.trim().to_owned(), entities::decode(value).into_owned()));
        rest = after;
    }
    assert!(rest.trim().is_empty(), "not serialised HTML: {raw}");
    found
}

fn assert_harmless(html: &str, context: &str) {
    for segment in segments(html) {
        let tag = match segment {
            Segment::Tag(tag) => tag,
            Segment::Text(text) => {
                assert!(!text.contains('<'), "{context}\n{html}");
                continue;
            }
            Segment::Comment(_) => panic!("a comment: {context}\n{html}"),
        };
        assert!(SAFE.contains(&tag.name), "{}: {context}\n{html}", tag.name);
        for (name, value) in attributes(tag.raw) {
            assert!(
                !name.starts_with("on") && !["style", "srcset"].contains(&name.as_str()),
                "{context}\n{html}"
            );
            let bare: String = value
                .chars()
                .filter(|c| !c.is_control() && !c.is_whitespace())
                .collect();
            let scheme = bare.split(':').next().unwrap_or_default().to_lowercase();
            let is_url = ["href", "src", "cite", "poster"].contains(&name.as_str());
            assert!(
                !is_url || !["javascript", "vbscript", "data"].contains(&scheme.as_str()),
                "{context}\n{html}"
            );
        }
    }
}

#[test]
fn no_known_attack_gets_through_any_format() {
    let formats = Formats::built_in().unwrap();
    for attack in ATTACKS {
        for format in FORMATS {
            for text in [
                (*attack).to_owned(),
                format!("a *b* {attack} c"),
                format!("<p>x {attack}\n\n{attack}"),
            ] {
                let context = format!("{format}: {text}");
                assert_harmless(&formats.render(format, &text), &context);
                assert_harmless(&formats.summary(format, &text, 10), &context);
            }
        }
    }
}

#[test]
fn text_in_an_unknown_format_is_escaped() {
    let formats = Formats::built_in().unwrap();
    assert_eq!(
        &**formats.render("no_such_format", "<b>a</b>"),
        "&lt;b&gt;a&lt;/b&gt;"
    );
}

#[test]
fn plain_text_gets_paragraphs_and_links() {
    let formats = Formats::built_in().unwrap();
    assert_eq!(
        &**formats.render("plain_text", "a <b>\nhttps://c.org/?d&e\n\nf"),
        "<p>a &lt;b&gt;<br>\n<a href=\"https://c.org/?d&amp;e\" rel=\"nofollow ugc noopener\">https://c.org/?d&amp;e</a>\
         </p>\n<p>f</p>\n"
    );
}

#[test]
fn markdown_keeps_anchors_figures_and_marks_code() {
    let formats = Formats::built_in().unwrap();
    let html = formats.render(
        "markdown",
        "## What's in it\n\n<figure><img src=\"a.png\" alt=\"A\"></figure>\n\n```rust,ignore\nfn a() {}\n```\n\n- [x] b\n",
    );
    for part in [
        "<h2 id=\"whats-in-it\">",
        "href=\"#whats-in-it\"",
        "<figure><img src=\"a.png\" alt=\"A\"></figure>",
        "<code class=\"language-rust\"><span class=\"hl-",
        "checked=\"\"",
        "disabled=\"\"",
    ] {
        assert!(html.contains(part), "{part} in {}", *html);
    }
    assert!(!html.contains("style="));
}

#[test]
fn a_summary_ends_at_the_more_mark() {
    let formats = Formats::built_in().unwrap();
    let text = "One [a].\n\n## Two\n\n<!-- more -->\n\nThree.\n\n[a]: /b\n";
    assert_eq!(
        &**formats.summary("markdown", text, 5),
        "<p>One <a href=\"/b\" rel=\"noopener\">a</a>.</p>\n<h2>Two</h2>"
    );
    assert!(!formats.render("markdown", text).contains("more"));
    assert!(
        formats
            .summary("plain_text", "a <!-- more --> b", 100)
            .contains("&lt;!-- more")
    );
}

#[test]
fn an_excerpt_is_plain_text_of_bounded_length() {
    let formats = Formats::built_in().unwrap();
    let text = "# T\n\nOne *two* `<three>`, four five six.\n\nSeven.";
    assert_eq!(
        formats.excerpt("markdown", text, 200),
        "One two <three>, four five six. Seven."
    );
    assert_eq!(formats.excerpt("markdown", text, 18), "One two <three>…");
}

#[test]
fn a_text_that_is_too_long_is_escaped() {
    let formats = Formats::built_in().unwrap();
    let text = "*".repeat(MAX_TEXT + 1);
    assert_eq!(formats.render("markdown", &text).len(), text.len());
}

#[test]
fn hostile_nesting_is_shown_as_text() {
    let formats = Formats::built_in().unwrap();
    for (open, format) in [
        ("<div>", "full_html"),
        ("<b>", "filtered_html"),
        ("> ", "markdown"),
        ("<a><p>", "markdown"),
    ] {
        let html = formats.render(format, &open.repeat(20_000));
        assert!(
            html.starts_with("&lt;") || html.starts_with("&gt;"),
            "{format}: {open}"
        );
    }
}

#[test]
fn a_result_is_rendered_once_until_the_definition_changes() {
    let formats = Formats::built_in().unwrap();
    let first = formats.render("markdown", "*a*");
    assert!(Arc::ptr_eq(&first, &formats.render("markdown", "*a*")));
    let mut definitions = Definition::built_in();
    for definition in &mut definitions {
        definition.filters = vec![Filter::Escape];
    }
    formats.replace(definitions).unwrap();
    assert_eq!(&**formats.render("markdown", "*a*"), "*a*");
}

#[test]
fn definitions_that_can_t_be_used_change_nothing() {
    let formats = Formats::built_in().unwrap();
    let mut twice = Definition::built_in();
    twice.extend(Definition::built_in());
    assert_eq!(formats.replace(twice), Err(Error::Duplicate("plain_text".into())));
    assert_eq!(formats.replace(vec![]), Err(Error::Empty));
    let named = |name: &str| Definition {
        name: name.into(),
        label: String::new(),
        filters: vec![Filter::Escape],
    };
    assert_eq!(
        formats.replace(vec![named("Bad name")]),
        Err(Error::Name("Bad name".into()))
    );
    assert!(formats.has("markdown"));
}
