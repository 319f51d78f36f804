//! Compiled components, kept in the data folder so that a start does not compile.
//!
//! An artefact is native code: it is only ever taken from the folder that this process writes, never from a
//! plugin. A digest at its end tells a damaged one, which is compiled anew.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use sha2::{Digest, Sha256};
use wasmtime::component::Component;

use super::{Engine, Error};

const DIGEST: usize = 32;

/// The folder of artefacts.
#[derive(Clone, Debug)]
pub struct Artefacts {
    folder: PathBuf,
}

impl Artefacts {
    /// Artefacts in a folder, which is made when the first one is stored.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Whether a component of this digest has been compiled for the engine.
    #[must_use]
    pub fn has(&self, engine: &Engine, digest: &str) -> bool {
        self.path(engine, digest).exists()
    }

    /// The compiled component: from its artefact if there is a sound one, else compiled and kept.
    ///
    /// # Errors
    /// [`Error::Compile`] where the bytes are no valid component.
    pub fn component(
        &self,
        engine: &Engine,
        plugin: &str,
        digest: &str,
        wasm: impl FnOnce() -> Result<Vec<u8>, Error>,
    ) -> Result<Component, Error> {
        let path = self.path(engine, digest);
        match load(engine, &path) {
            Ok(component) => return Ok(component),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(
                    plugin.name = plugin,
                    "the compiled form of '{plugin}' is made anew: {error}"
                );
            }
        }
        let compile = |source: wasmtime::Error| Error::Compile {
            plugin: plugin.to_owned(),
            detail: format!("{source:#}"),
        };
        let compiled = engine
            .wasmtime()
            .precompile_component(&wasm()?)
            .map_err(compile)?;
        match store(&path, &compiled).and_then(|()| load(engine, &path)) {
            Ok(component) => Ok(component),
            Err(error) => {
                tracing::warn!(
                    plugin.name = plugin,
                    "the compiled form of '{plugin}' can't be kept: {error}"
                );
                #[expect(
                    unsafe_code,
                    reason = "this process has just compiled the bytes with this engine"
                )]
                let component = unsafe { Component::deserialize(engine.wasmtime(), compiled) };
                component.map_err(compile)
            }
        }
    }

    fn path(&self, engine: &Engine, digest: &str) -> PathBuf {
        self.folder
            .join(format!("{digest}-{:016x}.cwasm", engine.compatibility()))
    }
}

/// The digest under which a component's artefact is kept, in hexadecimal.
#[must_use]
pub fn digest(wasm: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(wasm)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn load(engine: &Engine, path: &Path) -> io::Result<Component> {
    let bytes = fs::read(path)?;
    let sound = bytes
        .split_last_chunk::<DIGEST>()
        .is_some_and(|(artefact, digest)| Sha256::digest(artefact).as_slice() == digest);
    if !sound {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is damaged"));
    }
    #[expect(
        unsafe_code,
        reason = "only this program writes the folder, and the digest was just verified"
    )]
    let component = unsafe { Component::deserialize_file(engine.wasmtime(), path) };
    component.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{error:#}")))
}

/// Writes beside the target and renames: a reader sees the whole artefact or none. Each writer has a file of its own,
/// because one that others have mapped must never be cut short.
fn store(path: &Path, artefact: &[u8]) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let temporary = path.with_extension(format!(
        "{}-{}.tmp",
        std::process::id(),
        NEXT.fetch_add(1, Relaxed)
    ));
    let written = fs::File::create(&temporary).and_then(|mut file| {
        file.write_all(artefact)?;
        file.write_all(&Sha256::digest(artefact))?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| fs::rename(&temporary, path));
    if renamed.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    renamed
}
