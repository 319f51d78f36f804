//! Instances: what it costs to make one, a page full of taps, and many requests at once.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use trovato::app::STOCK;
use trovato::kernel::Settings;
use trovato::subsystems::Services;
use trovato::wit::types::ViewMode;

use crate::content::item;
use crate::folder::Folder;
use crate::host::Host;
use crate::plan::Plan;
use crate::programs::Guest;
use crate::report::{Gate, Report, Unit};
use crate::samples::Samples;
use crate::ways::Way;

const TAPS_IN_A_PAGE: usize = 500;
const CONCURRENT: usize = 100;
/// The stock plugin that is instantiated: the largest one.
const PLUGIN: &str = "blog";

pub async fn measure(host: &Arc<Host<Services>>, plan: &Plan, report: &mut Report) -> Result<()> {
    report.group("Instances");
    stock(host, plan, report).await?;
    page(host, plan, report).await?;
    burst(host, plan, report).await
}

/// A request that calls a tap of a stock plugin once, less what the tap costs once the instance is there.
async fn stock(host: &Host<Services>, plan: &Plan, report: &mut Report) -> Result<()> {
    let folder = Folder::new("stock")?;
    let embedded = STOCK.iter().find(|plugin| plugin.name == PLUGIN);
    let guest = embedded.map(|plugin| Guest {
        name: plugin.name,
        manifest: plugin.manifest.to_owned(),
        component: plugin.component.to_vec(),
    });
    ensure!(guest.is_some(), "there is no stock plugin '{PLUGIN}'");
    let Some(guest) = guest else { return Ok(()) };
    let host = Host::new(
        &Settings::default(),
        folder.path(),
        host.kernel.services().clone(),
        &guest,
    )?;
    let (mut first, mut later) = (Samples::default(), Samples::default());
    let warm = host.session();
    let mut way = Way::new(&warm, item(5));
    for _ in 0..plan.rounds {
        // The post is of another type, so the plugin reads the type and has nothing to add.
        later
            .time_async(plan.calls, async || way.view(&ViewMode::Full).await)
            .await;
        for _ in 0..plan.calls {
            let item = item(5);
            let started = Instant::now();
            let session = host.session();
            let mut way = Way::new(&session, item);
            black_box(way.view(&ViewMode::Full).await);
            drop(session);
            first.add(started.elapsed());
        }
    }
    report.note_times(
        "a request with one tap of a stock plugin",
        &first,
        Unit::Microseconds,
    );
    report.note_times("the same tap again", &later, Unit::Microseconds);
    let made = (first.p50() - later.p50()) / 1e3;
    report.gate(
        "so store + instantiate + drop, p50",
        made,
        Unit::Microseconds,
        Gate::AtMost(12.0),
    );
    Ok(())
}

/// A listing whose items all go through one plugin.
async fn page(host: &Host<Services>, plan: &Plan, report: &mut Report) -> Result<()> {
    let mut pages = Samples::default();
    for _ in 0..plan.rounds * 5 {
        let item = item(5);
        let started = Instant::now();
        let session = host.session();
        let mut way = Way::new(&session, item);
        for _ in 0..TAPS_IN_A_PAGE {
            black_box(way.view(&ViewMode::Full).await);
        }
        drop(session);
        pages.add(started.elapsed());
    }
    let time = pages.p50() / 1e6;
    report.gate(
        format!("{TAPS_IN_A_PAGE} view taps in one page"),
        time,
        Unit::Milliseconds,
        Gate::AtMost(2.0),
    );
    Ok(())
}

/// Requests at once, each with an instance of its own.
async fn burst(host: &Arc<Host<Services>>, plan: &Plan, report: &mut Report) -> Result<()> {
    let (mut each, mut all) = (Samples::default(), Samples::default());
    for _ in 0..plan.bursts {
        let started = Instant::now();
        let requests: Vec<_> = (0..CONCURRENT)
            .map(|_| tokio::spawn(request(host.clone())))
            .collect();
        for request in requests {
            each.add(request.await??);
        }
        all.add(started.elapsed());
    }
    report.note_times("one of 100 concurrent requests", &each, Unit::Microseconds);
    let p95 = each.percentile(95) / 1e6;
    report.gate(
        "one of 100 concurrent requests, p95",
        p95,
        Unit::Milliseconds,
        Gate::AtMost(1.0),
    );
    report.note("all of them, p50", all.p50() / 1e6, Unit::Milliseconds);
    Ok(())
}

async fn request(host: Arc<Host<Services>>) -> Result<Duration> {
    let item = item(5);
    let started = Instant::now();
    let session = host.session();
    let mut way = Way::new(&session, item);
    let answer = way.view(&ViewMode::Full).await;
    drop(session);
    let time = started.elapsed();
    ensure!(answer.is_some(), "a request got no answer");
    Ok(time)
}
