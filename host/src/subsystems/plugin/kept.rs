//! Copies of the plugins that were enabled: what runs does not change under the feet of the site when a file in
//! the plugins' folder does, and an older version can come back.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Error, Package};

/// How long a copy stays that nobody knows of.
const FRESH: Duration = Duration::from_secs(3600);

/// The folder of copies.
#[derive(Debug)]
pub struct Kept {
    folder: PathBuf,
}

impl Kept {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, name: &str, digest: &str) -> PathBuf {
        self.folder.join(name).join(digest)
    }

    /// The copy of a digest.
    ///
    /// # Errors
    /// There is none, or it is damaged.
    pub fn find(&self, name: &str, digest: &str) -> Result<Package, Error> {
        let folder = self.path(name, digest);
        let package = Package::read(&folder)?;
        if package.digest()? == digest {
            return Ok(package);
        }
        // Out of the way, so that a sound copy can take its place.
        let _ = fs::remove_dir_all(&folder);
        let source = io::Error::new(io::ErrorKind::InvalidData, "the copy of the plugin is damaged");
        Err(Error::File { path: folder, source })
    }

    /// Copies a package. One that is kept already is left as it is.
    pub(super) fn keep(&self, package: &Package, digest: &str) -> Result<(), Error> {
        let target = self.path(&package.manifest.name, digest);
        if target.join("plugin.toml").is_file() {
            return Ok(());
        }
        let component = package.component()?;
        write(&target, package, &component).map_err(|source| Error::File {
            path: target.clone(),
            source,
        })
    }

    /// The digests of all copies of a plugin.
    pub(super) fn digests(&self, name: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.join(name)).into_iter().flatten();
        let mut digests: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        digests.sort_unstable();
        digests
    }

    /// Removes the copies of a plugin that are not among `wanted` and were there an hour ago: a younger one may be that
    /// of a version which another process is about to put to work.
    pub(super) fn prune(&self, name: &str, wanted: &[String]) {
        for digest in self.digests(name) {
            let path = self.path(name, &digest);
            let age = fs::metadata(&path)
                .and_then(|found| found.modified())
                .ok()
                .and_then(|changed| changed.elapsed().ok());
            if !wanted.contains(&digest) && age.is_some_and(|age| age >= FRESH) {
                let _ = fs::remove_dir_all(path);
            }
        }
    }

    /// Removes all copies of a plugin.
    pub(super) fn forget(&self, name: &str) {
        let _ = fs::remove_dir_all(self.folder.join(name));
    }
}

/// Everything but the manifest first: a copy with a manifest is complete.
fn write(target: &Path, package: &Package, component: &[u8]) -> io::Result<()> {
    fs::create_dir_all(target.join("templates"))?;
    fs::write(target.join(format!("{}.wasm", package.manifest.name)), component)?;
    for (name, text) in &package.templates {
        fs::write(target.join("templates").join(name), text)?;
    }
    for asset in &package.assets {
        let path = target.join(&asset.file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, &asset.bytes)?;
    }
    // Also those that are empty, which the manifest names all the same.
    for route in &package.manifest.routes {
        fs::create_dir_all(target.join(&route.files))?;
    }
    let temporary = target.join("plugin.toml.tmp");
    fs::write(&temporary, &package.manifest_text)?;
    fs::rename(temporary, target.join("plugin.toml"))
}
