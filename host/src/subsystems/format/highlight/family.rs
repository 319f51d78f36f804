//! Marks languages that differ only in their words: what comments begin with, what strings are quoted by, which
//! words are keywords.

use super::scan::{is_word, quoted, scan, span, through};
use super::{Marked, Token};

/// What tells one language of the family from another.
#[derive(Debug)]
struct Language {
    /// What people call it in a text.
    names: &'static [&'static str],
    /// What a comment begins with that ends with the line.
    line_comments: &'static [&'static str],
    /// What a longer comment begins and ends with.
    block_comment: Option<(&'static str, &'static str)>,
    quotes: &'static [char],
    /// Lower-case words stand for upper-case ones too where `any_case` is set.
    keywords: &'static str,
    constants: &'static str,
    any_case: bool,
    /// Whether a name with a capital is that of a type.
    capital_types: bool,
    /// Whether a word before `:` is a key.
    keys: bool,
}

const PLAIN: Language = Language {
    names: &[],
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: &['"', '\''],
    keywords: "",
    constants: "true false null",
    any_case: false,
    capital_types: false,
    keys: false,
};

static LANGUAGES: &[Language] = &[
    Language {
        names: &["c", "h", "cpp", "c++", "cc", "hpp", "objc"],
        keywords: "auto bool break case catch char class const constexpr continue default delete do double else enum \
                   extern float for goto if inline int long namespace new operator private protected public return short \
                   signed sizeof static struct switch template this throw try typedef typename union unsigned using \
                   virtual void volatile while",
        constants: "true false NULL nullptr",
        ..PLAIN
    },
    Language {
        names: &["js", "javascript", "mjs", "jsx", "ts", "typescript", "tsx"],
        quotes: &['"', '\'', '`'],
        keywords: "any as async await boolean break case catch class const continue default delete do else enum export \
                   extends finally for from function get if implements import in instanceof interface let new number of \
                   private public readonly return set static string super switch this throw try type typeof var void \
                   while yield",
        constants: "true false null undefined NaN Infinity",
        capital_types: true,
        ..PLAIN
    },
    Language {
        names: &["json", "jsonc", "json5"],
        keys: true,
        ..PLAIN
    },
    Language {
        names: &["go", "golang"],
        quotes: &['"', '\'', '`'],
        keywords: "bool break byte case chan const continue default defer else error fallthrough float64 for func go goto \
                   if import int int64 interface map package range return rune select string struct switch type uint var",
        constants: "true false nil iota",
        ..PLAIN
    },
    Language {
        names: &[
            "java", "kotlin", "kt", "scala", "cs", "csharp", "c#", "swift", "dart", "php", "zig",
        ],
        keywords: "abstract as boolean break byte case catch char class const continue def default do double else enum \
                   extends final finally float fn for foreach fun func function if implements import in int interface is \
                   let long namespace new object override package private protected public return sealed short static \
                   string struct super switch this throw throws trait try typealias using val var void when while",
        constants: "true false null nil",
        capital_types: true,
        ..PLAIN
    },
    Language {
        names: &["wit", "wasm-interface"],
        keywords: "async bool borrow char constructor enum export flags from func future import include interface list \
                   option own package record resource result static stream string tuple type u8 u16 u32 u64 s8 s16 s32 s64 \
                   f32 f64 use variant with world",
        ..PLAIN
    },
    Language {
        names: &["python", "py", "starlark"],
        line_comments: &["#"],
        block_comment: None,
        keywords: "and as assert async await break class continue def del elif else except finally for from global if \
                   import in is lambda nonlocal not or pass raise return try while with yield",
        constants: "True False None",
        capital_types: true,
        ..PLAIN
    },
    Language {
        names: &[
            "ruby",
            "rb",
            "elixir",
            "make",
            "makefile",
            "dockerfile",
            "nix",
            "r",
            "perl",
            "conf",
            "ini",
            "properties",
        ],
        line_comments: &["#", ";;"],
        block_comment: None,
        keywords: "begin class def do else elsif end ensure for if in include inherit let module next rec require rescue \
                   return self then unless until when while with yield FROM RUN COPY CMD ENV WORKDIR ENTRYPOINT",
        constants: "true false nil null",
        ..PLAIN
    },
    Language {
        names: &["yaml", "yml"],
        line_comments: &["#"],
        block_comment: None,
        constants: "true false null yes no",
        keys: true,
        ..PLAIN
    },
    Language {
        names: &["sql", "sqlite", "postgres", "postgresql", "mysql"],
        line_comments: &["--"],
        keywords: "add all alter and as asc begin between by case check column commit constraint create cross default \
                   delete desc distinct drop else end exists foreign from full group having if in index inner insert into \
                   is join key left like limit not null offset on or order outer primary recursive references returning \
                   right select set table then union unique update using values view when where with",
        constants: "true false",
        any_case: true,
        ..PLAIN
    },
    Language {
        names: &["powershell", "ps1", "pwsh"],
        line_comments: &["#"],
        block_comment: Some(("<#", "#>")),
        keywords: "begin catch else elseif end filter finally for foreach function if in param process return switch throw \
                   try until while",
        constants: "$true $false $null",
        any_case: true,
        ..PLAIN
    },
    Language {
        names: &["css", "scss", "less"],
        line_comments: &[],
        keys: true,
        ..PLAIN
    },
    Language {
        names: &["asm", "nasm", "llvm", "wasm", "wat", "lisp", "scheme", "clojure"],
        line_comments: &[";", "#", "//"],
        keywords: "add call cmp define drop export func global i32 i64 import jmp lea local memory module mov param pop push \
                   result ret sub table test type xor",
        ..PLAIN
    },
    Language {
        names: &["haskell", "hs", "ocaml", "ml", "elm", "lua"],
        line_comments: &["--"],
        block_comment: Some(("{-", "-}")),
        quotes: &['"'],
        keywords: "and case class data deriving do else elseif end for forall fun function if import in instance let local \
                   match module newtype of open rec repeat return then type until where while with",
        constants: "true false nil True False",
        capital_types: true,
        ..PLAIN
    },
];

