//! The WebAssembly engine: how guests are compiled, where their memory comes from, and how many run at once.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::Error;

/// How deep calls may nest: a tap that saves an item whose taps save another, and so on.
pub(super) const MAX_DEPTH: usize = 6;

/// How often running guests are looked at.
pub(super) const TICK: Duration = Duration::from_millis(5);

/// How many instances keep their memory for the next plugin that runs in their place. Each is a MiB or more.
const WARM: u32 = 32;
const KEEP_RESIDENT: usize = 2 << 20;
const KEEP_RESIDENT_WITHOUT_PAGEMAP: usize = 128 << 10;

/// What an engine is made with.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many instances there may be at once, at least 16.
    pub instances: u32,
    /// The most memory that the manifest of any plugin may ask for, in MiB.
    pub max_memory_mib: usize,
    /// Whether time and memory of guests are limited. Only a benchmark that measures what that costs turns it off.
    pub limited: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            instances: 1000,
            max_memory_mib: 512,
            limited: true,
        }
    }
}

/// An engine with its share of instances. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    engine: wasmtime::Engine,
    permits: Arc<[Arc<Semaphore>; MAX_DEPTH]>,
    max_memory: usize,
    limited: bool,
}

impl Engine {
    /// Makes an engine and starts the clock that interrupts guests.
    ///
    /// # Errors
    /// [`Error::Engine`] where the machine can't provide what the settings ask for.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        let engine = wasmtime::Engine::new(&config(settings)).map_err(|source| Error::Engine { source })?;
        if settings.limited {
            start_clock(&engine)?;
        }
        Ok(Self {
            engine,
            permits: Arc::new(permits(settings.instances.max(16) as usize)),
            max_memory: settings.max_memory_mib << 20,
            limited: settings.limited,
        })
    }

    pub(super) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.engine
    }

    pub(super) fn is_limited(&self) -> bool {
        self.limited
    }

    /// The most memory that a plugin may be granted, in bytes.
    pub(super) fn max_memory(&self) -> usize {
        self.max_memory
    }

    /// Changes whenever artefacts of another engine or of other settings would not fit.
    pub(super) fn compatibility(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.engine.precompile_compatibility_hash().hash(&mut hasher);
        hasher.finish()
    }

    pub(super) fn try_permit(&self, depth: usize) -> Option<OwnedSemaphorePermit> {
        self.permits.get(depth)?.clone().try_acquire_owned().ok()
    }

    /// Waits for room for an instance. None beyond the greatest depth.
    pub(super) async fn permit(&self, depth: usize) -> Option<OwnedSemaphorePermit> {
        self.permits.get(depth)?.clone().acquire_owned().await.ok()
    }
}

/// Every depth of nesting has a share of its own, and this holds: whoever waits for room at one depth holds room only
/// at lesser depths. The deepest calls wait for nobody, so they end and make room for those above them, and so on up:
/// a full pool can't deadlock.
///
/// It holds because an instance runs only calls of the depth that its permit is for (`Session::check_out`), so the
/// calls that a waiting one is nested in hold permits of lesser depths, one each; and because a session that has to
/// wait gives up its idle instances first, whatever their depth (`Session::make`).
fn permits(instances: usize) -> [Arc<Semaphore>; MAX_DEPTH] {
    std::array::from_fn(|depth| {
        let share = match depth {
            0 => instances / 2,
            1 => instances / 4,
            _ => (instances / 4) / (MAX_DEPTH - 2),
        };
        Arc::new(Semaphore::new(share.max(1)))
    })
}

fn config(settings: &Settings) -> Config {
    let instances = settings.instances.max(16);
    let keep_resident = if PoolingAllocationConfig::is_pagemap_scan_available() {
        KEEP_RESIDENT
    } else {
        KEEP_RESIDENT_WITHOUT_PAGEMAP
    };
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        // The component linker makes three core instances of a Rust plugin; other toolchains make more.
        .total_core_instances(instances * 8)
        .max_core_instances_per_component(64)
        .total_memories(instances)
        .max_memories_per_component(4)
        .max_memory_size(settings.max_memory_mib << 20)
        .total_tables(instances * 4)
        .max_tables_per_component(16)
        .total_stacks(instances)
        .max_unused_warm_slots(WARM)
        .linear_memory_keep_resident(keep_resident)
        .table_keep_resident(keep_resident)
        .async_stack_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    let mut config = Config::new();
    config
        .concurrency_support(false)
        .epoch_interruption(settings.limited)
        .max_wasm_stack(512 << 10)
        .async_stack_size(1 << 20)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}

/// Advances the engine's epoch until the engine is gone.
fn start_clock(engine: &wasmtime::Engine) -> Result<(), Error> {
    let engine = engine.weak();
    std::thread::Builder::new()
        .name("guest-clock".to_owned())
        .spawn(move || {
            while let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(TICK);
            }
        })
        .map(drop)
        .map_err(|source| Error::Engine {
            source: source.into(),
        })
}
