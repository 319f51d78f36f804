//! Files on a database and a folder of their own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::TryStreamExt;

use super::*;
use crate::db::Options;
use crate::db::migrate::Migrations;
use crate::time::Timestamp;

struct Site {
    folder: PathBuf,
    files: Files,
}

impl Site {
    async fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("trovato-files-{}-{number}", std::process::id()));
        let url = format!("sqlite:{}", folder.join("test.db").display());
        let db = Db::connect(&url, &Options::default()).await.unwrap();
        let clock = Clock::fixed(Timestamp(1_700_000_000_000));
        Migrations::kernel().run(&db, clock.now()).await.unwrap();
        let files = Files::new(db, clock.clone(), Ids::new(clock), &folder.join("files")).unwrap();
        Self { folder, files }
    }

    async fn store(&self, name: &str, content: &'static str) -> Result<File, Error> {
        self.files
            .store(Uuid::nil(), name, Bytes::from_static(content.as_bytes()))
            .await
    }

    async fn read(&self, file: &File, range: Range<u64>) -> Result<Vec<u8>, Error> {
        let parts: Vec<Bytes> = self.files.read(file, range).await?.try_collect().await.unwrap();
        Ok(parts.concat())
    }

    fn blob(&self, file: &File) -> PathBuf {
        self.folder.join("files").join(Blobs::key(&file.sha256))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_stored_whole_and_in_parts() {
    let site = Site::new().await;
    let stored = site.store("a b.txt", "content").await.unwrap();
    let found = site.files.find(stored.id).await.unwrap().unwrap();
    assert_eq!(found, stored);
    assert_eq!((found.mime.as_str(), found.size), ("text/plain", 7));
    assert_eq!(found.url(), format!("/files/{}/a%20b.txt", found.id));
    assert_eq!(site.read(&found, 0..7).await.unwrap(), b"content");
    assert_eq!(site.read(&found, 3..5).await.unwrap(), b"te");
}

#[tokio::test]
async fn equal_contents_are_kept_once_until_the_last_file_goes() {
    let site = Site::new().await;
    let first = site.store("a.txt", "same").await.unwrap();
    let second = site.store("b.txt", "same").await.unwrap();
    assert_ne!(first.id, second.id);
    site.files.delete(first.id).await.unwrap();
    assert_eq!(site.files.find(first.id).await.unwrap(), None);
    assert_eq!(site.read(&second, 0..4).await.unwrap(), b"same");
    site.files.delete(second.id).await.unwrap();
    assert!(!site.blob(&second).exists());
    assert!(matches!(site.files.delete(second.id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_content_that_was_cut_short_is_stored_anew_and_one_that_is_gone_is_named() {
    let site = Site::new().await;
    let file = site.store("a.txt", "content").await.unwrap();
    std::fs::write(site.blob(&file), "con").unwrap();
    site.store("a.txt", "content").await.unwrap();
    assert_eq!(site.read(&file, 0..7).await.unwrap(), b"content");
    std::fs::remove_file(site.blob(&file)).unwrap();
    let lost = site.files.read(&file, 0..7).await.map(drop).unwrap_err();
    assert!(matches!(lost, Error::Lost { .. }), "{lost}");
}

#[tokio::test]
async fn what_is_too_large_or_badly_named_leaves_nothing_behind() {
    let site = Site::new().await;
    let large = Bytes::from(vec![b'x'; usize::try_from(SIZE_LIMIT).unwrap() + 1]);
    let refused = site.files.store(Uuid::nil(), "a.txt", large).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the file has 10485761 bytes, at most 10485760 are allowed"
    );
    assert!(matches!(
        site.store("../a.txt", "x").await,
        Err(Error::Name { .. })
    ));
    assert!(!site.folder.join("files").exists());
}

#[tokio::test]
async fn a_folder_that_can_not_be_made_is_named_when_a_file_is_stored() {
    let site = Site::new().await;
    std::fs::write(site.folder.join("files"), "in the way").unwrap();
    let error = site.store("a.txt", "x").await.unwrap_err();
    let expected = format!(
        "the files folder {} can't be used: ",
        site.folder.join("files").display()
    );
    assert!(error.to_string().starts_with(&expected), "{error}");
}
