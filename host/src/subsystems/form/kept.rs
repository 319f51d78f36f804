//! Files of a form that came back: they stay where they are, and the form names them, so that nobody has to choose them
//! again.
//!
//! What the form carries is sealed for the browser and the form. A file that nobody comes back for is swept away when a
//! form would have expired.

use std::path::Path;
use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::input::Input;
use super::model::{Form, Kind};
use super::{AGE, Forms, Upload};
use crate::time::Timestamp;

const PURPOSE: &str = "form-file";
/// Bytes of all files that are kept: more are forgotten as they came.
const MOST_BYTES: u64 = 1 << 30;

/// Where the seals of kept files are sent.
pub fn kept_path(path: &str) -> String {
    format!("{path}.kept")
}

/// Where the identifiers of those are sent that shall go.
pub fn drop_path(path: &str) -> String {
    format!("{path}.drop")
}

/// What a seal says.
#[derive(Serialize, Deserialize)]
struct Sealed {
    id: Uuid,
    name: String,
    size: u64,
    claimed_type: String,
}

/// A kept file as templates name it.
#[derive(Serialize)]
pub struct KeptView {
    pub id: String,
    pub name: String,
    pub size: String,
    pub seal: String,
}

/// Whose files are kept.
pub struct Keeper<'a> {
    pub forms: &'a Forms,
    pub binding: &'a str,
    pub form: &'a str,
}

impl Keeper<'_> {
    fn owner(&self) -> Vec<u8> {
        format!("{}\0{}", self.form, self.binding).into_bytes()
    }

    /// Keeps a file. None where it can't be: then it has to be chosen again.
    pub fn keep(&self, upload: &Upload) -> Option<KeptView> {
        let sealed = Sealed {
            id: upload.id()?,
            name: upload.name.clone(),
            size: upload.size,
            claimed_type: upload.claimed_type.clone(),
        };
        let json = serde_json::to_vec(&sealed).ok()?;
        let seal = self.forms.secrets.seal(PURPOSE, &self.owner(), &json).ok()?;
        if !upload.is_kept() {
            let kept = self.forms.kept_bytes.fetch_add(upload.size, Ordering::Relaxed);
            if kept.saturating_add(upload.size) > MOST_BYTES {
                return None;
            }
            upload.keep();
        }
        Some(KeptView {
            id: sealed.id.to_string(),
            name: sealed.name,
            size: in_words(sealed.size),
            seal,
        })
    }

    /// Puts the kept files among those that were sent, but for those that shall go. Where there is room for one, the
    /// one that was chosen now takes its place.
    pub fn take_up(&self, form: &Form, input: &mut Input) {
        let paths: Vec<(String, usize)> = input
            .texts()
            .filter_map(|(path, _)| path.strip_suffix(".kept"))
            .filter_map(|path| {
                let name = path.rsplit('.').next().unwrap_or(path);
                match &form.find(name)?.kind {
                    Kind::File(rules) => Some((path.to_owned(), rules.most_files)),
                    _ => None,
                }
            })
            .collect();
        for (path, most) in paths {
            let drop: Vec<String> = input.all(&drop_path(&path)).to_vec();
            for seal in input.all(&kept_path(&path)).to_vec() {
                if input.files(&path).len() >= most {
                    break;
                }
                let Some(upload) = self.open(&seal).filter(|(id, _)| !drop.contains(id)) else {
                    continue;
                };
                input.push_file(path.clone(), upload.1);
            }
        }
    }

    fn open(&self, seal: &str) -> Option<(String, Upload)> {
        let json = self.forms.secrets.open(PURPOSE, &self.owner(), seal).ok()?;
        let sealed: Sealed = serde_json::from_slice(&json).ok()?;
        let upload = Upload::kept(
            &self.forms.uploads,
            sealed.id,
            sealed.name,
            sealed.size,
            sealed.claimed_type,
        )?;
        Some((sealed.id.to_string(), upload))
    }
}

/// Removes files that nobody can hold or come back for any more: their names are identifiers, which tell when they were
/// made. Says how many bytes are left.
pub fn sweep(folder: &Path, now: Timestamp) -> u64 {
    let mut left = 0;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let made = entry
            .file_name()
            .to_str()
            .and_then(|name| Uuid::parse_str(name).ok());
        if made.is_some_and(|made| now.since(super::made_at(made)) > AGE) {
            // Another node may have been faster.
            let _ = std::fs::remove_file(entry.path());
        } else {
            left += entry.metadata().map_or(0, |metadata| metadata.len());
        }
    }
    left
}

fn in_words(bytes: u64) -> String {
    match bytes {
        ..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
    }
}
