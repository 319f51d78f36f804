//! Contents in a folder, each once, under its hash. They are never changed; it must not know whose they are.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bytes::Bytes;
use opendal::services::Fs;
use opendal::{ErrorKind, FuturesBytesStream, Operator};

use super::Error;

/// Bytes that are read at a time.
const CHUNK: usize = 256 * 1024;
/// The folder, within the folder of contents, where a content is until it is whole.
const UNFINISHED: &str = "unfinished";

/// Contents in a folder, which is made when it is first used.
pub(super) struct Blobs {
    folder: PathBuf,
    operator: OnceLock<Operator>,
}

impl Blobs {
    pub(super) fn new(folder: &Path) -> Result<Self, Error> {
        let blobs = Self {
            folder: folder.to_owned(),
            operator: OnceLock::new(),
        };
        match folder.to_str() {
            Some(_) => Ok(blobs),
            None => Err(blobs.unusable("its path is not UTF-8")),
        }
    }

    /// The key of the content with a hash.
    pub(super) fn key(sha256: &str) -> String {
        let (first, second) = (
            sha256.get(..2).unwrap_or_default(),
            sha256.get(2..4).unwrap_or_default(),
        );
        format!("{first}/{second}/{sha256}")
    }

    /// Stores a content, whole or not at all. One that is there already is left as it is.
    pub(super) async fn put(&self, key: &str, content: Bytes) -> Result<(), Error> {
        let operator = self.operator()?;
        let stored = match operator.stat(key).await {
            Ok(stored) => Some(stored.content_length()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(self.fault(key, &error)),
        };
        if stored == Some(content.len() as u64) {
            return Ok(());
        }
        operator
            .write(key, content)
            .await
            .map_err(|error| self.fault(key, &error))?;
        Ok(())
    }

    /// A part of a content, read as it is asked for.
    pub(super) async fn stream(
        &self,
        key: &str,
        range: std::ops::Range<u64>,
    ) -> Result<FuturesBytesStream, Error> {
        let operator = self.operator()?;
        // A reader is lazy: without this a content that is gone would be noticed after the answer has begun.
        operator
            .stat(key)
            .await
            .map_err(|error| self.fault(key, &error))?;
        let reader = operator
            .reader_with(key)
            .chunk(CHUNK)
            .await
            .map_err(|error| self.fault(key, &error))?;
        reader
            .into_bytes_stream(range)
            .await
            .map_err(|error| self.fault(key, &error))
    }

    /// Removes a content; one that is not there is no error.
    pub(super) async fn remove(&self, key: &str) -> Result<(), Error> {
        self.operator()?
            .delete(key)
            .await
            .map_err(|error| self.fault(key, &error))
    }

    fn operator(&self) -> Result<&Operator, Error> {
        if let Some(operator) = self.operator.get() {
            return Ok(operator);
        }
        let root = self.folder.to_string_lossy();
        let unfinished = self.folder.join(UNFINISHED);
        let service = Fs::default()
            .root(&root)
            .atomic_write_dir(&unfinished.to_string_lossy());
        let operator = Operator::new(service).map_err(|error| self.fault("", &error))?;
        Ok(self.operator.get_or_init(|| operator))
    }

    fn fault(&self, key: &str, error: &opendal::Error) -> Error {
        let cause = io_cause(error);
        match (error.kind(), cause.map(std::io::Error::kind)) {
            (_, Some(std::io::ErrorKind::StorageFull)) => Error::Full {
                folder: self.folder.clone(),
            },
            (ErrorKind::NotFound, _) => Error::Lost {
                folder: self.folder.clone(),
                key: key.to_owned(),
            },
            _ => self.unusable(&cause.map_or_else(|| error.to_string(), ToString::to_string)),
        }
    }

    fn unusable(&self, reason: &str) -> Error {
        Error::Folder {
            folder: self.folder.clone(),
            reason: reason.to_owned(),
        }
    }
}

/// What the operating system said, beneath what the libraries made of it.
fn io_cause(error: &opendal::Error) -> Option<&std::io::Error> {
    let first = std::error::Error::source(error);
    std::iter::successors(first, |error| error.source()).find_map(|error| error.downcast_ref())
}
