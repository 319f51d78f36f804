//! Marks shell scripts, and sessions at a prompt.

use super::scan::{is_word, quoted, scan, span};
use super::{Marked, Token};

const KEYWORDS: &[&str] = &[
    "case", "do", "done", "elif", "else", "esac", "export", "fi", "for", "function", "if", "in", "local",
    "return", "select", "then", "until", "while",
];
/// What ends a word.
const ENDS: &[char] = &[
    ' ', '\t', '\n', ';', '&', '|', '(', ')', '<', '>', '"', '\'', '$', '`',
];

/// Marks a shell script.
pub(super) fn mark(code: &str, out: &mut Marked) {
    // A command is named at the beginning, and after what ends the command before.
    let mut names_command = true;
    let mut begins_word = true;
    scan(code, out, |rest| {
        let first = rest.chars().next().unwrap_or_default();
        let begins = std::mem::replace(&mut begins_word, first.is_whitespace() || ";&|(".contains(first));
        match first {
            '#' if begins => (Some(Token::Comment), span(rest, |c| c != '\n')),
            '"' => (Some(Token::String), quoted(rest, '"', true)),
            '\'' => (Some(Token::String), quoted(rest, '\'', false)),
            '$' => (Some(Token::Variable), variable(rest)),
            '\n' | ';' | '&' | '|' | '(' | '`' => {
                names_command = true;
                (None, 1)
            }
            c if ENDS.contains(&c) => (None, 1),
            _ => {
                let length = span(rest, |c| !ENDS.contains(&c));
                let word = rest.get(..length).unwrap_or(rest);
                let names = std::mem::take(&mut names_command);
                if names && KEYWORDS.contains(&word) {
                    names_command = !matches!(word, "for" | "case" | "function" | "export" | "local");
                    return (Some(Token::Keyword), length);
                }
                (word_kind(word, names, &mut names_command), length)
            }
        }
    });
}

/// Marks what someone typed at a prompt; what the machine answered stays plain.
pub(super) fn mark_session(code: &str, out: &mut Marked) {
    for line in code.split_inclusive('\n') {
        let typed = ["$ ", "# ", "> "]
            .iter()
            .find_map(|prompt| Some((*prompt, line.strip_prefix(prompt)?)));
        match typed {
            Some((prompt, command)) => {
                out.push(Some(Token::Prompt), prompt);
                mark(command, out);
            }
            None => out.push(None, line),
        }
    }
}

fn word_kind(word: &str, names_command: bool, expects_command: &mut bool) -> Option<Token> {
    let is_assignment = word
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(is_word));
    if is_assignment && names_command {
        *expects_command = true;
        Some(Token::Variable)
    } else if names_command {
        Some(Token::Function)
    } else if KEYWORDS.contains(&word) && matches!(word, "in" | "do" | "then") {
        *expects_command = word != "in";
        Some(Token::Keyword)
    } else if word.starts_with('-') {
        Some(Token::Attribute)
    } else {
        None
    }
}

/// The length of `$name`, `${…}` or of the `$` before something else.
fn variable(rest: &str) -> usize {
    match rest.get(1..) {
        Some(braced) if braced.starts_with('{') => braced.find('}').map_or(rest.len(), |at| at + 2),
        Some(name) if name.starts_with(is_word) => 1 + span(name, is_word),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::marked_for_test;
    use super::*;

    fn marked(code: &str, mark: impl Fn(&str, &mut Marked)) -> String {
        marked_for_test(|out| mark(code, out))
    }

    #[test]
    fn commands_options_strings_and_variables_are_marked() {
        assert_eq!(
            marked("A=1 cargo run --release \"$B\" $C | grep 'd#' # e\n", mark),
            "[variable:A=1 ][function:cargo ]run [attribute:--release ][string:\"$B\" ][variable:$C ]| [function:grep ]\
             [string:'d#' ][comment:# e\n]"
        );
        assert_eq!(
            marked("for a in b; do c; done", mark),
            "[keyword:for ]a [keyword:in ]b; [keyword:do ][function:c]; [keyword:done]"
        );
    }

    #[test]
    fn only_what_was_typed_at_a_prompt_is_marked() {
        assert_eq!(
            marked("$ ls -a\na b\n", mark_session),
            "[prompt:$ ][function:ls ][attribute:-a\n]a b\n"
        );
    }

    #[test]
    fn broken_code_loses_nothing() {
        for code in ["\"", "'", "$", "${", "$é", "`", "#", "a#b"] {
            assert!(marked(code, mark).trim_end_matches(']').ends_with(code), "{code}");
        }
    }
}
