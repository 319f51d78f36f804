//! Which class names text from people may carry. A class name is not harmless: with the theme's own, a text could
//! lay itself over the page.

use serde::{Deserialize, Serialize};

/// What the classes that text formats themselves make begin with.
const FORMATTING: &[&str] = &[
    "anchor",
    "contains-task-list",
    "footnote",
    "language-",
    "markdown-alert",
    "task-list",
];

/// Which class names are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Classes {
    /// Those that text formats make: languages of code, footnotes, task lists, notes.
    Formatting,
    /// All, except those of highlighted code.
    Any,
}

impl Classes {
    /// The class names that are kept, in their order; none if no one is left.
    pub(super) fn keep(self, names: &str) -> Option<String> {
        let kept: Vec<_> = names
            .split_ascii_whitespace()
            .filter_map(|name| self.keep_one(name))
            .collect();
        (!kept.is_empty()).then(|| kept.join(" "))
    }

    fn keep_one(self, name: &str) -> Option<String> {
        if let Some(info) = name.strip_prefix("language-") {
            return language(info).map(|language| format!("language-{language}"));
        }
        let valid = is_class_name(name) && !name.starts_with("hl-");
        let wanted = self == Self::Any || FORMATTING.iter().any(|prefix| name.starts_with(prefix));
        (valid && wanted).then(|| name.to_owned())
    }
}

/// Whether a class name has only letters, digits, `-` and `_` (ASCII), and not too many.
#[must_use]
pub fn is_class_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The language in the info string of a code block: `rust,ignore`, `rust,edition2018`, `rust{1,3}` and `{.rust}`
/// are all `rust`.
pub(super) fn language(info: &str) -> Option<String> {
    let info = info.trim_start_matches(['{', '.', ' ']);
    let name = info
        .split([',', '{', '}', ' ', ':', ';', '\t'])
        .next()?
        .to_lowercase();
    let valid = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'+' | b'#' | b'.');
    ((1..=32).contains(&name.len()) && name.bytes().all(valid)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_in_all_the_ways_people_write_it() {
        for info in [
            "rust",
            "rust,ignore",
            "rust,edition2018",
            "Rust",
            "rust{1,3}",
            "{.rust}",
            "rust no_run",
        ] {
            assert_eq!(language(info).as_deref(), Some("rust"), "{info}");
        }
        assert_eq!(language("c++").as_deref(), Some("c++"));
        assert_eq!(language(""), None);
        assert_eq!(language("\"><script>"), None);
    }

    #[test]
    fn only_classes_of_text_formats_are_kept_unless_any_may_be() {
        let names = "toolbar language-rust,ignore footnote-ref hl-keyword a\"b";
        assert_eq!(
            Classes::Formatting.keep(names).as_deref(),
            Some("language-rust footnote-ref")
        );
        assert_eq!(
            Classes::Any.keep(names).as_deref(),
            Some("toolbar language-rust footnote-ref")
        );
        assert_eq!(Classes::Formatting.keep("toolbar"), None);
    }
}
