//! Which document becomes which page, decided before anything is stored: links lead to pages that come later.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::super::Skipped;
use super::front_matter::{self, FrontMatter};
use super::{date, scan};

/// Bytes that a document may have: more than an item takes.
const DOCUMENT_LIMIT: u64 = 4 << 20;

/// The documents of a folder and what they can point to.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) root: PathBuf,
    pub(super) documents: Vec<Planned>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) assets: BTreeSet<String>,
    /// The paths of pages by the files that they come from.
    pub(super) by_file: HashMap<String, String>,
    /// The files that pages come from, by the paths of the pages.
    pub(super) by_path: HashMap<String, String>,
    /// The paths of pages by their older paths.
    pub(super) by_alias: HashMap<String, String>,
}

/// A document that will be a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    /// Its file within the folder.
    pub(super) file: String,
    /// The path of its page, without slashes at its ends.
    pub(super) path: String,
}

impl Plan {
    /// Reads every document of a folder, one at a time.
    ///
    /// # Errors
    /// The folder can't be read.
    pub(super) fn of(root: &Path) -> io::Result<Self> {
        let tree = scan::scan(root)?;
        let mut plan = Self {
            root: root.canonicalize()?,
            documents: Vec::new(),
            skipped: tree.skipped,
            assets: tree.assets,
            by_file: HashMap::new(),
            by_path: HashMap::new(),
            by_alias: HashMap::new(),
        };
        for file in tree.documents {
            match plan.read(&file) {
                Ok(text) => plan.add(file, &text),
                Err(skipped) => plan.skipped.push(skipped),
            }
        }
        Ok(plan)
    }

    /// The text of a document.
    ///
    /// # Errors
    /// Why it can't be read.
    pub(super) fn read(&self, file: &str) -> Result<String, Skipped> {
        read_text(&self.root.join(file)).map_err(|(line, reason)| Skipped::new(file, line, reason))
    }

    fn add(&mut self, file: String, text: &str) {
        let front = match front_matter::parse(text) {
            Ok(document) => document.front,
            Err(problem) => {
                return self
                    .skipped
                    .push(Skipped::new(file, problem.line, problem.reason));
            }
        };
        let path = path_of(&file, &front);
        if let Some(other) = self.by_path.get(&path) {
            let reason = format!("its path /{path} is that of {other} already");
            return self.skipped.push(Skipped::new(file, None, reason));
        }
        for alias in front.aliases {
            self.by_alias.entry(alias).or_insert_with(|| path.clone());
        }
        self.by_file.insert(file.clone(), path.clone());
        self.by_path.insert(path.clone(), file.clone());
        self.documents.push(Planned { file, path });
    }

    /// Whether a page of this import has the path.
    pub(super) fn has_page(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }
}

/// The path of a document's page: what its front matter says, else its file's without extension and date.
fn path_of(file: &str, front: &FrontMatter) -> String {
    if let Some(path) = &front.path {
        return path.clone();
    }
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = stem.strip_suffix("/index").unwrap_or(stem);
    let (folder, name) = stem
        .rsplit_once('/')
        .map_or(("", stem), |(folder, name)| (folder, name));
    let name = front
        .slug
        .as_deref()
        .unwrap_or_else(|| date::without_prefix(name));
    let path = if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    };
    path.split('/').map(clean).collect::<Vec<_>>().join("/")
}

/// A file's name as a segment of a path: letters and digits of any script, and what is safe beside them.
fn clean(segment: &str) -> String {
    let mut clean = String::with_capacity(segment.len());
    for char in segment.chars() {
        if char.is_alphanumeric() || "-._~@".contains(char) {
            clean.push(char);
        } else if !clean.ends_with('-') {
            clean.push('-');
        }
    }
    clean
}

fn read_text(path: &Path) -> Result<String, (Option<usize>, String)> {
    let unreadable = |error: io::Error| (None, format!("can't be read: {error}"));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(DOCUMENT_LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > DOCUMENT_LIMIT {
        return Err((None, format!("it is larger than {} MiB", DOCUMENT_LIMIT >> 20)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error
            .as_bytes()
            .iter()
            .take(valid)
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        (Some(line), "it is not UTF-8".to_owned())
    })
}
