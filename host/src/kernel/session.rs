//! The plugins of one request: each gets a store of its own when it is first called, which serves its later
//! taps in that request and is dropped at the request's end.

use std::collections::BTreeSet;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use wasmtime::AsContextMut;

use super::instance::Instance;
use super::{Failure, Input, Plugin, Registry, System, Tap, engine};
use crate::request::Request;

/// A request as the kernel sees it. Clones that host functions get are one level deeper.
pub struct Session<S: System> {
    shared: Arc<Shared<S>>,
    depth: usize,
}

struct Shared<S: System> {
    request: Arc<Request>,
    services: Arc<S>,
    registry: Arc<Registry<S>>,
    places: Mutex<Vec<Place<S>>>,
    /// The names of the plugins whose part is missing somewhere.
    left_out: Mutex<BTreeSet<String>>,
    memory: S::Memory,
}

/// Where a plugin's instance is between calls.
enum Place<S: System> {
    Empty,
    Idle(Box<Instance<S>>),
    Busy,
    /// The plugin has failed; it is left out for the rest of the request.
    Out,
}

impl<S: System> Session<S> {
    /// A session for a request, over the plugins as they are now.
    pub fn new(request: Arc<Request>, services: Arc<S>, registry: Arc<Registry<S>>) -> Self {
        let places = std::iter::repeat_with(|| Place::Empty)
            .take(registry.len())
            .collect();
        let shared = Shared {
            request,
            services,
            registry,
            places: Mutex::new(places),
            left_out: Mutex::default(),
            memory: S::Memory::default(),
        };
        Self {
            shared: Arc::new(shared),
            depth: 0,
        }
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &Arc<Request> {
        &self.shared.request
    }

    /// The services.
    #[must_use]
    pub fn services(&self) -> &Arc<S> {
        &self.shared.services
    }

    /// The plugins of this session.
    #[must_use]
    pub fn registry(&self) -> &Arc<Registry<S>> {
        &self.shared.registry
    }

    /// What the services remember for the time of this request.
    #[must_use]
    pub fn memory(&self) -> &S::Memory {
        &self.shared.memory
    }

    /// The names of the plugins that were asked for something in this request and gave no answer.
    #[must_use]
    pub fn left_out(&self) -> Vec<String> {
        let left_out = self
            .shared
            .left_out
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        left_out.iter().cloned().collect()
    }

    fn leave_out(&self, plugin: &Plugin<S>) {
        let mut left_out = self
            .shared
            .left_out
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !left_out.contains(&plugin.manifest.name) {
            left_out.insert(plugin.manifest.name.clone());
        }
    }

    fn deeper(&self) -> Self {
        Self {
            shared: self.shared.clone(),
            depth: self.depth + 1,
        }
    }

    fn places(&self) -> MutexGuard<'_, Vec<Place<S>>> {
        self.shared.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls a tap of a plugin. A failure is logged and counted here, once.
    ///
    /// # Errors
    /// Why the plugin gave no answer.
    pub async fn call<T: Tap>(
        &self,
        plugin: &Arc<Plugin<S>>,
        input: &mut impl Input<S, T>,
    ) -> Result<T::Return, Failure> {
        let started = Instant::now();
        let result = match plugin.health.cool_down() {
            Some(_) => Err(Failure::Suspended),
            None => self.attempt::<T>(plugin, input).await,
        };
        let time = started.elapsed();
        match &result {
            Ok(_) => plugin.health.succeeded(T::SLOT, time),
            Err(failure) => {
                self.leave_out(plugin);
                if !matches!(failure, Failure::Out | Failure::Suspended) {
                    self.report::<T>(plugin, failure, time);
                }
            }
        }
        result
    }

    async fn attempt<T: Tap>(
        &self,
        plugin: &Arc<Plugin<S>>,
        input: &mut impl Input<S, T>,
    ) -> Result<T::Return, Failure> {
        let (mut instance, kept) = self.check_out(plugin).await?;
        let function = match instance.function::<T>(plugin) {
            Ok(function) => function,
            Err(failure) => {
                self.put_if(kept, plugin, Place::Out);
                return Err(failure);
            }
        };
        let call = instance.store.data_mut();
        call.tap = T::NAME;
        call.meter.start(T::BUDGET);
        let params = input.enter(&mut call.scope);
        if plugin.engine.is_limited() {
            instance.store.set_epoch_deadline(1);
        }
        let running = function.call_async(instance.store.as_context_mut(), params);
        let outcome = within(
            plugin.limits.wall(T::BUDGET),
            AssertUnwindSafe(running).catch_unwind(),
        )
        .await;
        let call = instance.store.data_mut();
        let result = match outcome {
            Some(Ok(Ok(answer))) => match call.meter.breach() {
                None => Ok(answer),
                Some(breach) => Err(breach.into()),
            },
            Some(Ok(Err(error))) => Err(Failure::of_trap(&error, call)),
            Some(Err(_)) => Err(Failure::HostPanic),
            None => Err(Failure::WallTime {
                limit: plugin.limits.wall(T::BUDGET),
            }),
        };
        input.leave(&mut call.scope, result.is_ok());
        S::settle(call, result.is_ok());
        let place = if result.is_ok() {
            Place::Idle(instance)
        } else {
            Place::Out
        };
        self.put_if(kept, plugin, place);
        result
    }

    /// The plugin's instance, made where there is none, and whether it goes back to its place afterwards: one
    /// that is made for a call from within the plugin's own call, or while one of another depth is idle, does not.
    async fn check_out(&self, plugin: &Arc<Plugin<S>>) -> Result<(Box<Instance<S>>, bool), Failure> {
        let kept = {
            let mut places = self.places();
            let place = places.get_mut(plugin.index).ok_or(Failure::Out)?;
            match std::mem::replace(place, Place::Busy) {
                Place::Idle(instance) if instance.depth == self.depth => return Ok((instance, true)),
                idle @ Place::Idle(_) => {
                    *place = idle;
                    false
                }
                Place::Out => {
                    *place = Place::Out;
                    return Err(Failure::Out);
                }
                Place::Empty => true,
                Place::Busy => false,
            }
        };
        let made = self.make(plugin).await;
        if made.is_err() {
            self.put_if(kept, plugin, Place::Out);
        }
        Ok((Box::new(made?), kept))
    }

    async fn make(&self, plugin: &Arc<Plugin<S>>) -> Result<Instance<S>, Failure> {
        let permit = match plugin.engine.try_permit(self.depth) {
            Some(permit) => permit,
            None => {
                // Whoever waits for room holds none that is not in use: see `engine::permits`.
                self.give_up_idle();
                let too_deep = Failure::TooDeep {
                    limit: engine::MAX_DEPTH,
                };
                let permit = plugin.engine.permit(self.depth).await.ok_or(too_deep)?;
                // While one waits for room, others may fail so often that the plugin is suspended.
                if plugin.health.cool_down().is_some() {
                    return Err(Failure::Suspended);
                }
                permit
            }
        };
        Instance::new(plugin, self.deeper(), self.depth, permit).await
    }

    fn give_up_idle(&self) {
        for place in self.places().iter_mut() {
            if matches!(place, Place::Idle(_)) {
                *place = Place::Empty;
            }
        }
    }

    /// Says where the plugin's instance is now, if it is the one that is kept.
    fn put_if(&self, kept: bool, plugin: &Plugin<S>, place: Place<S>) {
        if kept && let Some(slot) = self.places().get_mut(plugin.index) {
            *slot = place;
        }
    }

    fn report<T: Tap>(&self, plugin: &Plugin<S>, failure: &Failure, time: Duration) {
        let name = plugin.manifest.name.as_str();
        let cause = failure.to_string();
        let suspended = plugin.health.failed(T::SLOT, time, &cause);
        tracing::error!(
            plugin.name = name,
            plugin.tap = T::NAME,
            request.id = %self.shared.request.id,
            duration_ms = time.as_secs_f64() * 1e3,
            "plugin '{name}' failed in '{}' and is left out: {cause}",
            T::NAME,
        );
        if suspended {
            tracing::error!(
                plugin.name = name,
                "plugin '{name}' is suspended for a while after repeated failures; the last one: {cause}",
            );
        }
    }
}

impl<S: System> Drop for Session<S> {
    fn drop(&mut self) {
        // Idle stores hold sessions one level deeper: without this they would keep each other alive.
        if self.depth == 0 {
            self.places().clear();
        }
    }
}

/// The future's output, or none when it takes longer than the limit. The timer is made only if the future has
/// to wait at all.
async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let first = std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
    match first {
        Poll::Ready(output) => Some(output),
        Poll::Pending => tokio::time::timeout(limit, future).await.ok(),
    }
}
