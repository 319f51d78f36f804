//! Packages of plugins: the fixture guests under whatever name and manifest a test wants.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

const GUESTS: &str = env!("TROVATO_GUESTS");
const WASI_GUESTS: &str = env!("TROVATO_WASI_GUESTS");
const FIXTURES: &str = env!("TROVATO_FIXTURES");

/// A manifest and a component.
#[derive(Clone)]
pub struct Package {
    manifest: Table,
    component: Option<Vec<u8>>,
}

impl Package {
    /// A fixture guest as it stands in `fixtures/`.
    #[must_use]
    pub fn fixture(name: &str) -> Self {
        let manifest = fs::read_to_string(Path::new(FIXTURES).join(name).join("plugin.toml")).unwrap();
        let file = format!("fixture_{name}.wasm");
        let component = fs::read(Path::new(GUESTS).join(&file))
            .or_else(|_| fs::read(Path::new(WASI_GUESTS).join(&file)))
            .unwrap();
        Self {
            manifest: manifest.parse().unwrap(),
            component: Some(component),
        }
    }

    /// The `prober` a second time, under the name `other` and without declarations.
    #[must_use]
    pub fn other_prober() -> Self {
        Self::fixture("prober").named("other").setting("declares", false)
    }

    /// The folder of what is released for other hosts, made in a folder: these guests and all cases.
    ///
    /// # Panics
    /// The folder can't be written.
    pub fn release(folder: &Path, guests: &[&str]) {
        for guest in guests {
            Self::fixture(guest).write(&folder.join("plugins"));
        }
        let cases = Path::new(FIXTURES).join("../../conformance/cases");
        fs::create_dir_all(folder.join("cases")).unwrap();
        for entry in fs::read_dir(cases).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.join("cases").join(path.file_name().unwrap())).unwrap();
        }
    }

    /// The `tapper` under another name, which it also calls itself by.
    #[must_use]
    pub fn tapper(name: &str) -> Self {
        Self::fixture("tapper").named(name).setting("name", name)
    }

    /// The `hostile` guest with a behaviour.
    #[must_use]
    pub fn hostile(behaviour: &str) -> Self {
        Self::fixture("hostile").setting("behaviour", behaviour)
    }

    /// A plugin that asks for nothing, of these bytes.
    #[must_use]
    pub fn of(name: &str, component: impl Into<Vec<u8>>) -> Self {
        let manifest = format!("name = \"{name}\"\nversion = \"0.1.0\"\nwit = \"0.1\"");
        Self {
            manifest: manifest.parse().unwrap(),
            component: Some(component.into()),
        }
    }

    /// A plugin of a component in the text format.
    #[must_use]
    pub fn of_text(name: &str, component: &str) -> Self {
        Self::of(name, wat::parse_str(component).unwrap())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.manifest.get("name").and_then(Value::as_str).unwrap()
    }

    /// Its component.
    #[must_use]
    pub fn component(&self) -> &[u8] {
        self.component.as_deref().unwrap()
    }

    /// Under another name. Its tables follow.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        let (old, new) = (self.name().replace('-', "_"), name.replace('-', "_"));
        for migration in self
            .manifest
            .get_mut("migrations")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            for table in migration
                .get_mut("create-table")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                let renamed = table
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap()
                    .replacen(&old, &new, 1);
                table
                    .as_table_mut()
                    .unwrap()
                    .insert("name".to_owned(), renamed.into());
            }
        }
        self.set("name", name)
    }

    /// In another version.
    #[must_use]
    pub fn version(self, version: &str) -> Self {
        self.set("version", version)
    }

    /// With a weight.
    #[must_use]
    pub fn weight(self, weight: i64) -> Self {
        self.set("weight", weight)
    }

    /// With a weight in one tap.
    #[must_use]
    pub fn weight_in(self, tap: &str, weight: i64) -> Self {
        let options: Table = [("weight".to_owned(), weight.into())].into_iter().collect();
        self.set_in("taps", tap, options)
    }

    /// In need of another plugin.
    #[must_use]
    pub fn depends(self, name: &str, range: &str) -> Self {
        self.set_in("depends", name, range)
    }

    /// With another default of a setting.
    #[must_use]
    pub fn setting(mut self, name: &str, default: impl Into<Value>) -> Self {
        let settings = self
            .manifest
            .get_mut("config")
            .and_then(|config| config.get_mut(name));
        let setting = settings
            .and_then(Value::as_table_mut)
            .unwrap_or_else(|| panic!("no setting '{name}'"));
        setting.insert("default".to_owned(), default.into());
        self
    }

    /// With a grant.
    #[must_use]
    pub fn grant(self, name: &str, value: impl Into<Value>) -> Self {
        self.set_in("grants", name, value)
    }

    /// With another component.
    #[must_use]
    pub fn with_component(self, component: impl Into<Vec<u8>>) -> Self {
        Self {
            component: Some(component.into()),
            ..self
        }
    }

    /// Without a component.
    #[must_use]
    pub fn without_component(self) -> Self {
        Self {
            component: None,
            ..self
        }
    }

    /// With another entry of the manifest.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.manifest.insert(key.to_owned(), value.into());
        self
    }

    fn set_in(mut self, table: &str, key: &str, value: impl Into<Value>) -> Self {
        let entry = self.manifest.entry(table).or_insert_with(|| Table::new().into());
        entry.as_table_mut().unwrap().insert(key.to_owned(), value.into());
        self
    }

    pub(crate) fn write(&self, plugins: &Path) {
        let folder = plugins.join(self.name());
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        if let Some(component) = &self.component {
            fs::write(folder.join(format!("{}.wasm", self.name())), component).unwrap();
        }
        fs::write(folder.join("plugin.toml"), self.manifest.to_string()).unwrap();
    }
}
