//! A file that came with a form: in a temporary place until the handler has done something with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Characters of a file's name.
const NAME_LIMIT: usize = 200;

/// An uploaded file.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name, without folders and characters that no name needs.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// The media type that the browser claims. It proves nothing.
    pub claimed_type: String,
    file: Arc<Temporary>,
}

/// Two uploads are the same if they are the same file.
impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.file, &other.file)
    }
}

/// A file that goes when nobody holds it any more, unless it is kept for when the form comes back.
#[derive(Debug)]
struct Temporary {
    path: PathBuf,
    is_kept: AtomicBool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !*self.is_kept.get_mut() {
            // What can't be removed now is swept away later.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Upload {
    /// Where its content is, as long as the upload is held.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// A file that was kept before; it stays until it is [released](Upload::release).
    pub(super) fn kept(
        folder: &Path,
        id: uuid::Uuid,
        name: String,
        size: u64,
        claimed_type: String,
    ) -> Option<Self> {
        let path = folder.join(id.simple().to_string());
        path.is_file().then(|| Self {
            name,
            size,
            claimed_type,
            file: Arc::new(Temporary {
                path,
                is_kept: AtomicBool::new(true),
            }),
        })
    }

    /// The identifier that names its file.
    pub(super) fn id(&self) -> Option<uuid::Uuid> {
        uuid::Uuid::parse_str(self.path().file_name()?.to_str()?).ok()
    }

    pub(super) fn is_kept(&self) -> bool {
        self.file.is_kept.load(Ordering::Relaxed)
    }

    /// Leaves the file where it is when nobody holds it any more.
    pub(super) fn keep(&self) {
        self.file.is_kept.store(true, Ordering::Relaxed);
    }

    /// Lets the file go when nobody holds it any more.
    pub(super) fn release(&self) {
        self.file.is_kept.store(false, Ordering::Relaxed);
    }

    /// The whole content.
    ///
    /// # Errors
    /// The file can't be read.
    pub async fn read(&self) -> std::io::Result<bytes::Bytes> {
        tokio::fs::read(self.path()).await.map(bytes::Bytes::from)
    }
}

/// A file that is being written.
pub struct Writing {
    file: tokio::io::BufWriter<tokio::fs::File>,
    kept: Temporary,
    size: u64,
}

impl Writing {
    /// Begins a file in a folder, which is made if need be.
    pub async fn begin(folder: &Path, id: uuid::Uuid) -> std::io::Result<Self> {
        tokio::fs::create_dir_all(folder).await?;
        let path = folder.join(id.simple().to_string());
        let file = tokio::fs::File::create_new(&path).await?;
        Ok(Self {
            file: tokio::io::BufWriter::new(file),
            kept: Temporary {
                path,
                is_kept: AtomicBool::new(false),
            },
            size: 0,
        })
    }

    /// Adds bytes and says how many there are now.
    pub async fn add(&mut self, bytes: &[u8]) -> std::io::Result<u64> {
        self.file.write_all(bytes).await?;
        self.size += bytes.len() as u64;
        Ok(self.size)
    }

    /// Ends it.
    pub async fn finish(mut self, name: &str, claimed_type: &str) -> std::io::Result<Upload> {
        self.file.flush().await?;
        std::future::poll_fn(|context| std::pin::Pin::new(&mut self.file).poll_shutdown(context)).await?;
        Ok(Upload {
            name: clean_name(name),
            size: self.size,
            claimed_type: claimed_type.to_owned(),
            file: Arc::new(self.kept),
        })
    }
}

/// A name without folders, control characters, and what file systems and headers stumble over.
fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .map(|char| match char {
            char if char.is_control() => '_',
            '"' | '<' | '>' | '|' | ':' | '*' | '?' => '_',
            char => char,
        })
        .take(NAME_LIMIT)
        .collect();
    let clean = clean.trim().trim_start_matches('.');
    if clean.is_empty() {
        "file".to_owned()
    } else {
        clean.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn a_file_s_name_has_no_folders_and_nothing_that_hurts() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\Ada\\photo.jpg", "photo.jpg"),
            ("a\"b\r\nc.txt", "a_b__c.txt"),
            (".htaccess", "htaccess"),
            ("", "file"),
            ("..", "file"),
        ] {
            assert_eq!(clean_name(sent), kept, "{sent:?}");
        }
    }
}
