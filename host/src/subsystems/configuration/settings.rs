//! The site's own settings that are configuration. What makes a site itself, such as its identifier and the
//! fingerprint of its secret, is none.

use serde_json::Value as Json;

/// The values that a setting takes.
pub(super) enum Takes {
    /// A line of text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Yes or no.
    Flag,
    /// A whole number of days, one at least.
    Days,
}

/// Every setting, by name.
pub(super) const ALL: [(&str, Takes); 5] = [
    ("audit_days", Takes::Days),
    ("site_name", Takes::Text),
    ("site_slogan", Takes::Text),
    ("user_confirm_mail", Takes::Flag),
    ("user_register", Takes::Word(&["off", "approval", "open"])),
];
/// Characters of a text.
const TEXT_LIMIT: usize = 255;
/// A hundred years.
const DAYS_LIMIT: u64 = 36_500;

/// What is wrong with a value of a setting, if anything is.
pub(super) fn wrong(takes: &Takes, value: &Json) -> Option<String> {
    let (fits, rule) = match takes {
        Takes::Text => {
            let is_line = |text: &str| {
                (1..=TEXT_LIMIT).contains(&text.chars().count()) && !text.contains(char::is_control)
            };
            (
                value.as_str().is_some_and(is_line),
                format!(
                    "a text of 1 to {TEXT_LIMIT} characters on one line; leave it out where there is none"
                ),
            )
        }
        Takes::Word(words) => (
            value.as_str().is_some_and(|word| words.contains(&word)),
            format!("one of {}", words.join(", ")),
        ),
        Takes::Flag => (value.is_boolean(), "true or false".to_owned()),
        Takes::Days => (
            value
                .as_u64()
                .is_some_and(|days| (1..=DAYS_LIMIT).contains(&days)),
            format!("a whole number of days from 1 to {DAYS_LIMIT}"),
        ),
    };
    (!fits).then(|| format!("it takes {rule}"))
}
