//! The cookies of those who sign in: their names, how they are read, how they are set. Nobody else's page makes requests
//! in the name of who has signed in, so browsers send them along for pages of the site itself only.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};

/// A cookie of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The session of somebody who has signed in.
    Session,
    /// A browser from which somebody has signed in.
    Device,
}

impl Cookie {
    /// Over HTTPS browsers take a name that begins with `__Host-` only with `Secure`, for the whole site and from the
    /// site itself (RFC 6265bis, 4.1.3.2): no neighbour on another name of the domain can set it.
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-session",
            (Self::Session, false) => "session",
            (Self::Device, true) => "__Host-device",
            (Self::Device, false) => "device",
        }
    }

    /// What the browser sent. Of several the first is taken, as browsers send the most specific first.
    #[must_use]
    pub fn read(self, headers: &HeaderMap, secure: bool) -> Option<&str> {
        let name = self.name(secure);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
    }

    /// Sets the cookie: until the browser is closed, or for a time. The value is of letters, digits, `-` and `_`.
    #[must_use]
    pub fn set(self, value: &str, secure: bool, age: Option<Duration>) -> HeaderValue {
        let age = age
            .map(|age| format!("; Max-Age={}", age.as_secs()))
            .unwrap_or_default();
        self.header(value, secure, &age)
    }

    /// Takes the cookie away.
    #[must_use]
    pub fn clear(self, secure: bool) -> HeaderValue {
        self.header("", secure, "; Max-Age=0")
    }

    fn header(self, value: &str, secure: bool, age: &str) -> HeaderValue {
        let name = self.name(secure);
        let secure = if secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}");
        // Nothing but what is written above and the site's own secrets, all of it ASCII.
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_the_cookie_is_bound_to_the_host() {
        let set = Cookie::Session.set("abc", true, None);
        assert_eq!(
            set,
            "__Host-session=abc; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
        let set = Cookie::Session.set("abc", false, Some(Duration::from_secs(60)));
        assert_eq!(set, "session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=60");
    }

    #[test]
    fn a_cookie_is_read_among_others_and_one_of_another_scheme_is_not_taken() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; sessions=no; session=yes"),
        );
        assert_eq!(Cookie::Session.read(&headers, false), Some("yes"));
        assert_eq!(Cookie::Session.read(&headers, true), None);
    }
}
