//! The style sheets of a theme as one file: a page is painted when the last of them is there, so that each more makes
//! visitors wait.

use super::source::File;
use super::static_file::StaticFile;

/// Where the file is, below `static/`.
pub const PATH: &str = "bundle.css";

/// One file of many; none where that would not mean the same: an address in a style sheet is relative to the sheet.
pub fn of(sheets: &[&StaticFile]) -> Option<StaticFile> {
    let mut all = Vec::new();
    for sheet in sheets {
        let content = sheet.read().ok()?;
        let text = std::str::from_utf8(&content).ok()?;
        if text.contains("url(") || text.contains("@import") || text.contains("@charset") {
            return None;
        }
        all.extend_from_slice(&content);
        all.push(b'\n');
    }
    let file = |content: Vec<u8>| StaticFile::new(File::Made(content.clone().into()), PATH, &content);
    (sheets.len() > 1).then(|| file(all))
}
