//! The boundary itself: calls of the host, what the kernel adds to a call, and what limits cost.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, anyhow, ensure};
use trovato::kernel::{Plain, Settings};
use trovato::subsystems::Services;
use trovato::taps;
use trovato::wit::types::ViewMode;

use crate::content::item;
use crate::folder::Folder;
use crate::host::Host;
use crate::plan::Plan;
use crate::programs::Guest;
use crate::raw::Raw;
use crate::report::{Gate, Report, Unit};
use crate::samples::Samples;
use crate::waiting::Slow;
use crate::ways::Way;

/// Calls of the host in one call of the guest.
const HOST_CALLS: u32 = 1000;

pub async fn measure(
    host: &Host<Services>,
    [reader, waiter]: &[Guest; 2],
    plan: &Plan,
    report: &mut Report,
) -> Result<()> {
    report.group("The boundary");
    let text = host_call(host, plan, "text").await;
    report.gate(
        "a host call that reads a field of 2 KB",
        text,
        Unit::Nanoseconds,
        Gate::AtMost(300.0),
    );
    let number = host_call(host, plan, "number").await;
    report.gate(
        "a host call that reads a number",
        number,
        Unit::Nanoseconds,
        Gate::AtMost(80.0),
    );
    for (name, what) in [
        ("a field of 2 KB by its name", "text-by-name"),
        ("a number by the name of its field", "number-by-name"),
    ] {
        let time = host_call(host, plan, what).await;
        report.note(name, time, Unit::Nanoseconds);
    }
    kernel(waiter, plan, report).await?;
    limits(host, reader, plan, report).await
}

/// The time of one call among many, less what the tap around them costs.
async fn host_call(host: &Host<Services>, plan: &Plan, what: &str) -> f64 {
    let session = host.session();
    let mut way = Way::new(&session, item(5));
    let (none, many) = (mode(what, 0), mode(what, HOST_CALLS));
    let mut times = Samples::default();
    for _ in 0..plan.rounds * 5 {
        let started = Instant::now();
        black_box(way.view(&none).await);
        let without = started.elapsed();
        let started = Instant::now();
        black_box(way.view(&many).await);
        let calls = started.elapsed().saturating_sub(without);
        times.add_nanoseconds(calls.as_nanos() as f64 / f64::from(HOST_CALLS));
    }
    times.p50()
}

fn mode(what: &str, calls: u32) -> ViewMode {
    ViewMode::Other(format!("{what} {calls}"))
}

/// A tap that does nothing, through the kernel and through wasmtime alone.
async fn kernel(waiter: &Guest, plan: &Plan, report: &mut Report) -> Result<()> {
    let folder = Folder::new("boundary")?;
    let host = Host::new(&Settings::default(), folder.path(), Arc::new(Slow), waiter)?;
    let session = host.session();
    let mut raw = Raw::new(&waiter.component, "enable")
        .await
        .map_err(|error| anyhow!("{error:#}"))?;
    ensure!(raw.call().await, "the call without the kernel fails");
    ensure!(
        session.collect::<taps::Enable>(&mut Plain(|| ())).await.len() == 1,
        "the tap fails"
    );
    let (mut with, mut without) = (Samples::default(), Samples::default());
    for _ in 0..plan.rounds {
        without.time_async(plan.calls, async || raw.call().await).await;
        let call = async || session.collect::<taps::Enable>(&mut Plain(|| ())).await;
        with.time_async(plan.calls, call).await;
    }
    report.note_times(
        "a tap that does nothing, wasmtime alone",
        &without,
        Unit::Nanoseconds,
    );
    report.note_times(
        "a tap that does nothing, through the kernel",
        &with,
        Unit::Nanoseconds,
    );
    let added = (with.p50() - without.p50()) / 1e3;
    report.gate("so the kernel adds", added, Unit::Microseconds, Gate::AtMost(1.0));
    Ok(())
}

/// The handle tap on an engine that can't be interrupted, with nothing limited.
async fn limits(host: &Host<Services>, reader: &Guest, plan: &Plan, report: &mut Report) -> Result<()> {
    let folder = Folder::new("unlimited")?;
    let settings = Settings {
        limited: false,
        ..Settings::default()
    };
    let unlimited = Host::new(&settings, folder.path(), host.kernel.services().clone(), reader)?;
    let (session, free_session) = (host.session(), unlimited.session());
    let (mut way, mut free) = (Way::new(&session, item(5)), Way::new(&free_session, item(5)));
    let (mut with, mut without) = (Samples::default(), Samples::default());
    for _ in 0..plan.rounds {
        without
            .time_async(plan.calls, async || free.view(&ViewMode::Full).await)
            .await;
        with.time_async(plan.calls, async || way.view(&ViewMode::Full).await)
            .await;
    }
    report.note(
        "handle tap without limits, p50",
        without.p50() / 1e3,
        Unit::Microseconds,
    );
    let ratio = with.p50() / without.p50();
    report.gate(
        "with time and memory limits against without",
        ratio,
        Unit::Times,
        Gate::AtMost(1.2),
    );
    Ok(())
}
