//! Which identifiers text from people and plugins may give to elements of a page.
//!
//! Anchors in an old post must go on working, so an identifier is kept as it is, unless it could be taken for one of
//! the page's own or shadow a property that scripts read from `window` or `document` (DOM clobbering): then it is
//! prefixed, and links to it alike.

use std::borrow::Cow;

const PREFIX: &str = "user-";
const MAX_LENGTH: usize = 128;

/// Identifiers that the shipped templates use, and names that scripts look up.
const RESERVED: &[&str] = &[
    "alert",
    "body",
    "breadcrumb",
    "content",
    "cookie",
    "document",
    "domain",
    "event",
    "fetch",
    "footer",
    "forms",
    "frames",
    "head",
    "header",
    "history",
    "images",
    "links",
    "location",
    "main",
    "main-content",
    "menu",
    "messages",
    "name",
    "nav",
    "navigation",
    "open",
    "origin",
    "page",
    "parent",
    "scripts",
    "search",
    "self",
    "sidebar",
    "status",
    "title",
    "toolbar",
    "top",
    "window",
];
/// What identifiers of forms and of the administration begin with.
const RESERVED_PREFIXES: &[&str] = &[
    "edit-", "form-", "toolbar-", "tile-", "slot-", "trovato-", "admin-", "site-",
];

/// The identifier that an element may have instead of the one that was written; none if it can't be one.
#[must_use]
pub fn safe_id(id: &str) -> Option<Cow<'_, str>> {
    let valid = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    if id.is_empty() || id.len() > MAX_LENGTH || !id.chars().all(valid) {
        return None;
    }
    let lower = id.to_lowercase();
    let reserved = RESERVED.contains(&lower.as_str())
        || RESERVED_PREFIXES.iter().any(|prefix| lower.starts_with(prefix));
    Some(if reserved {
        Cow::Owned(format!("{PREFIX}{id}"))
    } else {
        Cow::Borrowed(id)
    })
}

/// The fragment (`#…`) that leads to the identifier that [`safe_id`] has made; other addresses stay as they are.
#[must_use]
pub fn safe_fragment(href: &str) -> Cow<'_, str> {
    match href.strip_prefix('#').and_then(safe_id) {
        Some(Cow::Owned(id)) => Cow::Owned(format!("#{id}")),
        _ => Cow::Borrowed(href),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_anchors_are_kept() {
        assert_eq!(
            safe_id("whats-in-1.94.1-stable").as_deref(),
            Some("whats-in-1.94.1-stable")
        );
        assert_eq!(safe_id("日本語").as_deref(), Some("日本語"));
        assert_eq!(safe_fragment("#rust-2018"), "#rust-2018");
    }

    #[test]
    fn the_page_s_own_names_are_prefixed_in_anchors_and_links_alike() {
        assert_eq!(safe_id("Location").as_deref(), Some("user-Location"));
        assert_eq!(safe_id("edit-submit").as_deref(), Some("user-edit-submit"));
        assert_eq!(safe_fragment("#content"), "#user-content");
        assert_eq!(safe_fragment("/content"), "/content");
    }

    #[test]
    fn what_can_t_be_an_identifier_is_refused() {
        for id in ["", "a b", "a\"b", "a<b", &"a".repeat(129)] {
            assert_eq!(safe_id(id), None);
        }
    }
}
