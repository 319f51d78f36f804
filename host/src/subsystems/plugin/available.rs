//! Plugins that could be enabled: those in the program and those in the site's folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{Asset, Error, assets};
use crate::kernel::{self, Manifest, Source, suggest};
use crate::taps;

/// A plugin that is part of the program.
#[derive(Debug)]
pub struct Embedded {
    /// Its name.
    pub name: &'static str,
    /// Its manifest.
    pub manifest: &'static str,
    /// Its component.
    pub component: &'static [u8],
    /// Its templates: file name and text.
    pub templates: &'static [(&'static str, &'static str)],
}

/// A plugin as it is found.
#[derive(Clone, Debug)]
pub struct Package {
    /// What it says about itself.
    pub manifest: Arc<Manifest>,
    /// The manifest's text.
    pub manifest_text: String,
    /// Where its component is.
    pub source: Source,
    /// Its templates: file name and text.
    pub templates: Vec<(String, String)>,
    /// Its static files.
    pub assets: Vec<Asset>,
}

impl Package {
    /// The component.
    ///
    /// # Errors
    /// It can't be read.
    pub fn component(&self) -> Result<Vec<u8>, Error> {
        match &self.source {
            Source::Embedded(bytes) => Ok(bytes.to_vec()),
            Source::File(path) => fs::read(path).map_err(|source| {
                let plugin = self.manifest.name.clone();
                let path = path.clone();
                Error::Kernel(match source.kind() {
                    std::io::ErrorKind::NotFound => kernel::Error::Missing { plugin, path },
                    _ => kernel::Error::Unreadable { plugin, path, source },
                })
            }),
        }
    }

    /// The name of the component in messages.
    #[must_use]
    pub fn file(&self) -> String {
        match &self.source {
            Source::Embedded(_) => format!("the embedded component of '{}'", self.manifest.name),
            Source::File(path) => path.display().to_string(),
        }
    }

    /// What tells this package from any other: component, manifest and templates.
    ///
    /// # Errors
    /// The component can't be read.
    pub fn digest(&self) -> Result<String, Error> {
        let mut hasher = Sha256::new();
        hasher.update(kernel::digest(&self.component()?));
        hasher.update(&self.manifest_text);
        for (name, text) in &self.templates {
            hasher.update(name);
            hasher.update([0]);
            hasher.update(text);
            hasher.update([0]);
        }
        for asset in &self.assets {
            hasher.update(&asset.file);
            hasher.update([0]);
            hasher.update(kernel::digest(&asset.bytes));
            hasher.update([0]);
        }
        Ok(hasher
            .finalize()
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect())
    }

    /// A package that is part of the program.
    ///
    /// # Errors
    /// Its manifest is wrong.
    pub fn embedded(embedded: &Embedded) -> Result<Self, Error> {
        unpack(embedded)
    }

    /// Reads a package from its folder.
    ///
    /// # Errors
    /// The manifest is missing or wrong.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("plugin.toml");
        let manifest_text = fs::read_to_string(&path).map_err(|source| Error::File {
            path: path.clone(),
            source,
        })?;
        let manifest = Manifest::parse(&path, &manifest_text, taps::NAMES)?;
        let source = Source::File(folder.join(format!("{}.wasm", manifest.name)));
        let templates = read_templates(&folder.join("templates"))?;
        let assets = assets::read(folder, &manifest)?;
        Ok(Self {
            manifest: Arc::new(manifest),
            manifest_text,
            source,
            templates,
            assets,
        })
    }
}

fn read_templates(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let mut templates = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(templates);
    };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "html") {
            let text = fs::read_to_string(&path).map_err(|source| Error::File {
                path: path.clone(),
                source,
            })?;
            templates.push((entry.file_name().to_string_lossy().into_owned(), text));
        }
    }
    templates.sort();
    Ok(templates)
}

/// The plugins in the program and in a folder. A plugin in the folder shadows one of its name in the program.
#[derive(Debug)]
pub struct Available {
    folder: PathBuf,
    embedded: &'static [Embedded],
}

impl Available {
    pub(super) fn new(folder: PathBuf, embedded: &'static [Embedded]) -> Self {
        Self { folder, embedded }
    }

    /// The folder where plugins are looked for.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether a plugin of this name is part of the program.
    #[must_use]
    pub fn is_embedded(&self, name: &str) -> bool {
        self.embedded.iter().any(|embedded| embedded.name == name)
    }

    /// Whether the package that [`Available::find`] gives is the program's own, not one of the folder in its place.
    #[must_use]
    pub fn comes_with_the_program(&self, name: &str) -> bool {
        self.is_embedded(name) && !self.folder.join(name).join("plugin.toml").is_file()
    }

    /// The names of the plugins that are part of the program.
    pub fn embedded(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.embedded.iter().map(|embedded| embedded.name)
    }

    /// All packages by name; a folder whose manifest is wrong stands there with its error.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, Result<Package, Error>> {
        let mut all: BTreeMap<_, _> = self
            .embedded
            .iter()
            .map(|embedded| (embedded.name.to_owned(), unpack(embedded)))
            .collect();
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return all;
        };
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            if path.join("plugin.toml").is_file() {
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                let package = Package::read(&path);
                let name = package
                    .as_ref()
                    .map_or(name, |package| package.manifest.name.clone());
                all.insert(name, package);
            }
        }
        all
    }

    /// The package of a name.
    ///
    /// # Errors
    /// There is none, or its manifest is wrong.
    pub fn find(&self, name: &str) -> Result<Package, Error> {
        let folder = self.folder.join(name);
        if folder.join("plugin.toml").is_file() {
            return Package::read(&folder);
        }
        if let Some(embedded) = self.embedded.iter().find(|embedded| embedded.name == name) {
            return unpack(embedded);
        }
        let mut all = self.all();
        all.remove(name).unwrap_or_else(|| {
            let nearest = suggest(name, all.keys().map(String::as_str)).map(str::to_owned);
            Err(Error::NotFound {
                name: name.to_owned(),
                nearest,
                folder: self.folder.clone(),
            })
        })
    }
}

fn unpack(embedded: &Embedded) -> Result<Package, Error> {
    let path = PathBuf::from(format!("embedded/{}/plugin.toml", embedded.name));
    let manifest = Manifest::parse(&path, embedded.manifest, taps::NAMES)?;
    let templates = embedded
        .templates
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    Ok(Package {
        manifest: Arc::new(manifest),
        manifest_text: embedded.manifest.to_owned(),
        source: Source::Embedded(embedded.component),
        templates,
        assets: Vec::new(),
    })
}
