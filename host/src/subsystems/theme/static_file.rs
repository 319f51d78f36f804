//! A file that browsers load.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::Error;
use super::source::File;

/// A file that a browser may load.
#[derive(Debug, Clone)]
pub struct StaticFile {
    file: File,
    /// Its media type, such as `text/css; charset=utf-8`.
    pub mime: String,
    /// A digest of its content, for the address and the `ETag`.
    pub hash: String,
}

impl StaticFile {
    /// A file whose name ends like that of the path.
    pub(super) fn new(file: File, path: &str, content: &[u8]) -> Self {
        Self {
            file,
            mime: mime(path),
            hash: digest(content),
        }
    }

    /// The content. Reads the disk if the theme is the site's own.
    ///
    /// # Errors
    /// [`Error::Unreadable`].
    pub fn read(&self) -> Result<Bytes, Error> {
        self.file.read()
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
