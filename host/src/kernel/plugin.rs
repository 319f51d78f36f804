//! A plugin that is ready to be called.

use std::path::PathBuf;
use std::sync::Arc;

use wasmtime::component::{Component, ComponentExportIndex, InstancePre, Linker};

use super::{Call, Contract, Engine, Error, Health, Limits, Link, Manifest, System, contract, nothing};

/// Where a plugin's component comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// Part of the program.
    Embedded(&'static [u8]),
    /// A file, in the folder of the plugin.
    File(PathBuf),
}

/// A plugin with its compiled component, linked to what it was granted.
pub struct Plugin<S: System> {
    /// What it says about itself.
    pub manifest: Arc<Manifest>,
    /// Its record.
    pub health: Arc<Health>,
    /// The SHA-256 digest of its component in hexadecimal.
    pub digest: String,
    /// The interfaces that it imports, by their names in the package, such as `db`.
    pub imports: Vec<String>,
    /// The capabilities behind the interfaces that it imports, in words.
    pub capabilities: Vec<String>,
    pub(super) limits: Limits,
    pub(super) engine: Engine,
    pub(super) pre: InstancePre<Call<S>>,
    pub(super) index: usize,
    exports: Vec<Option<ComponentExportIndex>>,
}

impl<S: System> Plugin<S> {
    /// Links a compiled component to what it was granted.
    ///
    /// # Errors
    /// Names the import that the host does not have or the manifest does not ask for, or the version that the plugin
    /// was written for.
    pub fn link(
        engine: &Engine,
        contract: &Contract,
        manifest: Arc<Manifest>,
        component: &Component,
        digest: String,
        limits: &Limits,
        health: Arc<Health>,
    ) -> Result<Self, Error> {
        contract.check_manifest(&manifest)?;
        let mut linker = Linker::new(engine.wasmtime());
        let (mut imports, mut capabilities) = (Vec::new(), Vec::new());
        let interfaces = S::interfaces();
        for import in contract::imports(engine, component) {
            let interface = contract.importable(&manifest, &import, &interfaces)?;
            let Some(interface) = interface else { continue };
            let linked = match interface.link {
                Link::Functions(link) => link(&mut linker),
                Link::Nothing(resources) => nothing::link(&mut linker, engine, component, &import, resources),
            };
            linked.map_err(|source| Error::Link {
                plugin: manifest.name.clone(),
                import: import.clone(),
                detail: format!("{source:#}"),
            })?;
            // Of another package only the package is worth telling: languages import a dozen interfaces of WASI.
            let name = interface.name.split(':').next().unwrap_or_default();
            if !imports.iter().any(|known| known == name) {
                imports.push(name.to_owned());
            }
            capabilities.extend(interface.capability.map(str::to_owned));
        }
        capabilities.extend(manifest.grants.in_words());
        let pre = linker.instantiate_pre(component).map_err(|source| Error::Link {
            plugin: manifest.name.clone(),
            import: "its imports".to_owned(),
            detail: format!("{source:#}"),
        })?;
        let exports = contract.exports(component);
        let limits = manifest.limits(limits, engine.max_memory());
        let engine = engine.clone();
        Ok(Self {
            manifest,
            health,
            digest,
            imports,
            capabilities,
            limits,
            engine,
            pre,
            index: 0,
            exports,
        })
    }

    /// Whether the plugin answers the tap.
    #[must_use]
    pub fn answers(&self, slot: usize) -> bool {
        self.exports.get(slot).is_some_and(Option::is_some)
    }

    pub(super) fn export(&self, slot: usize) -> Option<&ComponentExportIndex> {
        self.exports.get(slot)?.as_ref()
    }

    /// The same plugin at another place of a registry.
    pub(super) fn at(&self, index: usize) -> Self {
        Self {
            manifest: self.manifest.clone(),
            health: self.health.clone(),
            digest: self.digest.clone(),
            imports: self.imports.clone(),
            capabilities: self.capabilities.clone(),
            limits: self.limits,
            engine: self.engine.clone(),
            pre: self.pre.clone(),
            index,
            exports: self.exports.clone(),
        }
    }
}
