//! The themes that ship inside the program: the folders in `/themes`, as a Rust table of theme, path and bytes.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

pub fn embed(root: &Path) -> Result<String, Box<dyn Error>> {
    let themes = root.join("themes");
    println!("cargo::rerun-if-changed={}", themes.display());
    let mut files = Vec::new();
    if themes.is_dir() {
        collect(&themes, &mut files)?;
    }
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        let mut parts = file
            .strip_prefix(&themes)?
            .iter()
            .map(|part| part.to_string_lossy());
        let theme = parts.next().unwrap_or_default();
        let path = parts.collect::<Vec<_>>().join("/");
        if !path.is_empty() {
            writeln!(table, "    ({theme:?}, {path:?}, include_bytes!({file:?})),")?;
        }
    }
    table.push(']');
    Ok(table)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        match entry.file_type()? {
            kind if kind.is_dir() && !hidden => collect(&entry.path(), files)?,
            kind if kind.is_file() && !hidden => files.push(entry.path()),
            _ => {}
        }
    }
    Ok(())
}
