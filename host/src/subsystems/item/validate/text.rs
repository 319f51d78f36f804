//! Rules for texts.

use super::Known;
use crate::subsystems::form;
use crate::subsystems::item::model::Value;
use crate::subsystems::item_type::Settings;

/// What is wrong with a line of text.
pub(super) fn line(text: &str, most: u32) -> Option<String> {
    let characters = text.chars().count();
    if characters > most as usize {
        Some(format!("at most {most} characters"))
    } else if text.chars().any(|char| char.is_control() && char != '\t') {
        Some("no line breaks or control characters".to_owned())
    } else {
        None
    }
}

/// What is wrong with a text format.
pub(super) fn format(format: &str, known: Known<'_>) -> Option<String> {
    if !known.formats.contains(format) {
        Some(format!("there is no text format '{format}'"))
    } else if !known.usable.contains(format) {
        Some(format!("you may not use the text format '{format}'"))
    } else {
        None
    }
}

/// What a value's settings say against it: its pattern, and the values that are allowed.
pub(super) fn unlike(value: &Value, settings: &Settings) -> Option<String> {
    let text = match value {
        Value::Integer(number) => number.to_string(),
        value => value.as_text()?.to_owned(),
    };
    if !settings.allowed.is_empty() && settings.allowed.iter().all(|allowed| allowed.value != text) {
        let allowed: Vec<&str> = settings
            .allowed
            .iter()
            .map(|allowed| allowed.value.as_str())
            .collect();
        return Some(format!("one of {}", allowed.join(", ")));
    }
    let pattern = settings.pattern.as_deref()?;
    let fits = form::compile(pattern).is_ok_and(|pattern| pattern.is_match(&text));
    (!fits).then(|| match settings.pattern_help.as_str() {
        "" => format!("it has another form than {pattern}"),
        help => help.to_owned(),
    })
}

/// A shape check, not a proof: one `@` with something on both sides, no spaces, at most 254 characters
/// (RFC 5321, 4.5.3.1).
pub(super) fn is_email(text: &str) -> bool {
    text.len() <= 254
        && !text.chars().any(|char| char.is_whitespace() || char.is_control())
        && text.rsplit_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && local.len() <= 64 && !domain.is_empty() && !domain.starts_with('.')
        })
}

/// An `http` or `https` URL, or a path of this site.
pub(super) fn is_url(text: &str) -> bool {
    let clean = text.len() <= 2048 && !text.chars().any(|char| char.is_whitespace() || char.is_control());
    let path = text.starts_with('/') && !text.starts_with("//");
    clean && (path || text.starts_with("https://") || text.starts_with("http://"))
}