/// Marks code if its language is one of the family.
pub(super) fn mark(name: &str, code: &str, out: &mut Marked) -> bool {
    let Some(language) = LANGUAGES.iter().find(|language| language.names.contains(&name)) else {
        return false;
    };
    scan(code, out, |rest| language.next(rest));
    true
}

impl Language {
    fn next(&self, rest: &str) -> (Option<Token>, usize) {
        let first = rest.chars().next().unwrap_or_default();
        if first.is_whitespace() {
            return (None, span(rest, char::is_whitespace));
        }
        if self.line_comments.iter().any(|mark| rest.starts_with(mark)) {
            return (Some(Token::Comment), span(rest, |c| c != '\n'));
        }
        if let Some((_, end)) = self.block_comment.filter(|(start, _)| rest.starts_with(start)) {
            return (Some(Token::Comment), through(rest, end));
        }
        match first {
            quote if self.quotes.contains(&quote) => self.string(rest, quote),
            '0'..='9' => (Some(Token::Number), span(rest, |c| is_word(c) || c == '.')),
            c if is_word(c) || c == '$' => {
                let dash = |c| self.keys && c == '-';
                let length = c.len_utf8()
                    + rest
                        .get(c.len_utf8()..)
                        .map_or(0, |more| span(more, |c| is_word(c) || dash(c)));
                let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
                (self.word_kind(word, after), length)
            }
            c => (None, c.len_utf8()),
        }
    }

    /// A string; a quote that is not closed on its line is an apostrophe, unless strings may be long.
    fn string(&self, rest: &str, quote: char) -> (Option<Token>, usize) {
        let triple = String::from_iter([quote; 3]);
        if let Some(body) = rest.strip_prefix(&triple) {
            return (Some(Token::String), triple.len() + through(body, &triple));
        }
        let length = quoted(rest, quote, true);
        let (string, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if quote != '`' && string.contains('\n') {
            return (None, quote.len_utf8());
        }
        let is_key = self.keys && after.trim_start().starts_with(':');
        (
            Some(if is_key { Token::Attribute } else { Token::String }),
            length,
        )
    }

    fn word_kind(&self, word: &str, after: &str) -> Option<Token> {
        let lower = word.to_lowercase();
        let word = if self.any_case { lower.as_str() } else { word };
        let is_in = |list: &str| list.split_ascii_whitespace().any(|known| known == word);
        if self.keys && after.starts_with(':') {
            Some(Token::Attribute)
        } else if is_in(self.keywords) {
            Some(Token::Keyword)
        } else if is_in(self.constants) {
            Some(Token::Constant)
        } else if word.starts_with('$') {
            Some(Token::Variable)
        } else if after.starts_with('(') {
            Some(Token::Function)
        } else {
            (self.capital_types && word.starts_with(char::is_uppercase)).then_some(Token::Type)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::marked_for_test;
    use super::*;

    fn marked(name: &str, code: &str) -> String {
        marked_for_test(|out| assert!(mark(name, code, out), "{name}"))
    }

    #[test]
    fn each_language_has_its_own_words() {
        assert_eq!(
            marked("c", "int a = f(1); // b"),
            "[keyword:int ]a = [function:f]([number:1]); [comment:// b]"
        );
        assert_eq!(
            marked("json", "{\"a\": [true, \"b\"]}"),
            "{[attribute:\"a\"]: [[constant:true], [string:\"b\"]]}"
        );
        assert_eq!(
            marked("sql", "Select * from a -- b"),
            "[keyword:Select ]* [keyword:from ]a [comment:-- b]"
        );
        assert_eq!(
            marked("yaml", "a-b: c # d\n- 'e'"),
            "[attribute:a-b]: c [comment:# d\n]- [string:'e']"
        );
        assert_eq!(
            marked("python", "def a(): return \"\"\"b\nc\"\"\""),
            "[keyword:def ][function:a](): [keyword:return ][string:\"\"\"b\nc\"\"\"]"
        );
        assert_eq!(
            marked("js", "let a = `b\n${c}`"),
            "[keyword:let ]a = [string:`b\n${c}`]"
        );
    }

    #[test]
    fn broken_code_loses_nothing() {
        for code in ["don't", "\"", "/*", "'''", "é'", "$", "/", "\\\""] {
            for language in LANGUAGES {
                let name = language.names.first().copied().unwrap_or_default();
                let text = marked(name, code)
                    .replace("[string:", "")
                    .replace("[comment:", "")
                    .replace("[variable:", "");
                assert_eq!(text.trim_end_matches(']'), code, "{name}");
            }
        }
    }
}
