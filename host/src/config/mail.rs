//! How mail is sent.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Secret;

/// How mail is sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
    /// A file with the URL of the SMTP server.
    pub smtp_url_file: Option<PathBuf>,
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
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
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
            smtp_url_file: None,
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Error, source};

    fn with(variables: &[(&str, &str)]) -> Result<Mail, Error> {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let loaded = source::load(Path::new("there-is-no-such-file.toml"), &variables.collect())?;
        Ok(loaded.config.mail)
    }

    #[test]
    fn the_environment_says_how_mail_is_sent_and_its_password_is_not_shown() {
        let mail = with(&[
            ("TROVATO_MAIL_TRANSPORT", "smtp"),
            ("TROVATO_MAIL_SMTP_URL", "smtps://u:hidden-one@mail.example.com"),
            ("TROVATO_MAIL_SMTP_PASSWORD", "hidden-two"),
        ])
        .unwrap();
        assert_eq!(mail.transport, Some(MailTransport::Smtp));
        assert!(!format!("{mail:?}").contains("hidden-"));
    }

    #[test]
    fn an_unknown_transport_is_refused_by_name() {
        let wrong = with(&[("TROVATO_MAIL_TRANSPORT", "pigeon")])
            .unwrap_err()
            .to_string();
        assert!(
            wrong.starts_with("TROVATO_MAIL_TRANSPORT: unknown variant `pigeon`"),
            "{wrong}"
        );
    }
}
