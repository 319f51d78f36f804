//! A kernel with one plugin, and sessions over it.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use trovato::kernel::{
    Artefacts, Engine, Health, Kernel, Limits, Manifest, Plugin, Registry, Session, Settings, System, digest,
};
use trovato::request::{Account, Request};
use trovato::time::Clock;
use trovato::{taps, wit};
use uuid::Uuid;

use crate::programs::Guest;

/// One plugin, ready to be called.
pub struct Host<S: System> {
    pub kernel: Kernel<S>,
    registry: Arc<Registry<S>>,
}

impl<S: System> Host<S> {
    /// Compiles the guest, or takes the artefact in the folder, on an engine of its own.
    pub fn new(settings: &Settings, artefacts: &Path, services: Arc<S>, guest: &Guest) -> Result<Self> {
        let engine = Engine::new(settings)?;
        let artefacts = Artefacts::new(artefacts.to_owned());
        let kernel = Kernel::new(engine, wit::contract(), artefacts, Limits::default(), services);
        let registry = kernel.arrange(vec![load(&kernel, guest)?])?;
        Ok(Self { kernel, registry })
    }

    /// A session of a new request.
    pub fn session(&self) -> Session<S> {
        let request = Request::new(Uuid::nil(), "/bench", Account::system());
        self.kernel.session_over(request, self.registry.clone())
    }
}

/// Loads a guest as the site loads its plugins.
pub fn load<S: System>(kernel: &Kernel<S>, guest: &Guest) -> Result<Arc<Plugin<S>>> {
    let manifest = Manifest::parse(Path::new(guest.name), &guest.manifest, taps::NAMES)?;
    let digest = digest(&guest.component);
    let component = kernel
        .artefacts
        .component(&kernel.engine, guest.name, &digest, || {
            kernel.contract.check(guest.name, guest.name, &guest.component)?;
            Ok(guest.component.clone())
        })?;
    let health = Arc::new(Health::new(taps::NAMES.len(), Clock::system()));
    let (engine, contract, limits) = (&kernel.engine, &kernel.contract, &kernel.limits);
    Ok(Arc::new(Plugin::link(
        engine,
        contract,
        Arc::new(manifest),
        &component,
        digest,
        limits,
        health,
    )?))
}
