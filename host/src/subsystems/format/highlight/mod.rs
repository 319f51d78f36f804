//! The filter that marks the parts of code with classes, for the theme to colour.
//!
//! It reads only HTML as the filter for allowed HTML writes it, and writes only escaped text and its own `<span>`s:
//! what goes in safe comes out safe. It knows no colours.
//!
//! The languages have scanners written by hand instead of grammars of regular expressions, which would take tens of
//! megabytes and, for a hostile text, seconds. A scanner takes time by the length of the code and no memory.

mod family;
mod markup;
mod rust;
mod scan;
mod shell;
mod toml;

use super::classes::language;
use super::entities::{decode, escape_content_into};

const OPENING: &str = "<pre><code class=\"language-";
const CLOSING: &str = "</code></pre>";
/// How much code of one text is marked, in bytes; the rest stays plain. It bounds the time that a text can take.
const MAX_CODE: usize = 256 * 1024;

/// What a piece of code is: the classes are `hl-` and the name in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Comment,
    String,
    Number,
    Constant,
    Keyword,
    Function,
    Type,
    Variable,
    Attribute,
    Tag,
    Inserted,
    Deleted,
    Heading,
    Prompt,
}

impl Token {
    const fn class(self) -> &'static str {
        match self {
            Self::Comment => "hl-comment",
            Self::String => "hl-string",
            Self::Number => "hl-number",
            Self::Constant => "hl-constant",
            Self::Keyword => "hl-keyword",
            Self::Function => "hl-function",
            Self::Type => "hl-type",
            Self::Variable => "hl-variable",
            Self::Attribute => "hl-attribute",
            Self::Tag => "hl-tag",
            Self::Inserted => "hl-inserted",
            Self::Deleted => "hl-deleted",
            Self::Heading => "hl-heading",
            Self::Prompt => "hl-prompt",
        }
    }
}

/// Marks the code in the blocks that name a language that is known; all else stays as it is.
pub fn highlight_code(html: &str) -> String {
    let mut out = String::with_capacity(html.len() * 2);
    let mut budget = MAX_CODE;
    let mut rest = html;
    while let Some((before, block)) = rest.split_once(OPENING) {
        out.push_str(before);
        out.push_str(OPENING);
        rest = block;
        let Some((body, after)) = block.split_once(CLOSING) else {
            continue;
        };
        let Some((class, code)) = body.split_once("\">") else {
            continue;
        };
        // Markup within the code is the writer's own.
        if code.len() > budget || code.contains('<') {
            continue;
        }
        let mut marked = Marked::default();
        let name = class.split(' ').next().and_then(language);
        if !name.is_some_and(|name| mark(&name, &decode(code), &mut marked)) {
            continue;
        }
        budget -= code.len();
        out.push_str(class);
        out.push_str("\">");
        out.push_str(&marked.finish());
        out.push_str(CLOSING);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Marks the code if the language is known.
fn mark(language: &str, code: &str, out: &mut Marked) -> bool {
    match language {
        "rust" | "rs" => rust::mark(code, out),
        "toml" | "cargo" => toml::mark(code, out),
        "bash" | "sh" | "shell" | "zsh" | "fish" => shell::mark(code, out),
        "console" | "shell-session" | "terminal" => shell::mark_session(code, out),
        "html" | "xml" | "svg" | "vue" => markup::mark(code, out),
        "diff" | "patch" => markup::mark_difference(code, out),
        other => return family::mark(other, code, out),
    }
    true
}

/// Code with its marks: escaped text, in which neighbours of one kind share a mark.
#[derive(Debug, Default)]
struct Marked {
    html: String,
    open: Option<Token>,
}

impl Marked {
    fn push(&mut self, token: Option<Token>, text: &str) {
        if text.is_empty() {
            return;
        }
        // A mark goes on over white space, which shows no colour.
        if token != self.open && !(text.trim().is_empty() && self.open.is_some()) {
            self.close();
            if let Some(token) = token {
                self.html.push_str("<span class=\"");
                self.html.push_str(token.class());
                self.html.push_str("\">");
            }
            self.open = token;
        }
        escape_content_into(text, &mut self.html);
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.html.push_str("</span>");
        }
    }

    fn finish(mut self) -> String {
        self.close();
        self.html
    }
}

/// What a scanner marks, short enough to be read: `[keyword:fn ]`.
#[cfg(test)]
fn marked_for_test(mark: impl FnOnce(&mut Marked)) -> String {
    let mut out = Marked::default();
    mark(&mut out);
    out.finish()
        .replace("<span class=\"hl-", "[")
        .replace("</span>", "]")
        .replace("\">", ":")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(language: &str, code: &str) -> String {
        format!("{OPENING}{language}\">{code}{CLOSING}")
    }

    #[test]
    fn code_of_a_known_language_is_marked() {
        let html = highlight_code(&block(
            "rust",
            "fn main() { let a = &quot;&lt;b&gt;&quot;; } // c\n",
        ));
        for part in [
            "<span class=\"hl-keyword\">fn </span>",
            "&lt;b&gt;",
            "<span class=\"hl-comment\">// c",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn no_language_fails_and_no_text_is_lost() {
        let code = "$ cargo run --release &amp;&amp; echo '#1' # x\n[a]\nb = 1\n+ &lt;c&gt;\n- d\n\t\"é\n";
        let plain = |html: &str| {
            let mut text = String::new();
            for segment in super::super::segments::segments(html) {
                if let super::super::segments::Segment::Text(part) = segment {
                    text.push_str(part);
                }
            }
            text
        };
        for language in [
            "rust",
            "rs",
            "toml",
            "console",
            "text",
            "diff",
            "bash",
            "sh",
            "c",
            "yaml",
            "json",
            "js",
            "html",
            "sql",
            "asm",
            "wasm",
            "powershell",
            "no-such",
            "c++",
            "python",
            "cargo",
        ] {
            assert_eq!(plain(&highlight_code(&block(language, code))), code, "{language}");
        }
    }

    #[test]
    fn unknown_languages_and_markup_in_code_stay_as_they_are() {
        for html in [
            block("no-such", "a &lt; b"),
            block("text", "fn a() {}"),
            block("rust", "fn <em>a</em>() {}"),
            format!("{OPENING}rust\">no end"),
            OPENING.to_owned(),
        ] {
            assert_eq!(highlight_code(&html), html);
        }
    }

    #[test]
    fn more_code_than_the_budget_stays_plain() {
        let html = block("rust", &"fn a() {}\n".repeat(MAX_CODE / 10 + 1));
        assert_eq!(highlight_code(&html), html);
    }

    #[test]
    fn every_block_of_a_text_is_found() {
        let html = format!(
            "<p>a</p>{}<p>b</p>{}<p>c</p>",
            block("toml", "a = 1"),
            block("diff", "+ a\n- b\n")
        );
        let marked = highlight_code(&html);
        assert!(
            marked.contains("hl-number") && marked.contains("hl-inserted") && marked.ends_with("<p>c</p>")
        );
    }
}
