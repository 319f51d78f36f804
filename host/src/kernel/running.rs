//! The kernel at work: the services, the plugins as they are now, and sessions over both.

use std::sync::{Arc, PoisonError, RwLock};

use super::{Artefacts, Contract, Engine, Error, Limits, Plugin, Registry, Session, System};
use crate::request::Request;

/// The kernel over the services `S`.
pub struct Kernel<S: System> {
    /// The engine that runs guests.
    pub engine: Engine,
    /// What guests and host have agreed on.
    pub contract: Contract,
    /// Where compiled components are kept.
    pub artefacts: Artefacts,
    /// What calls may use unless a manifest asks for more.
    pub limits: Limits,
    services: Arc<S>,
    registry: RwLock<Arc<Registry<S>>>,
}

impl<S: System> Kernel<S> {
    /// A kernel without plugins.
    #[must_use]
    pub fn new(
        engine: Engine,
        contract: Contract,
        artefacts: Artefacts,
        limits: Limits,
        services: Arc<S>,
    ) -> Self {
        let registry = RwLock::new(Arc::new(Registry::empty()));
        Self {
            engine,
            contract,
            artefacts,
            limits,
            services,
            registry,
        }
    }

    /// The services.
    #[must_use]
    pub fn services(&self) -> &Arc<S> {
        &self.services
    }

    /// The plugins as they are now.
    #[must_use]
    pub fn registry(&self) -> Arc<Registry<S>> {
        self.registry
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A registry of other plugins, for a session that tries them out before they are put to work.
    ///
    /// # Errors
    /// A dependency that is missing, of a wrong version, or circular.
    pub fn arrange(&self, plugins: Vec<Arc<Plugin<S>>>) -> Result<Arc<Registry<S>>, Error> {
        Registry::new(plugins, self.contract.taps()).map(Arc::new)
    }

    /// Puts plugins to work. Sessions that run go on with the ones they began with.
    pub fn install(&self, registry: Arc<Registry<S>>) {
        *self.registry.write().unwrap_or_else(PoisonError::into_inner) = registry;
    }

    /// A session for a request, over the plugins as they are now.
    #[must_use]
    pub fn session(&self, request: Request) -> Session<S> {
        self.session_over(request, self.registry())
    }

    /// A session for a request, over other plugins.
    #[must_use]
    pub fn session_over(&self, request: Request, registry: Arc<Registry<S>>) -> Session<S> {
        Session::new(Arc::new(request), self.services.clone(), registry)
    }
}
