//! Files that come with what is imported, each stored once.

use bytes::Bytes;

use super::{Error, Record, Records};
use crate::request::Account;
use crate::subsystems::Site;
use crate::subsystems::file::{self, File};

/// The stored file of a key and a content, if an earlier run has stored it.
pub(super) async fn stored(
    site: &Site,
    records: &Records,
    (source, key): (&str, &str),
    sha256: &str,
) -> Result<Option<File>, Error> {
    match records.find(source, key).await? {
        Some(record) if record.digest == sha256 => Ok(site.services().files.find(record.target).await?),
        _ => Ok(None),
    }
}

/// Stores a file and notes that it did; says why where the site does not take it.
pub(super) async fn store(
    site: &Site,
    records: &Records,
    (source, key): (&str, &str),
    content: Bytes,
) -> Result<Result<File, String>, Error> {
    let name = key.rsplit('/').next().unwrap_or(key);
    let stored = match site
        .services()
        .files
        .store(Account::system().id, name, content)
        .await
    {
        Ok(stored) => stored,
        Err(error @ (file::Error::Name { .. } | file::Error::TooLarge { .. })) => {
            return Ok(Err(error.to_string()));
        }
        Err(error) => return Err(error.into()),
    };
    let record = Record {
        target: stored.id,
        digest: stored.sha256.clone(),
    };
    records.finish(source, key, &record).await?;
    Ok(Ok(stored))
}
