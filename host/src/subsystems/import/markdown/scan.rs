//! What a folder has in it. It opens no file.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::super::Skipped;

/// The files of a folder, by their paths within it with `/` between the segments, in order.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Markdown documents.
    pub(super) documents: BTreeSet<String>,
    /// Everything else.
    pub(super) assets: BTreeSet<String>,
    pub(super) skipped: Vec<Skipped>,
}

/// Walks a folder. Hidden files and folders are passed over; a link is followed to a file within the folder and no
/// further.
///
/// # Errors
/// The folder can't be read. A folder in it that can't be is listed.
pub(super) fn scan(root: &Path) -> io::Result<Tree> {
    let root = root.canonicalize()?;
    let mut tree = Tree::default();
    // Folders are visited one after the other instead of within each other: depth costs no stack.
    let mut pending: Vec<(String, PathBuf)> = vec![(String::new(), root.clone())];
    while let Some((within, folder)) = pending.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if within.is_empty() => return Err(error),
            Err(error) => {
                tree.skipped
                    .push(Skipped::new(within, None, format!("can't be read: {error}")));
                continue;
            }
        };
        for entry in entries {
            visit(&root, &within, &entry?.path(), &mut tree, &mut pending);
        }
    }
    tree.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(tree)
}

fn visit(root: &Path, within: &str, path: &Path, tree: &mut Tree, pending: &mut Vec<(String, PathBuf)>) {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    if name.starts_with('.') {
        return;
    }
    let key = if within.is_empty() {
        name.to_string()
    } else {
        format!("{within}/{name}")
    };
    match kind(root, path) {
        Ok(Kind::Folder) => pending.push((key, path.to_owned())),
        Ok(Kind::File) if name == "_index.md" => {
            tree.skipped.push(Skipped::new(
                key,
                None,
                "it describes a section, which listings take the place of",
            ));
        }
        Ok(Kind::File) if is_markdown(&name) => drop(tree.documents.insert(key)),
        Ok(Kind::File) => drop(tree.assets.insert(key)),
        Err(reason) => tree.skipped.push(Skipped::new(key, None, reason)),
    }
}

enum Kind {
    File,
    Folder,
}

fn kind(root: &Path, path: &Path) -> Result<Kind, String> {
    let unreadable = |error: io::Error| format!("can't be read: {error}");
    if path.to_str().is_none() {
        return Err("its name is not UTF-8".to_owned());
    }
    let found = path.symlink_metadata().map_err(unreadable)?;
    if found.is_dir() {
        return Ok(Kind::Folder);
    }
    if found.is_file() {
        return Ok(Kind::File);
    }
    if !found.is_symlink() {
        return Err("it is neither a file nor a folder".to_owned());
    }
    let target = path
        .canonicalize()
        .map_err(|error| format!("it is a link that leads nowhere: {error}"))?;
    if !target.starts_with(root) {
        Err("it is a link that leads out of the folder".to_owned())
    } else if target.is_file() {
        Ok(Kind::File)
    } else {
        Err("it is a link to a folder, which is not followed".to_owned())
    }
}

fn is_markdown(name: &str) -> bool {
    let extension = Path::new(name)
        .extension()
        .and_then(OsStr::to_str)
        .unwrap_or_default();
    ["md", "markdown"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}
