//! Which addresses text from people and plugins may lead to or load from. Reads an address as browsers do (WHATWG
//! URL): control characters and white space around it do not count, and tabs and line ends never do.

/// Schemes of links that open or load pages, write a mail or call somebody.
pub const LINKED: &[&str] = &["http", "https", "mailto", "tel"];
/// Schemes from which a page may load pictures and sound.
pub const LOADED: &[&str] = &["http", "https"];

/// Whether an address is a path, a query or a fragment, or has one of the schemes (in lower case). One that has
/// control characters in it, as no one needs them, is refused.
#[must_use]
pub fn is_address<S: AsRef<str>>(address: &str, schemes: impl IntoIterator<Item = S>) -> bool {
    let address = address.trim_matches(|c: char| c == ' ');
    if address.chars().any(|c| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{feff}')
    }) {
        return false;
    }
    let (before, _) = address.split_once(['/', '?', '#', '\\']).unwrap_or((address, ""));
    match before.split_once(':') {
        Some((scheme, _)) => schemes
            .into_iter()
            .any(|allowed| allowed.as_ref().eq_ignore_ascii_case(scheme)),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_listed_schemes_are_addresses() {
        for address in [
            "",
            "/a",
            "a/b:c",
            "../a",
            "?a=b:c",
            "#a:b",
            "https://a.org/",
            "HTTP://a",
            "//a.org",
            "mailto:a@b.c",
        ] {
            assert!(is_address(address, LINKED), "{address}");
        }
    }

    #[test]
    fn scripts_are_no_addresses_however_they_are_dressed() {
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\0script:alert(1)",
            "java\u{200b}script:alert(1)",
            "\u{feff}javascript:alert(1)",
            "javascript\u{20}:alert(1)",
            "vbscript:a",
            "data:text/html,a",
            "blob:a",
            "file:///etc/passwd",
            "view-source:a",
            "javascript&colon;alert(1):a",
            ":a",
        ] {
            assert!(!is_address(address, LINKED), "{address:?}");
        }
    }
}
