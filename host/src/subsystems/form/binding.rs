//! The cookie that names the browser of somebody who is not signed in. It is set when a form is shown.

use axum::http::{HeaderMap, HeaderValue, header};

use super::Forms;
use crate::request::{Binding, Request};

/// Browsers take cookies of this prefix from the site's own host and over TLS only (RFC 6265bis, 4.1.3).
const SECURE_NAME: &str = "__Host-trovato_browser";
const PLAIN_NAME: &str = "trovato_browser";
/// Characters of a key.
const KEY: std::ops::RangeInclusive<usize> = 16..=64;

impl Forms {
    /// What the browser has brought along.
    #[must_use]
    pub fn binding(&self, headers: &HeaderMap, is_secure: bool) -> Binding {
        let name = if is_secure { SECURE_NAME } else { PLAIN_NAME };
        let known = cookie(headers, name).filter(|key| {
            KEY.contains(&key.len())
                && key
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        });
        known.map_or_else(Binding::default, |key| Binding::known(key.to_owned()))
    }

    /// Tells the browser its key, where a form has made one.
    pub fn tell_binding(&self, request: &Request, headers: &mut HeaderMap) {
        let Some(key) = request.binding.fresh() else {
            return;
        };
        let cookie = if request.is_secure {
            format!("{SECURE_NAME}={key}; Path=/; Secure; HttpOnly; SameSite=Lax")
        } else {
            format!("{PLAIN_NAME}={key}; Path=/; HttpOnly; SameSite=Lax")
        };
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
}

/// The value of a cookie (RFC 6265, 4.2).
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}
