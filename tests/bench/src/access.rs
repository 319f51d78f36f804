//! Ways of data access side by side: native, by handle with keys and with names, by snapshot, as JSON text.

use std::hint::black_box;

use anyhow::Result;
use trovato::subsystems::Services;
use trovato::wit::types::ViewMode;

use crate::content::{AsJson, item};
use crate::host::Host;
use crate::native;
use crate::plan::Plan;
use crate::report::{Gate, Report, Unit};
use crate::samples::Samples;
use crate::ways::Way;

/// The times of the ways with one item.
#[derive(Default)]
struct Ways {
    native: Samples,
    handle: Samples,
    named: Samples,
    snapshot: Samples,
    json: Samples,
}

/// How many times faster handles have to be than JSON for the size that is looked for.
const MUCH_FASTER: f64 = 5.0;

pub async fn measure(host: &Host<Services>, plan: &Plan, report: &mut Report) -> Result<()> {
    report.group("Data access: read 3 fields, one of 2 KB; set 1; answer a tree of 7 nodes");
    let small = ways(host, plan, 5).await?;
    let large = ways(host, plan, 30).await?;
    for (fields, ways) in [(5, &small), (30, &large)] {
        for (name, times) in [
            ("native", &ways.native),
            ("handle", &ways.handle),
            ("handle, fields by their names", &ways.named),
            ("snapshot", &ways.snapshot),
            ("JSON text", &ways.json),
        ] {
            report.note_times(&format!("{name}, {fields} fields"), times, Unit::Microseconds);
        }
    }
    let ratio = |one: &Samples, other: &Samples| one.p50() / other.p50();
    let at_most = Gate::AtMost;
    report.gate(
        "handle against native, 5 fields",
        ratio(&small.handle, &small.native),
        Unit::Times,
        at_most(3.5),
    );
    report.gate(
        "handle with 30 fields against 5",
        ratio(&large.handle, &small.handle),
        Unit::Times,
        at_most(1.1),
    );
    report.note(
        "snapshot against handle, 5 fields",
        ratio(&small.snapshot, &small.handle),
        Unit::Times,
    );
    report.note(
        "snapshot against handle, 30 fields",
        ratio(&large.snapshot, &large.handle),
        Unit::Times,
    );
    let at_least = Gate::AtLeast;
    report.gate(
        "JSON against handle, 5 fields",
        ratio(&small.json, &small.handle),
        Unit::Times,
        at_least(2.0),
    );
    report.gate(
        "JSON against handle, 30 fields",
        ratio(&large.json, &large.handle),
        Unit::Times,
        at_least(3.0),
    );
    size(host, plan, report).await
}

/// Times the ways in turns, so that what slows the machine down slows all of them.
async fn ways(host: &Host<Services>, plan: &Plan, fields: usize) -> Result<Ways> {
    let session = host.session();
    let mut way = Way::new(&session, item(fields));
    way.check().await?;
    let mut ours = item(fields);
    let mut ways = Ways::default();
    for _ in 0..plan.rounds {
        ways.native
            .time(plan.calls, || native::view(black_box(&mut ours)));
        ways.handle
            .time_async(plan.calls, async || way.view(&ViewMode::Full).await)
            .await;
        ways.named
            .time_async(plan.calls, async || way.view(&ViewMode::SearchResult).await)
            .await;
        ways.snapshot
            .time_async(plan.calls, async || way.view(&ViewMode::Teaser).await)
            .await;
        ways.json.time_async(plan.calls, async || way.json().await).await;
    }
    Ok(ways)
}

/// Looks for the size of an item from which on handles are much faster than JSON.
async fn size(host: &Host<Services>, plan: &Plan, report: &mut Report) -> Result<()> {
    for fields in [
        5, 8, 10, 12, 15, 18, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300,
    ] {
        let session = host.session();
        let mut way = Way::new(&session, item(fields));
        way.check().await?;
        let (mut handle, mut json) = (Samples::default(), Samples::default());
        for _ in 0..plan.rounds {
            handle
                .time_async(plan.calls / 4, async || way.view(&ViewMode::Full).await)
                .await;
            json.time_async(plan.calls / 4, async || way.json().await).await;
        }
        let ratio = json.p50() / handle.p50();
        report.note(
            format!("JSON against handle, {fields} fields, in turns of their own"),
            ratio,
            Unit::Times,
        );
        if ratio > MUCH_FASTER {
            let bytes = serde_json::to_vec(&AsJson(&item(fields)))?.len();
            let from = format!("handles are more than {MUCH_FASTER} x faster from so many fields on");
            report.note(from, fields as f64, Unit::Count);
            report.note("which as JSON text are", bytes as f64, Unit::Bytes);
            return Ok(());
        }
    }
    Ok(())
}
