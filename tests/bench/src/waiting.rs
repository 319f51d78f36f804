//! Taps that wait for the host: many at once, also when there is not room for all of them.
//!
//! The kernel is generic over its services; here they are one that takes its time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use trovato::kernel::{Call, Interface, Plain, Settings, System, View};
use trovato::taps;
use trovato::wit::{self, types};
use wasmtime::component::HasData;

use crate::folder::Folder;
use crate::host::Host;
use crate::plan::Plan;
use crate::programs::Guest;
use crate::report::{Gate, Report, Unit};
use crate::samples::Samples;

const CONCURRENT: usize = 100;
const WAIT: Duration = Duration::from_millis(10);
/// Room for 16 requests at once: half of the instances, the rest is for nested calls.
const SMALL_POOL: u32 = 32;

/// Services that take their time.
pub struct Slow;

impl System for Slow {
    type Scope = ();
    type Noted = ();
    type Memory = ();

    fn settle(_: &mut Call<Self>, _: bool) {}

    fn interfaces() -> Vec<Interface<Self>> {
        vec![
            Interface::types("types"),
            Interface::open("log", |linker| {
                wit::log::add_to_linker::<_, SlowFace>(linker, view)
            }),
            Interface::open("plugins", |linker| {
                wit::plugins::add_to_linker::<_, SlowFace>(linker, waiting_view)
            }),
        ]
    }
}

/// What the guest's imports are answered by.
struct Face<'a>(View<'a, Slow, Slow>);

struct SlowFace;

impl HasData for SlowFace {
    type Data<'a> = Face<'a>;
}

fn view(call: &mut Call<Slow>) -> Face<'_> {
    Face(call.view())
}

fn waiting_view(call: &mut Call<Slow>) -> Face<'_> {
    Face(call.waiting_view())
}

impl wit::log::Host for Face<'_> {
    fn write(&mut self, _: wit::log::Level, message: String, _: Vec<types::NamedText>) {
        tracing::error!(plugin.name = self.0.call.plugin.name, "{message}");
    }
}

impl wit::plugins::Host for Face<'_> {
    async fn exists(&mut self, _: String) -> bool {
        tokio::time::sleep(WAIT).await;
        false
    }

    async fn invoke(&mut self, _: String, _: String, _: String) -> Result<String, types::Error> {
        Err(types::Error::NotFound)
    }
}

pub async fn measure(waiter: &Guest, plan: &Plan, report: &mut Report) -> Result<()> {
    report.group("100 concurrent taps that await a host call of 10 ms");
    let folder = Folder::new("waiting")?;
    let (large, small) = (
        Settings::default(),
        Settings {
            instances: SMALL_POOL,
            ..Settings::default()
        },
    );
    let total = bursts(&large, &folder, waiter, plan).await? / 1e6;
    report.gate("all of them, p50", total, Unit::Milliseconds, Gate::AtMost(25.0));
    let total = bursts(&small, &folder, waiter, plan).await? / 1e6;
    report.note(
        "with room for 16 at once: none fails, all of them, p50",
        total,
        Unit::Milliseconds,
    );
    Ok(())
}

async fn bursts(settings: &Settings, folder: &Folder, waiter: &Guest, plan: &Plan) -> Result<f64> {
    let host = Arc::new(Host::new(settings, folder.path(), Arc::new(Slow), waiter)?);
    let mut times = Samples::default();
    for _ in 0..plan.bursts {
        let started = Instant::now();
        let requests: Vec<_> = (0..CONCURRENT)
            .map(|_| tokio::spawn(request(host.clone())))
            .collect();
        for request in requests {
            ensure!(request.await?, "a tap failed that only had to wait");
        }
        times.add(started.elapsed());
    }
    Ok(times.p50())
}

/// Whether the tap was answered.
async fn request(host: Arc<Host<Slow>>) -> bool {
    let session = host.session();
    !session
        .collect::<taps::Disable>(&mut Plain(|| ()))
        .await
        .is_empty()
}
