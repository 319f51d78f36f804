//! Mail as plugins send it.

use super::{Error, Letter, Mail, Recipient};
use crate::subsystems::item::parse_id;
use crate::subsystems::{Service, View};
use crate::wit::mail::{Host, Message};
use crate::wit::types;

impl Host for View<'_, Mail> {
    async fn send_to_site(&mut self, message: Message) -> Result<(), types::Error> {
        let to = self.service().site();
        self.post(to, message).await
    }

    async fn send_to_user(&mut self, user: String, message: Message) -> Result<(), types::Error> {
        let user = parse_id(&user)?;
        let to = self.service().recipient(user).await?;
        self.post(to.ok_or(types::Error::NotFound)?, message).await
    }

    async fn send_to_address(&mut self, address: String, message: Message) -> Result<(), types::Error> {
        if !self.call.plugin.grants.mail_anyone {
            return Err(types::Error::Denied(
                "writing to any address needs `mail-anyone = true` under [grants] in plugin.toml".to_owned(),
            ));
        }
        self.post(Recipient::address(address), message).await
    }
}

impl View<'_, Mail> {
    async fn post(&mut self, to: Recipient, message: Message) -> Result<(), types::Error> {
        let letter = Letter {
            to,
            reply_to: message.reply_to,
            subject: message.subject,
            text: message.text,
            html: message.html,
        };
        let posted: Result<(), Error> = self.service().post_for(&self.call.plugin.name, letter).await;
        Ok(posted?)
    }
}
