//! The way from one path to another.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use percent_encoding::{AsciiSet, CONTROLS};

use crate::subsystems::menu::PATH;

/// What a query carries only when escaped (RFC 3986, 3.4); what is escaped already stays as it is.
const QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\'');

/// Leads on to a path of this site for good, with the query that was asked.
#[must_use]
pub fn redirect(path: &str, query: Option<&str>) -> Response {
    // What begins with two slashes, or with one and a backslash, would lead to another host.
    let path = format!("/{}", path.trim_start_matches(['/', '\\']));
    let mut target = percent_encoding::utf8_percent_encode(&path, PATH).to_string();
    if let Some(query) = query {
        target.push('?');
        target.push_str(query);
    }
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response()
}

/// Leads on to where a redirect says, which may have a query of its own; the query that was asked is kept.
#[must_use]
pub fn lead(to: &str, query: Option<&str>) -> Response {
    let (rest, fragment) = to
        .split_once('#')
        .map_or((to, None), |(rest, fragment)| (rest, Some(fragment)));
    let (path, own) = rest
        .split_once('?')
        .map_or((rest, None), |(path, own)| (path, Some(own)));
    let own = own.map(|own| percent_encoding::utf8_percent_encode(own, QUERY).to_string());
    let query = match (own, query) {
        (Some(own), Some(asked)) => Some(format!("{own}&{asked}")),
        (own, asked) => own.or_else(|| asked.map(str::to_owned)),
    };
    let mut answer = redirect(path, query.as_deref());
    let whole = fragment.and_then(|fragment| {
        let location = answer.headers().get(header::LOCATION)?.to_str().ok()?;
        let fragment = percent_encoding::utf8_percent_encode(fragment, QUERY);
        HeaderValue::try_from(format!("{location}#{fragment}")).ok()
    });
    if let Some(whole) = whole {
        answer.headers_mut().insert(header::LOCATION, whole);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(path: &str, query: Option<&str>) -> String {
        let answer = redirect(path, query);
        answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
    }

    #[test]
    fn a_redirect_stays_on_this_host() {
        for path in [
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "evil.example",
        ] {
            assert_eq!(location(path, None), "/evil.example", "{path}");
        }
        assert_eq!(location("/a\\b", None), "/a%5Cb");
    }

    #[test]
    fn a_redirect_keeps_the_query_and_escapes_the_path() {
        assert_eq!(location("/größe?", Some("page=1")), "/gr%C3%B6%C3%9Fe%3F?page=1");
    }

    #[test]
    fn a_redirect_with_a_query_of_its_own_keeps_both() {
        let location = |to: &str, query| {
            let answer = lead(to, query);
            answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
        };
        assert_eq!(location("/a?b=1", None), "/a?b=1");
        assert_eq!(location("/a?b=1#c", Some("d=2")), "/a?b=1&d=2#c");
        assert_eq!(location("/ä#ü", Some("d=2")), "/%C3%A4?d=2#%C3%BC");
        assert_eq!(location("//evil.example?x", None), "/evil.example?x");
    }
}
