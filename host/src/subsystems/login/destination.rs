//! Where somebody goes after signing in: only to a path of this site.

/// Bytes of a destination.
const LIMIT: usize = 2048;

/// The path, with query, that a destination names; none for what leads, or may be read to lead, to another site.
///
/// Browsers take `\` for `/`, drop tabs and line breaks, and take a second `/` for the beginning of a host name
/// (WHATWG URL, 4.4). What has any of these is refused, also where it is encoded, and encoded again.
#[must_use]
pub fn local(destination: &str) -> Option<&str> {
    let odd = |c: char| !c.is_ascii_graphic() || c == '\\';
    if destination.len() > LIMIT || destination.contains(odd) {
        return None;
    }
    let path = destination.split(['?', '#']).next()?;
    let mut plain = path.to_owned();
    for _ in 0..3 {
        let one_slash = plain.starts_with('/') && !plain.starts_with("//");
        if !one_slash || plain.contains('\\') || plain.contains(char::is_control) {
            return None;
        }
        plain = percent_encoding::percent_decode_str(&plain)
            .decode_utf8()
            .ok()?
            .into_owned();
    }
    // Signing out at once, or signing in again, is nobody's wish.
    let sensible = !["/user/login", "/user/logout"].contains(&path.trim_end_matches('/'));
    sensible.then_some(destination)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_this_site_are_taken() {
        for fine in [
            "/",
            "/admin/people?page=2",
            "/item/1#comments",
            "/a%20b",
            "/search?q=a%2F%5Cb",
            "/?q=//x",
        ] {
            assert_eq!(local(fine), Some(fine));
        }
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        for wrong in [
            "",
            "admin",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/%2Fevil.example",
            "/%5Cevil.example",
            "/%252Fevil.example",
            "/\t/evil.example",
            "/%09/evil.example",
            "/\n",
            "/a\0",
            "/%00",
            " /admin",
            "/ü",
            "/user/login",
            "/user/logout",
        ] {
            assert_eq!(local(wrong), None, "{wrong:?}");
        }
    }
}
