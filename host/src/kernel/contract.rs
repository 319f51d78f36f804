//! The contract: which interfaces and taps there are, and whether a component keeps to them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use semver::{Version, VersionReq};
use wasmtime::component::{Component, ComponentExportIndex};
use wit_component::DecodedWasm;
use wit_parser::{Resolve, UnresolvedPackageGroup, WorldItem};

use super::{Engine, Error, Interface, Manifest, System, suggest};

mod signature;

const PACKAGE: &str = "trovato:kernel/";
const TAP: &str = "tap-";

/// The host's side of the contract.
pub struct Contract {
    files: &'static [(&'static str, &'static str)],
    taps: &'static [&'static str],
    version: Version,
    shapes: OnceLock<Result<Shapes, String>>,
}

/// What an interface consists of: the names of its functions and types with their shapes as WIT.
type Shapes = BTreeMap<String, BTreeMap<String, String>>;

impl Contract {
    /// The contract of a WIT package, given as files (name and text), and the taps that the host calls.
    #[must_use]
    pub fn new(
        files: &'static [(&'static str, &'static str)],
        taps: &'static [&'static str],
        version: Version,
    ) -> Self {
        Self {
            files,
            taps,
            version,
            shapes: OnceLock::new(),
        }
    }

    /// The taps in the order of their slots.
    #[must_use]
    pub fn taps(&self) -> &'static [&'static str] {
        self.taps
    }

    /// The version of the package.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Where a component exports the taps, by slot.
    pub(super) fn exports(&self, component: &Component) -> Vec<Option<ComponentExportIndex>> {
        let export = |tap: &&str| {
            let interface = format!("{PACKAGE}{TAP}{tap}@{}", self.version);
            let instance = component.get_export_index(None, &interface)?;
            component.get_export_index(Some(&instance), tap)
        };
        self.taps.iter().map(export).collect()
    }

    /// The interface behind an import, if it is one of the host's and the manifest asks for it where it must;
    /// none for instances that are empty.
    pub(super) fn importable<'a, S: System>(
        &self,
        manifest: &Manifest,
        import: &str,
        interfaces: &'a [Interface<S>],
    ) -> Result<Option<&'a Interface<S>>, Error> {
        let unknown = |nearest: Option<&str>| Error::UnknownImport {
            plugin: manifest.name.clone(),
            import: import.to_owned(),
            nearest: nearest.map(str::to_owned),
        };
        let Some((name, version)) = split(import) else {
            let known = interfaces
                .iter()
                .find(|interface| is_of_another_package(interface.name, import));
            return known.map(Some).ok_or_else(|| unknown(None));
        };
        self.check_version(&manifest.name, version)?;
        let Some(interface) = interfaces.iter().find(|interface| interface.name == name) else {
            return Err(unknown(suggest(
                name,
                interfaces.iter().map(|interface| interface.name),
            )));
        };
        if interface.by_name && !manifest.grants.names(interface.name) {
            return Err(Error::UngrantedImport {
                plugin: manifest.name.clone(),
                import: name.to_owned(),
            });
        }
        Ok(Some(interface))
    }

    /// Whether the host serves the version that a manifest says its plugin was written for.
    pub(super) fn check_manifest(&self, manifest: &Manifest) -> Result<(), Error> {
        let fits = VersionReq::parse(&manifest.wit).is_ok_and(|asked| asked.matches(&self.version));
        if fits {
            return Ok(());
        }
        Err(self.wrong_version(&manifest.name, &manifest.wit))
    }

    fn check_version(&self, plugin: &str, found: &str) -> Result<(), Error> {
        let fits = Version::parse(found).is_ok_and(|version| {
            version.major == self.version.major
                && version.minor == self.version.minor
                && version.patch <= self.version.patch
        });
        if fits {
            return Ok(());
        }
        Err(self.wrong_version(plugin, found))
    }

    fn wrong_version(&self, plugin: &str, found: &str) -> Error {
        Error::WitVersion {
            plugin: plugin.to_owned(),
            found: found.to_owned(),
            served: format!("{}.{}", self.version.major, self.version.minor),
        }
    }

    /// Whether a component file is a component that speaks the contract: every function and type that it
    /// shares with the host has the host's shape.
    ///
    /// # Errors
    /// Names what differs, and both shapes.
    pub fn check(&self, plugin: &str, file: &str, wasm: &[u8]) -> Result<(), Error> {
        let invalid = |detail: String| Error::Invalid {
            plugin: plugin.into(),
            file: file.into(),
            detail,
        };
        if wasm.starts_with(b"\0asm\x01\0\0\0") {
            return Err(Error::CoreModule {
                plugin: plugin.into(),
                file: file.into(),
            });
        }
        if !wasm.starts_with(b"\0asm") {
            return Err(invalid("it is no WebAssembly".to_owned()));
        }
        let decoded = wit_component::decode(wasm).map_err(|error| invalid(format!("{error:#}")))?;
        let DecodedWasm::Component(resolve, world) = decoded else {
            return Err(invalid("it is a WIT package".to_owned()));
        };
        let world = resolve
            .worlds
            .get(world)
            .ok_or_else(|| invalid("it has no world".to_owned()))?;
        for (key, item) in &world.exports {
            let name = resolve.name_world_key(key);
            self.check_export(plugin, &name)?;
            self.check_shapes(plugin, &resolve, &name, item)?;
        }
        for (key, item) in &world.imports {
            self.check_shapes(plugin, &resolve, &resolve.name_world_key(key), item)?;
        }
        Ok(())
    }

    fn check_export(&self, plugin: &str, export: &str) -> Result<(), Error> {
        let Some((name, version)) = split(export) else {
            return Ok(());
        };
        self.check_version(plugin, version)?;
        let tap = name.strip_prefix(TAP).unwrap_or(name);
        if name.starts_with(TAP) && self.taps.contains(&tap) {
            return Ok(());
        }
        Err(Error::UnknownTap {
            plugin: plugin.to_owned(),
            export: export.to_owned(),
            nearest: suggest(tap, self.taps.iter().copied()).map(|tap| format!("{TAP}{tap}")),
        })
    }

    fn check_shapes(&self, plugin: &str, from: &Resolve, name: &str, item: &WorldItem) -> Result<(), Error> {
        let (Some((interface, version)), WorldItem::Interface { id, .. }) = (split(name), item) else {
            return Ok(());
        };
        self.check_version(plugin, version)?;
        let shapes = self.shapes.get_or_init(|| self.parse()).as_ref();
        let shapes = shapes.map_err(|detail| Error::Invalid {
            plugin: plugin.to_owned(),
            file: "the host's own contract".to_owned(),
            detail: detail.clone(),
        })?;
        let Some(expected) = shapes.get(interface) else {
            return Ok(());
        };
        for (member, found) in signature::members(from, *id) {
            let expected = expected
                .get(&member)
                .map_or("nothing of this name", String::as_str);
            if expected != found {
                return Err(Error::Signature {
                    plugin: plugin.to_owned(),
                    interface: interface.to_owned(),
                    name: member,
                    expected: expected.to_owned(),
                    found,
                });
            }
        }
        Ok(())
    }

    /// Every function and type with its shape, one a line, sorted: `db/query: func(select: select) -> …`.
    ///
    /// # Errors
    /// The package is no WIT.
    pub fn shapes(&self) -> Result<Vec<String>, String> {
        let shapes = self
            .shapes
            .get_or_init(|| self.parse())
            .as_ref()
            .map_err(Clone::clone)?;
        let lines = shapes.iter().flat_map(|(interface, members)| {
            members
                .iter()
                .map(move |(name, shape)| match shape.starts_with(name.as_str()) {
                    true => format!("{interface}/{shape}"),
                    false => format!("{interface}/{name}: {shape}"),
                })
        });
        Ok(lines.collect())
    }

    fn parse(&self) -> Result<Shapes, String> {
        let mut map = wit_parser::SourceMap::new();
        for (name, text) in self.files {
            map.push_str(name, *text);
        }
        let group: UnresolvedPackageGroup = map.parse().map_err(|(_, error)| error.to_string())?;
        let mut resolve = Resolve::default();
        resolve.push_group(group).map_err(|error| format!("{error:#}"))?;
        let interfaces = resolve.interfaces.iter().filter_map(|(id, interface)| {
            let members = signature::members(&resolve, id).collect();
            Some((interface.name.clone()?, members))
        });
        Ok(interfaces.collect())
    }
}

/// The names of the instances that a component imports.
pub(super) fn imports(engine: &Engine, component: &Component) -> Vec<String> {
    let engine = engine.wasmtime();
    component
        .component_type()
        .imports(engine)
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Whether an import such as `wasi:io/poll@0.2.3` is of this interface, in a version that is compatible: every 0.2 is.
fn is_of_another_package(interface: &str, import: &str) -> bool {
    import.split_once('@').is_some_and(|(name, version)| {
        name == interface
            && Version::parse(version).is_ok_and(|version| (version.major, version.minor) == (0, 2))
    })
}

/// The interface and version in a name such as `trovato:kernel/db@0.1.0`.
fn split(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix(PACKAGE)?.split_once('@')
}
