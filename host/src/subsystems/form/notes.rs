//! Messages that wait for the next page: sealed, in a cookie that lives for a minute.

use axum::http::{HeaderMap, HeaderValue, header};

use super::Forms;
use super::binding::cookie;
use crate::request::{Message, Messages, Request};

const NAME: &str = "trovato_messages";
const PURPOSE: &str = "messages";
/// Whoever brings the cookie is shown them.
const OWNER: &[u8] = b"";
/// Bytes of the cookie: browsers take 4096 with its name and attributes (RFC 6265, 6.1).
const SIZE_LIMIT: usize = 3_500;

impl Forms {
    /// The messages that the page before has left.
    #[must_use]
    pub fn messages(&self, headers: &HeaderMap) -> Messages {
        let sealed = cookie(headers, NAME);
        let text = sealed.and_then(|sealed| self.secrets.open(PURPOSE, OWNER, sealed).ok());
        let messages: Option<Vec<Message>> = text.and_then(|text| serde_json::from_slice(&text).ok());
        Messages::left(messages.unwrap_or_default())
    }

    /// Hands messages that no page has shown to the next one, and forgets those that were.
    pub fn leave_messages(&self, request: &Request, asked: &HeaderMap, answer: &mut HeaderMap) {
        let waiting = request.messages.take();
        let had = cookie(asked, NAME).is_some();
        if waiting.is_empty() && !had {
            return;
        }
        let secure = if request.is_secure { "; Secure" } else { "" };
        let attributes = format!("Path=/; HttpOnly; SameSite=Lax{secure}");
        let line = match self.sealed(waiting) {
            Some(sealed) => format!("{NAME}={sealed}; Max-Age=60; {attributes}"),
            None => format!("{NAME}=; Max-Age=0; {attributes}"),
        };
        if let Ok(line) = HeaderValue::from_str(&line) {
            answer.append(header::SET_COOKIE, line);
        }
    }

    /// As many messages as fit.
    fn sealed(&self, mut waiting: Vec<Message>) -> Option<String> {
        while !waiting.is_empty() {
            let text = serde_json::to_vec(&waiting).ok()?;
            let sealed = self.secrets.seal(PURPOSE, OWNER, &text).ok()?;
            if sealed.len() <= SIZE_LIMIT {
                return Some(sealed);
            }
            waiting.pop();
        }
        None
    }
}
