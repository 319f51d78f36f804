//! A folder that is gone after the run.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("trovato-bench-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| path.display().to_string())?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that can't be removed is only left over.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
