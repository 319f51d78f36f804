//! What carries a message away.

use std::io::Write;
use std::path::{Path, PathBuf};

use lettre::address::Envelope;
use lettre::{Address, AsyncTransport};

use super::Error;
use super::queue::Parcel;
use super::smtp::Smtp;
use crate::config;

/// What carries a message away.
pub(super) enum Transport {
    /// An SMTP server.
    Smtp(Box<Smtp>),
    /// A file each, in a folder.
    File(PathBuf),
    /// The terminal.
    Console,
}

/// Why a message was not taken.
#[derive(Debug)]
pub(super) struct Failure {
    /// Whether the same message may be taken later.
    pub(super) passes: bool,
    /// Why.
    pub(super) cause: String,
}

impl Transport {
    pub(super) fn smtp(settings: &config::Mail) -> Result<Self, Error> {
        Ok(Self::Smtp(Box::new(Smtp::new(settings)?)))
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Self::Smtp(smtp) => format!("is sent over {}", smtp.described),
            Self::File(folder) => format!("is not sent but written to {}", folder.display()),
            Self::Console => "is not sent but written to the terminal".to_owned(),
        }
    }

    pub(super) async fn carry(&self, parcel: &Parcel) -> Result<(), Failure> {
        match self {
            Self::Smtp(smtp) => by_smtp(smtp, parcel).await,
            Self::File(folder) => {
                let (folder, text) = (folder.clone(), parcel.message.clone());
                // Identifiers sort in the order in which messages were written.
                let name = format!("{}.eml", parcel.id);
                let written = tokio::task::spawn_blocking(move || write(&folder, &name, &text)).await;
                written
                    .map_err(std::io::Error::other)
                    .and_then(|written| written)
                    .map_err(|error| Failure {
                        passes: true,
                        cause: error.to_string(),
                    })
            }
            Self::Console => {
                let text = String::from_utf8_lossy(&parcel.message).replace("\r\n", "\n");
                // Whoever was to read it has gone.
                let _ = writeln!(std::io::stderr(), "--- mail\n{text}\n--- end of mail");
                Ok(())
            }
        }
    }
}

async fn by_smtp(smtp: &Smtp, parcel: &Parcel) -> Result<(), Failure> {
    let envelope = envelope(parcel).map_err(|cause| Failure { passes: false, cause })?;
    match tokio::time::timeout(smtp.patience, smtp.pool.send_raw(&envelope, &parcel.message)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Failure {
            passes: !(error.is_permanent() || error.is_client()),
            cause: with_sources(&error),
        }),
        Err(_) => Err(Failure {
            passes: true,
            cause: "the server took too long".to_owned(),
        }),
    }
}

fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let cause = source.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
        next = source.source();
    }
    text
}

fn envelope(parcel: &Parcel) -> Result<Envelope, String> {
    let address = |text: &str| text.parse::<Address>().map_err(|error| error.to_string());
    Envelope::new(Some(address(&parcel.sender)?), vec![address(&parcel.recipient)?])
        .map_err(|error| error.to_string())
}

/// Messages carry secrets such as one-time links: only the site's user reads them.
fn write(folder: &Path, name: &str, text: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let making = folder.join(format!(".{name}"));
    // One that was begun by a process that is gone.
    let _ = std::fs::remove_file(&making);
    options.open(&making)?.write_all(text)?;
    std::fs::rename(making, folder.join(name))
}
