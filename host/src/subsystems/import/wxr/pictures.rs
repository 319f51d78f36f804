//! Uploaded files: found in a copy of the site's folder of uploads, since nothing is fetched from anywhere.

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

/// The part of an address behind which uploads lie.
const UPLOADS: &str = "/wp-content/uploads/";

/// Whether an address is that of an uploaded file.
pub(super) fn is_upload(address: &str) -> bool {
    address.contains(UPLOADS) || address.contains(".files.wordpress.com/")
}

/// The file of the folder that was at an address, seen from the folder: itself, or the original of a smaller copy.
pub(super) fn find(folder: &Path, address: &str) -> Option<PathBuf> {
    let address = address.split(['?', '#']).next()?;
    let name = match address.split_once(UPLOADS) {
        Some((_, name)) => name,
        None => address.split_once(".files.wordpress.com/")?.1,
    };
    let name = percent_decode_str(name).decode_utf8().ok()?;
    let file = PathBuf::from(&*name);
    let is_inside = file
        .components()
        .all(|component| matches!(component, Component::Normal(_)));
    if !is_inside {
        return None;
    }
    [Some(file.clone()), original(&file)]
        .into_iter()
        .flatten()
        .find(|file| folder.join(file).is_file())
}

/// `boat-300x200.jpg` is a copy of `boat.jpg`.
fn original(file: &Path) -> Option<PathBuf> {
    let stem = file.file_stem()?.to_str()?;
    let (name, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !(is_number(width) && is_number(height)) {
        return None;
    }
    let extension = file.extension()?.to_str()?;
    Some(file.with_file_name(format!("{name}.{extension}")))
}
