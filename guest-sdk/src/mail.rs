//! Mail: messages to the site, to people who have an account, and to anybody where the manifest asks for it.

use crate::error::Result;
use crate::wit::mail;

/// A message in the making.
///
/// ```no_run
/// # use trovato_sdk::prelude::*;
/// # fn send(user: &str) -> Result<()> {
/// mail::message("Your order", "It is on its way.").reply_to("shop@example.com").send_to_user(user)
/// # }
/// ```
#[must_use = "a message is sent by one of the `send` functions"]
#[derive(Clone, Debug, PartialEq)]
pub struct Message(mail::Message);

/// A message with its subject, which is one line, and its plain text.
pub fn message(subject: impl Into<String>, text: impl Into<String>) -> Message {
    Message(mail::Message {
        subject: subject.into(),
        text: text.into(),
        html: None,
        reply_to: None,
    })
}

impl Message {
    /// Adds the same text as HTML.
    pub fn html(mut self, html: impl Into<String>) -> Self {
        self.0.html = Some(html.into());
        self
    }

    /// Sends answers elsewhere than to the site.
    pub fn reply_to(mut self, address: impl Into<String>) -> Self {
        self.0.reply_to = Some(address.into());
        self
    }

    /// Sends it to the site's own address.
    pub fn send_to_site(&self) -> Result<()> {
        Ok(mail::send_to_site(&self.0)?)
    }

    /// Sends it to somebody who has an account.
    pub fn send_to_user(&self, user: &str) -> Result<()> {
        Ok(mail::send_to_user(user, &self.0)?)
    }

    /// Sends it to any address, where the manifest asks for `mail-anyone`.
    pub fn send_to(&self, address: &str) -> Result<()> {
        Ok(mail::send_to_address(address, &self.0)?)
    }
}
