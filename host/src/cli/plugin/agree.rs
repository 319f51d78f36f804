//! Asking for consent at the terminal.

use std::io::{IsTerminal, Write};

use super::{Error, Result, say};

/// Asks a question, or takes `--yes` for the answer.
///
/// # Errors
/// There is nobody to ask, or the answer was no.
pub fn agree(facts: &[String], question: &str, yes: bool) -> Result {
    for fact in facts {
        say(fact);
    }
    if yes {
        return Ok(());
    }
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Err(Error::set_up(format!(
            "nobody is there to answer \"{question}\"; agree to it with --yes"
        )));
    }
    let mut output = std::io::stderr();
    let asked = write!(output, "{question} [y/N] ").and_then(|()| output.flush());
    let mut answer = String::new();
    asked
        .and_then(|()| input.read_line(&mut answer))
        .map_err(Error::failed)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Error::failed("nothing was changed")),
    }
}

/// What a plugin asks for, as lines.
pub fn wishes(plugin_asks_to: &str, capabilities: &[String]) -> Vec<String> {
    let mut lines = vec![format!("{plugin_asks_to}:")];
    lines.extend(capabilities.iter().map(|capability| format!("  - {capability}")));
    lines
}
