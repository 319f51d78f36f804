//! Whether a client has an answer already (RFC 9110, 13).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::fmt::rfc2822::DateTimePrinter;
use sha2::{Digest, Sha256};

use crate::time::Timestamp;

/// Hexadecimal pairs of a tag: enough to tell versions of one answer apart.
const TAG: usize = 10;

/// What tells one version of an answer from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validators {
    tag: String,
    modified: Option<String>,
}

impl Validators {
    /// Those of a body, and of the moment when what it shows has last changed.
    #[must_use]
    pub fn of(body: &str, modified: Option<Timestamp>) -> Self {
        let digest = Sha256::digest(body.as_bytes());
        let digits: String = digest
            .iter()
            .take(TAG)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            tag: format!("\"{digits}\""),
            modified: modified.and_then(http_date),
        }
    }

    /// Whether the client has this version. A date tells too little to be asked about: what is taken away leaves the
    /// newest date as it was, and two changes can have the same one (13.1.3 lets it be passed over).
    #[must_use]
    pub fn are_known(&self, asked: &HeaderMap) -> bool {
        asked
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.tag)
    }

    /// The answer with its validators; without its body for a client that has it.
    #[must_use]
    pub fn answer(&self, asked: &HeaderMap, body: impl FnOnce() -> Response) -> Response {
        let mut answer = if self.are_known(asked) {
            let mut answer = body();
            *answer.body_mut() = Body::empty();
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            answer.headers_mut().remove(header::CONTENT_TYPE);
            answer.headers_mut().remove(header::CONTENT_LENGTH);
            answer
        } else {
            body()
        };
        let fields = [
            (header::ETAG, Some(&self.tag)),
            (header::LAST_MODIFIED, self.modified.as_ref()),
        ];
        for (name, value) in fields {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
                answer.headers_mut().insert(name, value);
            }
        }
        answer
    }
}

/// A moment as HTTP has it (RFC 9110, 5.6.7), which RSS takes as well; none outside of the years that it can name.
#[must_use]
pub fn http_date(moment: Timestamp) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).ok()?;
    DateTimePrinter::new().timestamp_to_rfc9110_string(&moment).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_names_the_tag_has_the_answer_and_one_that_names_a_date_may_not() {
        let validators = Validators::of("body", Some(Timestamp(1_700_000_000_000)));
        let date = "Tue, 14 Nov 2023 22:13:20 GMT";
        assert_eq!(validators.modified.as_deref(), Some(date));
        let lines = format!("\"other\", W/{}", validators.tag);
        let named = |name, line: &str| HeaderMap::from_iter([(name, HeaderValue::from_str(line).unwrap())]);
        for (name, line, known) in [
            (header::IF_NONE_MATCH, lines.as_str(), true),
            (header::IF_NONE_MATCH, "*", true),
            (header::IF_NONE_MATCH, "\"other\"", false),
            (header::IF_MODIFIED_SINCE, date, false),
        ] {
            assert_eq!(validators.are_known(&named(name, line)), known, "{line}");
        }
        assert!(!validators.are_known(&HeaderMap::new()));
    }
}
