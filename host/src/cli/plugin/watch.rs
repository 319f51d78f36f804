//! Notices when the source of a plugin has changed.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{Error, Result};

/// An editor or a checkout that writes many files is done when it has been quiet for so long.
const QUIET: Duration = Duration::from_millis(120);

/// Watches a plugin's folder.
pub struct Watch {
    folder: PathBuf,
    watcher: RecommendedWatcher,
    changes: UnboundedReceiver<PathBuf>,
}

impl Watch {
    /// Begins to watch a folder.
    ///
    /// # Errors
    /// The machine can't watch it.
    pub fn start(folder: &Path) -> Result<Self> {
        let folder = std::fs::canonicalize(folder).map_err(Error::set_up)?;
        let (sender, changes) = unbounded_channel();
        let root = folder.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            for path in event
                .into_iter()
                .filter(|event| !matches!(event.kind, EventKind::Access(_)))
                .flat_map(|event| event.paths)
            {
                if path.strip_prefix(&root).is_ok_and(is_source) {
                    // Nobody listens any more when the program ends.
                    let _ = sender.send(path);
                }
            }
        });
        let mut watch = Self {
            watcher: watcher.map_err(unwatchable)?,
            folder,
            changes,
        };
        watch
            .watcher
            .watch(&watch.folder, RecursiveMode::NonRecursive)
            .map_err(unwatchable)?;
        let folders = std::fs::read_dir(&watch.folder).map_err(Error::set_up)?;
        for path in folders.filter_map(|entry| entry.ok()).map(|entry| entry.path()) {
            watch.add(&path);
        }
        Ok(watch)
    }

    /// Waits for the next change, and until no more follow.
    pub async fn changed(&mut self) {
        let Some(path) = self.changes.recv().await else {
            return std::future::pending().await;
        };
        self.add(&path);
        while let Ok(Some(path)) = tokio::time::timeout(QUIET, self.changes.recv()).await {
            self.add(&path);
        }
    }

    /// Watches a folder right below the plugin's, such as `src`. The compiler's is left out: it has more files than a
    /// machine likes to watch.
    fn add(&mut self, path: &Path) {
        let is_child = path.parent() == Some(&self.folder);
        if is_child && path.is_dir() && path.strip_prefix(&self.folder).is_ok_and(is_source) {
            // A folder that has gone again is no loss.
            let _ = self.watcher.watch(path, RecursiveMode::Recursive);
        }
    }
}

/// Whether a path below the plugin's folder is something that a build reads: not what it writes, and not what
/// editors keep beside.
fn is_source(path: &Path) -> bool {
    let hidden = |part: &OsStr| part.to_string_lossy().starts_with('.');
    let mut parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part),
        _ => None,
    });
    let written = path.starts_with("target")
        || path == Path::new("Cargo.lock")
        || path.extension().is_some_and(|extension| extension == "wasm");
    let editors = path.to_string_lossy().ends_with('~');
    !written && !editors && !parts.any(hidden)
}

fn unwatchable(error: notify::Error) -> Error {
    Error::set_up(format!("the folder can't be watched: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_build_reads_is_a_source() {
        for source in [
            "src/lib.rs",
            "plugin.toml",
            "templates/line.html",
            "Cargo.toml",
            "src/target/x.rs",
        ] {
            assert!(is_source(Path::new(source)), "{source}");
        }
        for other in [
            "target/debug/x",
            "Cargo.lock",
            "hello.wasm",
            ".git/index",
            "src/.lib.rs.swp",
            "src/lib.rs~",
        ] {
            assert!(!is_source(Path::new(other)), "{other}");
        }
    }
}
