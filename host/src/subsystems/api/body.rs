//! Bodies of requests: JSON objects, read strictly. What is too large, too deep or says something twice is refused
//! before anything is done with it.

use std::fmt;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use crate::web::{Error, Problem};

/// Bytes of a body.
pub const LIMIT: usize = 4 << 20;
/// How deep values may lie in one another.
const DEPTH: u32 = 48;

/// The media type of JSON (RFC 8259).
pub const JSON: &str = "application/json";
/// The media type of a merge patch (RFC 7396).
pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// RFC 5789, 3.1.
pub const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

/// Reads the object that a request carries as one of these media types.
///
/// # Errors
/// 415 for another media type or a compressed body, 413 for one that is too large, 400 for what is no JSON object.
pub async fn read(request: Request, kinds: &[&'static str]) -> Result<Map<String, Json>, Error> {
    check_kind(request.headers(), kinds)?;
    let bytes = Bytes::from_request(request, &()).await.map_err(|refused| {
        if refused.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let detail = format!("A body has at most {} MiB.", LIMIT >> 20);
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail).into()
        } else {
            Error::Bad("The body could not be read to its end.".to_owned())
        }
    })?;
    match parse(&bytes) {
        Ok(Json::Object(object)) => Ok(object),
        Ok(_) => Err(Error::Bad("The body has to be a JSON object.".to_owned())),
        Err(error) => Err(Error::Bad(format!("The body is no valid JSON: {error}."))),
    }
}

fn check_kind(headers: &HeaderMap, kinds: &[&'static str]) -> Result<(), Error> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = text(header::CONTENT_TYPE)
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default()
        .trim();
    let is_plain =
        text(header::CONTENT_ENCODING).is_none_or(|coding| coding.eq_ignore_ascii_case("identity"));
    if is_plain && kinds.iter().any(|known| known.eq_ignore_ascii_case(kind)) {
        return Ok(());
    }
    let accepted = kinds.join(", ");
    let detail = if is_plain {
        format!("The body has to be of the media type {accepted}.")
    } else {
        "The body must not be compressed.".to_owned()
    };
    let mut problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail);
    if let Ok(accepted) = HeaderValue::from_str(&accepted) {
        let name = if kinds.contains(&MERGE_PATCH) {
            ACCEPT_PATCH
        } else {
            header::ACCEPT
        };
        problem = problem.header(name, accepted);
    }
    Err(problem.into())
}

/// Parses JSON in which no object has two members of one name (RFC 8259, 4: what they mean is anybody's guess).
fn parse(bytes: &[u8]) -> serde_json::Result<Json> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Strict {
    depth: u32,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= DEPTH {
            return Err(E::custom(format_args!(
                "values lie more than {DEPTH} deep in one another"
            )));
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Json;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let deeper = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = access.next_element_seed(deeper)? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let deeper = self.deeper()?;
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(deeper)?;
            if members.contains_key(&name) {
                return Err(A::Error::custom(format_args!(
                    "the member '{name}' is there twice"
                )));
            }
            members.insert(name, value);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_said_twice_or_lies_too_deep_is_refused() {
        assert_eq!(
            parse(br#"{"a": [1, 2.5, null, true, "x"]}"#).unwrap(),
            json!({ "a": [1, 2.5, null, true, "x"] })
        );
        let deep = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(deep(48).as_bytes()).is_ok());
        for wrong in [
            r#"{"a":1,"a":2}"#,
            &deep(49),
            &deep(100_000),
            "{",
            "[1e999]",
            "1 2",
            "\"\\ud800\"",
            "\u{0}",
        ] {
            assert!(
                parse(wrong.as_bytes()).is_err(),
                "{}",
                wrong.chars().take(20).collect::<String>()
            );
        }
    }
}
