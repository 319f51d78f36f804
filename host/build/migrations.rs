//! The migrations: lists every `NNNN_name.sql` of `migrations-sqlite/` and `migrations-pg/` as one Rust
//! constant. The build fails if the two folders don't have the same files, numbered from 1 without a gap.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

const SQLITE: &str = "migrations-sqlite";
const POSTGRES: &str = "migrations-pg";

pub fn embed(root: &Path) -> Result<String, Box<dyn Error>> {
    let files = scripts(&root.join(SQLITE))?;
    let others = scripts(&root.join(POSTGRES))?;
    if let Some(alone) = files.symmetric_difference(&others).next() {
        return Err(format!("{alone} must be in both {SQLITE}/ and {POSTGRES}/").into());
    }
    let mut code = String::from("const EMBEDDED: &[Migration] = &[\n");
    for (number, file) in (1..).zip(&files) {
        let (version, name) = parts(file).ok_or_else(|| format!("{file} must be named NNNN_name.sql"))?;
        if version != number {
            return Err(format!("{file} must have the number {number:04}").into());
        }
        let sqlite = root.join(SQLITE).join(file);
        let postgres = root.join(POSTGRES).join(file);
        writeln!(
            code,
            "    embedded({version}, {name:?}, include_str!({sqlite:?}), include_str!({postgres:?})),"
        )?;
    }
    code.push_str("];\n");
    Ok(code)
}

fn scripts(folder: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".sql") {
            names.insert(name);
        }
    }
    Ok(names)
}

fn parts(file: &str) -> Option<(u32, &str)> {
    let (number, name) = file.strip_suffix(".sql")?.split_once('_')?;
    (number.len() == 4 && !name.is_empty()).then_some(())?;
    Some((number.parse().ok()?, name))
}
