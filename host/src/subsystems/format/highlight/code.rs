//! Marks code with the syntax definitions that come with syntect. Knows scopes (the naming scheme of TextMate
//! grammars), and which few kinds of them a theme is asked to colour.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::{Marked, Token};

/// Longer lines are data rather than code; reading them takes long.
const MAX_LINE: usize = 4096;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// The kinds by scope; the more specific stands first.
static KINDS: LazyLock<Vec<(Scope, Option<Token>)>> = LazyLock::new(|| {
    [
        ("comment", Some(Token::Comment)),
        ("string", Some(Token::String)),
        ("constant.numeric", Some(Token::Number)),
        ("constant", Some(Token::Constant)),
        ("entity.name.function", Some(Token::Function)),
        ("support.function", Some(Token::Function)),
        ("variable.function", Some(Token::Function)),
        ("support.macro", Some(Token::Function)),
        ("entity.name.tag", Some(Token::Tag)),
        ("entity.name.section", Some(Token::Heading)),
        ("entity.other.attribute-name", Some(Token::Attribute)),
        ("variable.annotation", Some(Token::Attribute)),
        ("entity.name", Some(Token::Type)),
        ("support.type", Some(Token::Type)),
        ("support.class", Some(Token::Type)),
        ("storage.modifier", Some(Token::Keyword)),
        ("storage.type.function", Some(Token::Keyword)),
        ("storage.type.struct", Some(Token::Keyword)),
        ("storage.type.enum", Some(Token::Keyword)),
        ("storage.type.trait", Some(Token::Keyword)),
        ("storage.type.impl", Some(Token::Keyword)),
        ("storage.type.module", Some(Token::Keyword)),
        ("storage", Some(Token::Type)),
        ("keyword.operator", None),
        ("keyword", Some(Token::Keyword)),
        ("variable.parameter", Some(Token::Variable)),
        ("variable.language", Some(Token::Keyword)),
        ("markup.inserted", Some(Token::Inserted)),
        ("markup.deleted", Some(Token::Deleted)),
        ("meta.diff.header", Some(Token::Heading)),
        ("meta.diff.range", Some(Token::Heading)),
    ]
    .into_iter()
    .filter_map(|(scope, kind)| Some((Scope::new(scope).ok()?, kind)))
    .collect()
});

/// Marks code if its language is known.
pub(super) fn mark(language: &str, code: &str, out: &mut Marked) -> bool {
    let Some(syntax) = find(language) else {
        return false;
    };
    mark_lines(syntax, code, out);
    true
}

/// Marks what someone typed at a prompt, line by line; what the machine answered stays plain.
pub(super) fn mark_session(code: &str, out: &mut Marked) {
    let shell = find("bash");
    for line in code.split_inclusive('\n') {
        let typed = ["$ ", "# ", "> "]
            .iter()
            .find_map(|prompt| Some((*prompt, line.strip_prefix(prompt)?)));
        match (typed, shell) {
            (Some((prompt, command)), Some(shell)) => {
                out.push(Some(Token::Prompt), prompt);
                mark_lines(shell, command, out);
            }
            _ => out.push(None, line),
        }
    }
}

fn find(language: &str) -> Option<&'static SyntaxReference> {
    let token = match language {
        "text" | "txt" | "plain" | "plaintext" | "none" | "output" => return None,
        "shell" | "zsh" => "bash",
        "patch" => "diff",
        "jsonc" | "json5" => "json",
        "golang" => "go",
        other => other,
    };
    SYNTAXES.find_syntax_by_token(token)
}

fn mark_lines(syntax: &SyntaxReference, code: &str, out: &mut Marked) {
    let mut state = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    for line in code.split_inclusive('\n') {
        let parsed = if line.len() <= MAX_LINE {
            state.parse_line(line, &SYNTAXES).ok()
        } else {
            None
        };
        let mut from = 0;
        for (at, change) in parsed.unwrap_or_default() {
            out.push(kind(&scopes), line.get(from..at).unwrap_or_default());
            from = from.max(at);
            // A definition that pops more than it pushed leaves the scopes as they are: colours, nothing more.
            let _ = scopes.apply(&change);
        }
        out.push(kind(&scopes), line.get(from..).unwrap_or_default());
    }
}

/// What the innermost scope that has a kind says.
fn kind(scopes: &ScopeStack) -> Option<Token> {
    let of = |scope: &Scope| {
        KINDS
            .iter()
            .find(|(prefix, _)| prefix.is_prefix_of(*scope))
            .map(|(_, kind)| *kind)
    };
    scopes.as_slice().iter().rev().find_map(of).flatten()
}
