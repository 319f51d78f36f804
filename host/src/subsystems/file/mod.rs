//! Files: contents that people and imports bring along, stored once and served under names.
//!
//! A content is immutable and known by its SHA-256; the database says who has it and what it is called. It must
//! not know what files are used for.

mod blobs;
mod error;
mod model;
mod range;
mod routes;
mod sniff;
mod store;

use std::ops::Range;
use std::path::Path;

use bytes::Bytes;
use opendal::FuturesBytesStream;
use sha2::{Digest, Sha256};
use tokio::sync::RwLock;
use uuid::Uuid;

use super::{Site, Subsystem};
use crate::db::Db;
use crate::time::{Clock, Ids};
use blobs::Blobs;

pub use error::Error;
pub use model::File;

/// Bytes that a file may have.
pub const SIZE_LIMIT: u64 = 10 << 20;

/// The files of the site.
pub struct Files {
    db: Db,
    clock: Clock,
    ids: Ids,
    blobs: Blobs,
    /// Held for reading while a file is stored and for writing while a content is removed: a content must not go
    /// between being found in place and being referred to.
    removal: RwLock<()>,
}

impl Files {
    /// Files whose contents are in `folder`, which is made when it is first used.
    ///
    /// # Errors
    /// [`Error::Folder`] if its path is not UTF-8.
    pub fn new(db: Db, clock: Clock, ids: Ids, folder: &Path) -> Result<Self, Error> {
        Ok(Self {
            db,
            clock,
            ids,
            blobs: Blobs::new(folder)?,
            removal: RwLock::new(()),
        })
    }

    /// Stores a file. Its type is that of its content; equal contents take space once.
    ///
    /// # Errors
    /// [`Error::Name`] and [`Error::TooLarge`] for what is not taken; [`Error::Folder`] and [`Error::Full`] where it
    /// can't be written; [`Error::Db`].
    #[tracing::instrument(name = "file.store", level = "debug", skip_all, fields(file.size = content.len()))]
    pub async fn store(&self, owner: Uuid, name: &str, content: Bytes) -> Result<File, Error> {
        model::check_name(name)?;
        let size = content.len() as u64;
        if size > SIZE_LIMIT {
            return Err(Error::TooLarge {
                size,
                limit: SIZE_LIMIT,
            });
        }
        let sha256 = sha256(&content);
        let file = File {
            id: self.ids.next(),
            name: name.to_owned(),
            mime: sniff::media_type(&content).to_owned(),
            size,
            blob_key: Blobs::key(&sha256),
            sha256,
            created: self.clock.now(),
        };
        let _kept = self.removal.read().await;
        self.blobs.put(&file.blob_key, content).await?;
        store::insert(&self.db, &file, owner).await?;
        Ok(file)
    }

    /// The file of an identifier.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn find(&self, id: Uuid) -> Result<Option<File>, Error> {
        Ok(store::load(&self.db, id).await?)
    }

    /// The files of several identifiers, by one query; those that don't exist are left out.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn find_many(&self, ids: &[Uuid]) -> Result<Vec<File>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        Ok(store::load_many(&self.db, ids).await?)
    }

    /// Bytes of a file, read as they are asked for: at most a few hundred KiB are in memory.
    ///
    /// # Errors
    /// [`Error::Lost`] if the content is gone; [`Error::Folder`].
    pub async fn read(&self, file: &File, range: Range<u64>) -> Result<FuturesBytesStream, Error> {
        self.blobs.stream(&file.blob_key, range).await
    }

    /// Deletes a file, and its content when no other file has the same.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Folder`] if the content can't be removed: then the file is gone all the same.
    #[tracing::instrument(name = "file.delete", level = "debug", skip_all, fields(file.id = %id))]
    pub async fn delete(&self, id: Uuid) -> Result<(), Error> {
        let file = self.find(id).await?.ok_or(Error::NotFound)?;
        let _alone = self.removal.write().await;
        let shared = store::delete(&self.db, &file).await?;
        if shared {
            Ok(())
        } else {
            self.blobs.remove(&file.blob_key).await
        }
    }
}

/// Files by their identifiers.
#[must_use]
pub fn by_id(files: Vec<File>) -> std::collections::BTreeMap<Uuid, File> {
    files.into_iter().map(|file| (file.id, file)).collect()
}

/// The SHA-256 of a content, in lower-case hexadecimal.
#[must_use]
pub fn sha256(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Subsystem for Files {
    fn routes() -> axum::Router<Site> {
        routes::routes()
    }
}

#[cfg(test)]
mod tests;
