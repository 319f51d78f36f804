//! The way from one path to another.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::subsystems::menu::PATH;

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
}
