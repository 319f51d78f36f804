//! What a request was answered with.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::Value as Json;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Self {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// A header as text; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What a `meta` element of the page says.
    #[must_use]
    pub fn meta(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.text.split_once(&format!("=\"{name}\" content=\""))?;
        rest.split('"').next()
    }

    /// The structured data of the page (JSON-LD).
    #[must_use]
    pub fn structured_data(&self) -> Vec<Json> {
        let parts = self.text.split("<script type=\"application/ld+json\"").skip(1);
        let json = parts.map(|part| part.split_once('>').unwrap().1.split("</script>").next().unwrap());
        json.map(|json| serde_json::from_str(json).unwrap()).collect()
    }

    /// Whether the body has the text.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}
