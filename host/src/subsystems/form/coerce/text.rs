//! Texts of all kinds.

use regex::{Regex, RegexBuilder};

use super::{Checked, nothing};
use crate::subsystems::form::Value;
use crate::subsystems::form::model::Element;
use crate::subsystems::format::{LINKED, is_address};

/// Bytes that a compiled pattern may take.
const PATTERN_SIZE: usize = 64 * 1024;

/// A pattern that the whole text has to match, as in HTML.
///
/// # Errors
/// What is wrong with it.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(PATTERN_SIZE)
        .build()
        .map_err(|error| error.to_string())
}

pub(super) fn line(element: &Element, sent: &str) -> Checked {
    checked(element, sent.trim(), |char| char.is_control())
}

pub(super) fn long(element: &Element, sent: &str) -> Checked {
    let unix = sent.replace("\r\n", "\n").replace('\r', "\n");
    let text = if unix.trim().is_empty() { "" } else { unix.as_str() };
    checked(element, text, |char| {
        char.is_control() && !matches!(char, '\n' | '\t')
    })
}

pub(super) fn rich(element: &Element, sent: &str, format: &str) -> Checked {
    let Value::Text(text) = long(element, sent)? else {
        return Ok(Value::Empty);
    };
    let first = element.choices.first().map(|choice| choice.value.as_str());
    let format = if format.is_empty() {
        first.unwrap_or_default()
    } else {
        format
    };
    if !element.choices.iter().any(|choice| choice.value == format) {
        return Err(format!(
            "{}: choose one of the text formats that you may use.",
            element.name_for_people()
        ));
    }
    Ok(Value::Formatted {
        text,
        format: format.to_owned(),
    })
}

pub(super) fn email(element: &Element, sent: &str) -> Checked {
    let value = line(element, sent)?;
    match &value {
        Value::Text(text) if !is_email(text) => Err(format!(
            "{} is no e-mail address. One looks like name@example.org.",
            element.name_for_people()
        )),
        _ => Ok(value),
    }
}

pub(super) fn url(element: &Element, sent: &str) -> Checked {
    let value = line(element, sent)?;
    match &value {
        Value::Text(text) if !is_url(text) => Err(format!(
            "{} is no address. One begins with https:// or, on this site, with /.",
            element.name_for_people()
        )),
        _ => Ok(value),
    }
}

/// A password is taken as it is: spaces at its ends count.
pub(super) fn password(element: &Element, sent: &str, again: Option<&str>) -> Checked {
    if again.is_some_and(|again| again != sent) {
        return Err("The two passwords are not the same.".to_owned());
    }
    checked(element, sent, |char| char == '\0')
}

/// Whether a text looks like an address that mail can be sent to: what RFC 5321 allows without quotes.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && !local.contains(|char: char| char.is_whitespace() || "()<>[]:;@\\,\"".contains(char));
    let label_fits = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|char| char.is_alphanumeric() || char == '-')
    };
    local_fits && text.len() <= 254 && domain.split('.').all(label_fits)
}

/// Whether a text is an `http` or `https` address with a host, or a path of this site.
#[must_use]
pub fn is_url(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    let whole = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']));
    let local = text.starts_with('/') && !text.starts_with("//") && !text.starts_with("/\\");
    (whole || local) && !text.contains(char::is_whitespace) && is_address(text, LINKED)
}

fn checked(element: &Element, text: &str, refused: impl Fn(char) -> bool) -> Checked {
    if text.is_empty() {
        return nothing(element);
    }
    let name = element.name_for_people();
    if text.contains(refused) {
        return Err(format!("{name} has characters in it that can't be stored."));
    }
    let length = text.chars().count();
    let rules = &element.rules;
    if let Some(most) = rules.max_length.filter(|most| length > *most) {
        return Err(format!(
            "{name} may have {most} characters at most; this has {length}."
        ));
    }
    if let Some(least) = rules.min_length.filter(|least| length < *least) {
        return Err(format!(
            "{name} must have {least} characters at least; this has {length}."
        ));
    }
    let fits = |pattern: &String| compile(pattern).is_ok_and(|pattern| pattern.is_match(text));
    if rules.pattern.as_ref().is_some_and(|pattern| !fits(pattern)) {
        let help = if rules.pattern_help.is_empty() {
            "it has another form than is asked for."
        } else {
            &rules.pattern_help
        };
        return Err(format!("{name}: {help}"));
    }
    Ok(Value::Text(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{is_email, is_url};

    #[test]
    fn addresses_are_told_from_what_is_none() {
        for good in ["a@b", "ada@example.org", "a.b+c@münchen.de", "o'hara@x-y.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "", "a", "@b", "a@", "a b@c", "a..b@c", "a@-c", "a@b..c", "a@b,c@d", "a@b\n", "<a@b>",
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }

    #[test]
    fn web_addresses_and_paths_are_told_from_what_is_none() {
        for good in ["https://example.org", "HTTP://EXAMPLE.org/a?b#c", "/about", "/"] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "//evil.example",
            "/\\evil",
            "/a b",
        ] {
            assert!(!is_url(bad), "{bad:?}");
        }
    }
}
