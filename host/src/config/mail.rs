//! How mail is sent.

use std::path::PathBuf;

use serde::Deserialize;

use super::{Error, Secret, problem};

/// How mail is sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Mail {
    /// The sender: `me@example.com` or `My site <me@example.com>`. Made of the site's name and address where none is
    /// given.
    pub from: Option<String>,
    /// What carries the messages; SMTP where there is an `smtp-url`, else files.
    pub transport: Option<MailTransport>,
    /// `smtps://host` (TLS from the start, port 465), `smtp://host?tls=required` (STARTTLS, port 587),
    /// `smtp://host?tls=opportunistic`, or `smtp://host` without encryption. It may carry user and password.
    pub smtp_url: Option<Secret>,
    /// The user at the SMTP server.
    pub smtp_user: Option<String>,
    /// The password at the SMTP server.
    pub smtp_password: Option<Secret>,
    /// A file with the password at the SMTP server.
    pub smtp_password_file: Option<PathBuf>,
    /// How long the SMTP server may take for an answer, in seconds.
    pub timeout_s: u64,
    /// The pause before a message that could not be sent is tried again, in seconds; it grows with each time.
    pub retry_s: u64,
    /// How many messages leave the site in a minute, at most.
    pub per_minute: u32,
    /// How many messages a plugin may send in an hour, at most.
    pub plugin_per_hour: u32,
}

/// What carries messages.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum MailTransport {
    /// An SMTP server.
    Smtp,
    /// Files in `{data-dir}/mail`, for development.
    File,
    /// The terminal, for development.
    Console,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            from: None,
            transport: None,
            smtp_url: None,
            smtp_user: None,
            smtp_password: None,
            smtp_password_file: None,
            timeout_s: 15,
            retry_s: 5,
            per_minute: 120,
            plugin_per_hour: 100,
        }
    }
}

impl Mail {
    /// Lays variables of the environment over the file.
    pub(super) fn overlay(&mut self, set: &dyn Fn(&str) -> Option<String>) -> Result<(), Error> {
        let take = |name: &str, to: &mut Option<String>| {
            if let Some(value) = set(name) {
                *to = Some(value);
            }
        };
        take("TROVATO_MAIL_FROM", &mut self.from);
        take("TROVATO_MAIL_SMTP_USER", &mut self.smtp_user);
        if let Some(value) = set("TROVATO_MAIL_SMTP_URL") {
            self.smtp_url = Some(value.into());
        }
        if let Some(value) = set("TROVATO_MAIL_SMTP_PASSWORD") {
            self.smtp_password = Some(value.into());
        }
        if let Some(value) = set("TROVATO_MAIL_SMTP_PASSWORD_FILE") {
            self.smtp_password_file = Some(value.into());
        }
        self.transport = match set("TROVATO_MAIL_TRANSPORT").as_deref() {
            None => self.transport,
            Some("smtp") => Some(MailTransport::Smtp),
            Some("file") => Some(MailTransport::File),
            Some("console") => Some(MailTransport::Console),
            Some(other) => {
                let text = format!("'{other}' is none of smtp, file and console");
                return Err(problem("TROVATO_MAIL_TRANSPORT", text));
            }
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_how_mail_is_sent_and_its_password_is_not_shown() {
        let mut mail = Mail::default();
        let variables = |name: &str| match name {
            "TROVATO_MAIL_TRANSPORT" => Some("smtp".to_owned()),
            "TROVATO_MAIL_SMTP_URL" => Some("smtps://u:hidden-one@mail.example.com".to_owned()),
            "TROVATO_MAIL_SMTP_PASSWORD" => Some("hidden-two".to_owned()),
            _ => None,
        };
        mail.overlay(&variables).unwrap();
        assert_eq!(mail.transport, Some(MailTransport::Smtp));
        assert!(!format!("{mail:?}").contains("hidden-"));
    }

    #[test]
    fn an_unknown_transport_is_refused_by_name() {
        let wrong =
            Mail::default().overlay(&|name| (name == "TROVATO_MAIL_TRANSPORT").then(|| "pigeon".to_owned()));
        assert_eq!(
            wrong.unwrap_err().to_string(),
            "TROVATO_MAIL_TRANSPORT: 'pigeon' is none of smtp, file and console"
        );
    }
}
