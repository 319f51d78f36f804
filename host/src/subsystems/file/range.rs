//! Conditional and partial requests for a content that never changes (RFC 9110, 13 and 14).

use std::ops::Range;

use axum::http::{HeaderMap, header};

/// What a request wants of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// It has it already.
    Nothing,
    /// Bytes that the content doesn't have.
    Unsatisfiable,
}

/// What the headers of a request want of a content with an entity tag and a size.
///
/// A range that is malformed, of another unit, or several at once is as if it were not there, which RFC 9110, 14.2
/// allows.
pub(super) fn wanted(headers: &HeaderMap, etag: &str, size: u64) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_NONE_MATCH).is_some_and(|tags| matches(tags, etag)) {
        return Wanted::Nothing;
    }
    // A date in If-Range never matches: the tag is what a content is known by.
    if text(header::IF_RANGE).is_some_and(|tag| tag.trim() != etag) {
        return Wanted::Whole;
    }
    text(header::RANGE)
        .and_then(|range| parse(range, size))
        .unwrap_or(Wanted::Whole)
}

/// Compares weakly: a strong tag matches its weak form.
fn matches(tags: &str, etag: &str) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

fn parse(range: &str, size: u64) -> Option<Wanted> {
    let (unit, set) = range.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = set.trim().split_once('-')?;
    let part = match (number(first)?, number(last)?) {
        (Some(first), Some(last)) if first > last => return None,
        (Some(first), Some(last)) => first..last.saturating_add(1).min(size),
        (Some(first), None) => first..size,
        (None, Some(length)) => size.saturating_sub(length)..size,
        (None, None) => return None,
    };
    Some(if part.is_empty() {
        Wanted::Unsatisfiable
    } else {
        Wanted::Part(part)
    })
}

/// A number or nothing at all; none for what is neither. One beyond 64 bits is beyond every content.
fn number(text: &str) -> Option<Option<u64>> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((!text.is_empty()).then(|| text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(headers: &[(header::HeaderName, &str)]) -> Wanted {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect();
        wanted(&headers, "\"a\"", 10)
    }

    #[test]
    fn single_ranges_are_cut_to_the_content() {
        let cases = [
            ("bytes=0-3", Wanted::Part(0..4)),
            ("bytes=7-", Wanted::Part(7..10)),
            ("bytes=-4", Wanted::Part(6..10)),
            ("bytes=-40", Wanted::Part(0..10)),
            ("Bytes=5-99999999999999999999", Wanted::Part(5..10)),
            ("bytes=10-", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
        ];
        for (range, expected) in cases {
            assert_eq!(ask(&[(header::RANGE, range)]), expected, "{range}");
        }
    }

    #[test]
    fn ranges_that_are_malformed_or_several_are_ignored() {
        for range in [
            "bytes=",
            "bytes=-",
            "bytes=4-2",
            "bytes=0-1,3-4",
            "items=0-1",
            "bytes=a-b",
            "bytes=+1-2",
        ] {
            assert_eq!(ask(&[(header::RANGE, range)]), Wanted::Whole, "{range}");
        }
    }

    #[test]
    fn a_tag_that_matches_spares_the_answer_and_one_that_differs_the_range() {
        for tags in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert_eq!(ask(&[(header::IF_NONE_MATCH, tags)]), Wanted::Nothing, "{tags}");
        }
        assert_eq!(ask(&[(header::IF_NONE_MATCH, "\"b\"")]), Wanted::Whole);
        let range = (header::RANGE, "bytes=0-0");
        assert_eq!(
            ask(&[range.clone(), (header::IF_RANGE, "\"a\"")]),
            Wanted::Part(0..1)
        );
        assert_eq!(ask(&[range, (header::IF_RANGE, "\"b\"")]), Wanted::Whole);
    }

    #[test]
    fn an_empty_content_has_no_range() {
        let headers = HeaderMap::from_iter([(header::RANGE, "bytes=0-".parse().unwrap())]);
        assert_eq!(wanted(&headers, "\"a\"", 0), Wanted::Unsatisfiable);
    }
}
