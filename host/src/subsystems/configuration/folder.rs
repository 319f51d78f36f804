//! Configuration in a folder: one file for each object.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::model::{FOLDERS, FORMATS, ITEM_TYPES, MENUS, PLUGINS, ROLES, SITE, file_of};
use super::{Configuration, Error, Problem};
use crate::kernel::suggest;

/// What files end with.
const ENDING: &str = "yml";
/// Bytes of a file.
const LIMIT: u64 = 1 << 20;

/// What is in a folder, and everything that is wrong with its files by themselves.
///
/// # Errors
/// The folder can't be read.
pub fn read(folder: &Path) -> Result<(Configuration, Vec<Problem>), Error> {
    let mut reader = Reader {
        folder: folder.to_owned(),
        problems: Vec::new(),
    };
    reader.look_around()?;
    let site = reader
        .file(SITE)
        .map_err(|source| failed(&folder.join(SITE), source))?;
    let configuration = Configuration {
        site: site.unwrap_or_default(),
        plugins: reader.objects(PLUGINS)?,
        formats: reader.objects(FORMATS)?,
        item_types: reader.objects(ITEM_TYPES)?,
        roles: reader.objects(ROLES)?,
        menus: reader.objects(MENUS)?,
    };
    reader.problems.sort();
    Ok((configuration, reader.problems))
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}

/// The names in a folder, sorted; none where there is no folder.
fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|source| failed(folder, source))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|source| failed(folder, source))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Notes for people, and what tools keep, are left alone.
fn is_beside(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name.ends_with(".md")
}

struct Reader {
    folder: PathBuf,
    problems: Vec<Problem>,
}

impl Reader {
    /// Finds what is no configuration, and what is missing.
    fn look_around(&mut self) -> Result<(), Error> {
        // Unlike the folders in it, the folder itself has to be there.
        fs::read_dir(&self.folder).map_err(|source| failed(&self.folder, source))?;
        let found = names(&self.folder)?;
        if !found.iter().any(|name| name == SITE) {
            let words =
                "the file is missing, so this is no whole configuration; `trovato config export` writes one";
            self.problems.push(Problem::new(SITE, "", words));
        }
        let known = || FOLDERS.into_iter().chain([SITE]);
        for name in found.iter().filter(|name| !is_beside(name)) {
            if known().any(|known| known == name) {
                continue;
            }
            let meant = suggest(name, known()).map(|meant| format!("; did you mean {meant}?"));
            let words = format!(
                "this is no part of a configuration{}",
                meant.unwrap_or_else(|| "; take it out".to_owned())
            );
            self.problems.push(Problem::new(name, "", words));
        }
        Ok(())
    }

    fn objects<T: DeserializeOwned>(&mut self, kind: &str) -> Result<BTreeMap<String, T>, Error> {
        let mut objects = BTreeMap::new();
        let inside = self.folder.join(kind);
        for name in names(&inside)?.iter().filter(|name| !is_beside(name)) {
            let path = Path::new(name);
            let file = format!("{kind}/{name}");
            let stem = path.file_stem().and_then(OsStr::to_str);
            let (Some(stem), Some(ENDING)) = (stem, path.extension().and_then(OsStr::to_str)) else {
                let words = "this is no file that ends with .yml; rename it, or take it out";
                self.problems.push(Problem::new(file, "", words));
                continue;
            };
            if let Some(object) = self
                .file(&file)
                .map_err(|source| failed(&inside.join(name), source))?
            {
                objects.insert(stem.to_owned(), object);
            }
        }
        Ok(objects)
    }

    /// None where the file is missing, or wrong: then its problem is noted.
    fn file<T: DeserializeOwned>(&mut self, file: &str) -> std::io::Result<Option<T>> {
        let path = self.folder.join(file);
        let about = match fs::metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            about => about?,
        };
        let wrong = if !about.is_file() {
            Some((String::new(), "this is no file".to_owned()))
        } else if about.len() > LIMIT {
            Some((String::new(), format!("the file has more than {LIMIT} bytes")))
        } else {
            match String::from_utf8(fs::read(&path)?) {
                Err(_) => Some((String::new(), "the file is not in UTF-8".to_owned())),
                Ok(text) => match serde_saphyr::from_str(&text) {
                    Ok(object) => return Ok(Some(object)),
                    Err(error) => Some(explain(&error)),
                },
            }
        };
        if let Some((place, words)) = wrong {
            self.problems.push(Problem::new(file, place, words));
        }
        Ok(None)
    }
}

/// Where a file is no YAML, or not what it should be, and why.
fn explain(error: &serde_saphyr::Error) -> (String, String) {
    let place = error.location().map_or_else(String::new, |location| {
        format!("line {}, column {}", location.line(), location.column())
    });
    let message = error.without_snippet().to_string();
    let words = message.split(" at line ").next().unwrap_or_default();
    (place, words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Writes a configuration into a folder, which then holds it and no other. What is right already is not touched.
///
/// # Returns
/// The files that were written and those that were removed, as seen from the folder.
///
/// # Errors
/// [`Error::NotOurs`], and what the disk says.
pub fn write(configuration: &Configuration, folder: &Path) -> Result<(Vec<String>, Vec<String>), Error> {
    let texts = configuration.texts()?;
    fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    let found = names(folder)?;
    if found.iter().any(|name| !is_beside(name)) && !found.iter().any(|name| name == SITE) {
        return Err(Error::NotOurs(folder.to_owned()));
    }
    let mut written = Vec::new();
    for (file, text) in &texts {
        let path = folder.join(file);
        if fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
            continue;
        }
        put(&path, text).map_err(|source| failed(&path, source))?;
        written.push(file.clone());
    }
    let mut removed = Vec::new();
    for kind in FOLDERS {
        for name in names(&folder.join(kind))? {
            let stem = name.strip_suffix(".yml").filter(|_| !is_beside(&name));
            let Some(file) = stem.map(|stem| file_of(kind, stem)) else {
                continue;
            };
            if !texts.contains_key(&file) {
                let path = folder.join(&file);
                fs::remove_file(&path).map_err(|source| failed(&path, source))?;
                removed.push(file);
            }
        }
    }
    Ok((written, removed))
}

/// Puts a whole file in the place of another: nobody ever reads half of it.
fn put(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let making = folder.join(format!(".{name}.new"));
    fs::write(&making, text)?;
    fs::rename(&making, path)
}
