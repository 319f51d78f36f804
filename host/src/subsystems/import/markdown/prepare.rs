//! All that can be known of a document before anything is stored, and the digest by which a later run sees whether
//! it has changed.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::super::Skipped;
use super::front_matter::{self, FrontMatter};
use super::links;
use super::plan::{Plan, Planned};
use super::resolve::Destination;
use crate::subsystems::file::{self, SIZE_LIMIT};

/// Changes with whatever makes the same document into another item.
const VERSION: &str = "1";

/// A document, ready to be stored.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) front: FrontMatter,
    pub(super) body: String,
    /// The targets in the body that become others.
    pub(super) targets: Vec<(Range<usize>, Target)>,
    /// The digest of the document and of all that it points to.
    pub(super) digest: String,
    /// What it points to and is not there.
    pub(super) skipped: Vec<Skipped>,
}

/// What a target in a body becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// This address.
    Address(String),
    /// The address of this file of the folder, which has this digest.
    Asset {
        /// The file within the folder.
        file: String,
        /// The SHA-256 of its content.
        sha256: String,
    },
}

/// Reads a document and looks up what it points to. It opens files and may take a while.
///
/// # Errors
/// What is wrong with the document.
pub(super) fn prepare(plan: &Plan, planned: &Planned, item_type: &str) -> Result<Prepared, Skipped> {
    let text = plan.read(&planned.file)?;
    let document = front_matter::parse(&text)
        .map_err(|problem| Skipped::new(planned.file.as_str(), problem.line, problem.reason))?;
    let mut hasher = Hasher::default();
    for part in [VERSION, item_type, &planned.path, &text] {
        hasher.add(part);
    }
    let (mut targets, mut skipped) = (Vec::new(), Vec::new());
    for link in links::find(document.body) {
        let target = match plan.resolve(planned, &link.target) {
            Destination::Elsewhere => continue,
            Destination::Page(address) => Ok(Target::Address(address)),
            Destination::Asset(file) => match read_asset(&plan.root.join(&file)) {
                Ok(content) => Ok(Target::Asset {
                    sha256: file::sha256(&content),
                    file,
                }),
                Err(error) => Err(format!("{file} can't be read: {error}")),
            },
            Destination::Missing => Err(format!(
                "{} is not in the folder: its address stays as it is",
                link.target
            )),
        };
        match target {
            Ok(target) => {
                hasher.add(target.mark());
                targets.push((link.range, target));
            }
            Err(reason) => {
                let before = document.body.get(..link.range.start).unwrap_or_default();
                let line = document.body_line + before.matches('\n').count();
                skipped.push(Skipped::new(planned.file.as_str(), line, reason));
            }
        }
    }
    let body = document.body.to_owned();
    Ok(Prepared {
        front: document.front,
        body,
        targets,
        digest: hasher.finish(),
        skipped,
    })
}

/// The content of a file that a document points to.
///
/// # Errors
/// It can't be read, or is larger than files may be.
pub(super) fn read_asset(path: &Path) -> io::Result<Bytes> {
    let mut content = Vec::new();
    File::open(path)?.take(SIZE_LIMIT + 1).read_to_end(&mut content)?;
    if content.len() as u64 > SIZE_LIMIT {
        return Err(io::Error::other(format!(
            "it is larger than {} MiB",
            SIZE_LIMIT >> 20
        )));
    }
    Ok(content.into())
}

impl Target {
    fn mark(&self) -> &str {
        match self {
            Self::Address(address) => address,
            Self::Asset { sha256, .. } => sha256,
        }
    }
}

/// Adds up parts so that none can pass for another's end.
#[derive(Default)]
struct Hasher(Sha256);

impl Hasher {
    fn add(&mut self, part: &str) {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part);
    }

    fn finish(self) -> String {
        self.0
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
