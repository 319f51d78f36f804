//! The SMTP server, as the settings describe it.

use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, Tokio1Executor};

use super::Error;
use crate::config::Mail;

/// A connection pool to an SMTP server.
pub(super) struct Smtp {
    pub(super) pool: AsyncSmtpTransport<Tokio1Executor>,
    /// Host, port and encryption, without credentials.
    pub(super) described: String,
    /// How long a whole message may take.
    pub(super) patience: Duration,
}

impl Smtp {
    pub(super) fn new(settings: &Mail) -> Result<Self, Error> {
        let setup = |problem: String| Error::Setup(problem);
        let url = settings
            .smtp_url
            .as_ref()
            .ok_or_else(|| setup("transport is `smtp`, but there is no smtp-url".to_owned()))?
            .expose();
        let parsed =
            url::Url::parse(url).map_err(|error| setup(format!("smtp-url is no address: {error}")))?;
        let encryption = encryption(&parsed)?;
        let credentials = credentials(settings, &parsed)?;
        if encryption == "no encryption" && credentials.is_some() && !is_loopback(&parsed) {
            return Err(setup(
                "smtp-url sends the password unencrypted; write smtps://… or add ?tls=required".to_owned(),
            ));
        }
        let mut bare = parsed.clone();
        // A URL with a host can have neither.
        let _ = bare.set_username("");
        let _ = bare.set_password(None);
        let timeout = Duration::from_secs(settings.timeout_s.clamp(1, 300));
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(bare.as_str())
            .map_err(|error| setup(format!("smtp-url can't be used: {error}")))?
            .timeout(Some(timeout));
        if let Some(credentials) = credentials {
            builder = builder.credentials(credentials);
        }
        let host = parsed.host_str().unwrap_or_default();
        let port = parsed.port().map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self {
            pool: builder.build(),
            described: format!("SMTP by {host}{port}, {encryption}"),
            patience: timeout * 4,
        })
    }
}

fn encryption(url: &url::Url) -> Result<&'static str, Error> {
    let tls = url.query_pairs().find(|(name, _)| name == "tls");
    match (url.scheme(), tls.as_ref().map(|(_, value)| value.as_ref())) {
        ("smtps", None) => Ok("TLS from the start"),
        ("smtp", Some("required")) => Ok("STARTTLS"),
        ("smtp", Some("opportunistic")) => Ok("STARTTLS where the server offers it"),
        ("smtp", None) => Ok("no encryption"),
        ("smtp" | "smtps", Some(_)) => Err(Error::Setup(
            "smtp-url: tls is `required` or `opportunistic`, and only after smtp://".to_owned(),
        )),
        _ => Err(Error::Setup(
            "smtp-url begins with smtps:// or smtp://".to_owned(),
        )),
    }
}

/// The user and password of the settings, else those of the URL.
fn credentials(settings: &Mail, url: &url::Url) -> Result<Option<Credentials>, Error> {
    let decoded = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8_lossy()
            .into_owned()
    };
    let user = settings.smtp_user.clone().or_else(|| {
        let user = decoded(url.username());
        (!user.is_empty()).then_some(user)
    });
    let password = match (&settings.smtp_password, &settings.smtp_password_file) {
        (Some(password), _) => Some(password.expose().to_owned()),
        (None, Some(file)) => {
            let text = std::fs::read_to_string(file)
                .map_err(|error| Error::Setup(format!("smtp-password-file {}: {error}", file.display())))?;
            Some(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        (None, None) => url.password().map(decoded),
    };
    match (user, password) {
        (Some(user), Some(password)) => Ok(Some(Credentials::new(user, password))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Error::Setup(
            "there is an smtp-user without a password".to_owned(),
        )),
        (None, Some(_)) => Err(Error::Setup(
            "there is an smtp-password without a user".to_owned(),
        )),
    }
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(url: &str) -> Result<Smtp, Error> {
        Smtp::new(&Mail {
            smtp_url: Some(url.to_owned().into()),
            ..Mail::default()
        })
    }

    #[tokio::test]
    async fn a_server_is_described_without_its_password() {
        for (url, described) in [
            (
                "smtps://u:p@mail.example.com",
                "SMTP by mail.example.com, TLS from the start",
            ),
            (
                "smtp://u:p@mail.example.com:2525?tls=required",
                "SMTP by mail.example.com:2525, STARTTLS",
            ),
            ("smtp://localhost:1025", "SMTP by localhost:1025, no encryption"),
            (
                "smtp://u:p@127.0.0.1:1025",
                "SMTP by 127.0.0.1:1025, no encryption",
            ),
        ] {
            assert_eq!(
                smtp(url)
                    .unwrap_or_else(|error| panic!("{url}: {error}"))
                    .described,
                described
            );
        }
    }

    #[tokio::test]
    async fn a_password_is_not_sent_unencrypted_and_nonsense_is_refused() {
        for (url, problem) in [
            ("smtp://u:p@mail.example.com", "unencrypted"),
            ("http://mail.example.com", "begins with"),
            ("smtp://h?tls=maybe", "tls is"),
            ("nowhere", "no address"),
            ("smtps://u@mail.example.com", "without a password"),
        ] {
            let error = smtp(url).err().unwrap_or_else(|| panic!("{url} was taken"));
            assert!(error.to_string().contains(problem), "{url}: {error}");
        }
    }
}
