//! Calls without the kernel: what wasmtime takes by itself, with the kernel's own way of running guests.

use trovato::wit::{self, types};
use wasmtime::component::{Component, Linker, TypedFunc};
use wasmtime::{Config, Engine, Error, Result, Store, UpdateDeadline};

/// A function that a guest exports, with the store of its instance.
pub struct Raw {
    store: Store<()>,
    function: TypedFunc<(), (std::result::Result<(), types::Error>,)>,
}

impl Raw {
    /// Instantiates a component that calls nothing that it imports.
    pub async fn new(component: &[u8], tap: &str) -> Result<Self> {
        let mut config = Config::new();
        config.concurrency_support(false).epoch_interruption(true);
        let engine = Engine::new(&config)?;
        let component = Component::new(&engine, component)?;
        let mut linker = Linker::new(&engine);
        linker.define_unknown_imports_as_traps(&component)?;
        let mut store = Store::new(&engine, ());
        store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Yield(1)));
        store.set_epoch_deadline(1);
        let instance = linker.instantiate_async(&mut store, &component).await?;
        let missing = || Error::msg(format!("the component has no tap '{tap}'"));
        let interface = format!("trovato:kernel/tap-{tap}@{}", wit::VERSION);
        let interface = instance
            .get_export_index(&mut store, None, &interface)
            .ok_or_else(missing)?;
        let export = instance
            .get_export_index(&mut store, Some(&interface), tap)
            .ok_or_else(missing)?;
        let function = instance.get_typed_func(&mut store, export)?;
        Ok(Self { store, function })
    }

    /// Whether the call succeeded.
    pub async fn call(&mut self) -> bool {
        matches!(self.function.call_async(&mut self.store, ()).await, Ok((Ok(()),)))
    }
}
