//! A file that browsers load: as it is, and packed.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::Error;
use super::source::File;

/// How hard is tried to make a file smaller, of 9: it is done once.
const EFFORT: Compression = Compression::best();

/// A file that a browser may load.
#[derive(Debug, Clone)]
pub struct StaticFile {
    file: File,
    /// Its media type, such as `text/css; charset=utf-8`.
    pub mime: String,
    /// A digest of its content, for the address and the `ETag`.
    pub hash: String,
    packed: Arc<OnceLock<Option<Bytes>>>,
}

impl StaticFile {
    /// A file whose name ends like that of the path.
    pub(super) fn new(file: File, path: &str, content: &[u8]) -> Self {
        Self {
            file,
            mime: mime(path),
            hash: digest(content),
            packed: Arc::default(),
        }
    }

    /// The content. Reads the disk if the theme is the site's own.
    ///
    /// # Errors
    /// [`Error::Unreadable`].
    pub fn read(&self) -> Result<Bytes, Error> {
        self.file.read()
    }

    /// The content as gzip (RFC 1952), which is made when it is wanted first; none for what is no text.
    #[must_use]
    pub fn packed(&self) -> Option<Bytes> {
        self.packed.get_or_init(|| self.pack()).clone()
    }

    fn pack(&self) -> Option<Bytes> {
        if !self.mime.ends_with("charset=utf-8") {
            return None;
        }
        let content = self.read().ok()?;
        let mut packer = GzEncoder::new(Vec::new(), EFFORT);
        packer.write_all(&content).ok()?;
        let packed = packer.finish().ok()?;
        (packed.len() < content.len()).then(|| packed.into())
    }
}

fn mime(path: &str) -> String {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = mime.type_() == "text"
        || matches!(
            mime.subtype().as_str(),
            "javascript" | "json" | "svg" | "svg+xml" | "xml"
        );
    if is_text {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_string()
    }
}

/// The first 64 bits of the SHA-256 in hexadecimal: enough to tell versions of a file apart.
fn digest(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
