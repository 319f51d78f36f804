//! A running plugin: a store of its own with one instance in it.

use std::any::Any;
use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use wasmtime::Store;
use wasmtime::component::TypedFunc;

use super::limits::Meter;
use super::{Call, Failure, Plugin, Session, System, Tap};

/// An instance of a plugin with its store. Dropping it frees everything that the guest had.
pub(super) struct Instance<S: System> {
    pub(super) store: Store<Call<S>>,
    instance: wasmtime::component::Instance,
    /// The functions found so far, by the slot of their tap.
    functions: Vec<Option<Box<dyn Any + Send>>>,
    /// The depth of nesting that its permit is for: see `engine::permits`.
    pub(super) depth: usize,
    _permit: OwnedSemaphorePermit,
}

impl<S: System> Instance<S> {
    /// An instance at the depth that the permit is for, which `session` is one deeper than.
    pub(super) async fn new(
        plugin: &Arc<Plugin<S>>,
        session: Session<S>,
        depth: usize,
        permit: OwnedSemaphorePermit,
    ) -> Result<Self, Failure> {
        let call = Call {
            session,
            plugin: plugin.manifest.clone(),
            scope: S::Scope::default(),
            tap: "start",
            last_words: None,
            meter: Meter::new(plugin.limits),
        };
        let mut store = Store::new(plugin.engine.wasmtime(), call);
        store.set_hostcall_fuel(plugin.limits.output);
        if plugin.engine.is_limited() {
            store.limiter(|call| &mut call.meter);
            store.epoch_deadline_callback(|mut context| Ok(context.data_mut().meter.tick()));
            store.set_epoch_deadline(1);
        }
        store.data_mut().meter.start(super::Budget::View);
        match plugin.pre.instantiate_async(&mut store).await {
            Ok(instance) => Ok(Self {
                store,
                instance,
                functions: Vec::new(),
                depth,
                _permit: permit,
            }),
            Err(error) => Err(Failure::of_trap(&error, store.data())),
        }
    }

    /// The function of a tap that the plugin is known to export.
    pub(super) fn function<T: Tap>(
        &mut self,
        plugin: &Plugin<S>,
    ) -> Result<TypedFunc<T::Params, T::Return>, Failure> {
        if let Some(Some(known)) = self.functions.get(T::SLOT)
            && let Some(function) = known.downcast_ref::<TypedFunc<T::Params, T::Return>>()
        {
            return Ok(*function);
        }
        let export = plugin.export(T::SLOT).ok_or(Failure::NotExported)?;
        let function = self
            .instance
            .get_typed_func::<T::Params, T::Return>(&mut self.store, export)
            .map_err(|error| Failure::Signature {
                detail: format!("{error:#}"),
            })?;
        if self.functions.len() <= T::SLOT {
            self.functions.resize_with(T::SLOT + 1, || None);
        }
        if let Some(slot) = self.functions.get_mut(T::SLOT) {
            *slot = Some(Box::new(function));
        }
        Ok(function)
    }
}
