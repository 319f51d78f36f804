//! Loading plugins: from their artefacts, as every start but the first does, and by compiling them.

use std::time::Instant;

use anyhow::Result;
use trovato::app::STOCK;
use trovato::kernel::{Artefacts, Engine, Settings, digest};

use crate::folder::Folder;
use crate::plan::Plan;
use crate::report::{Gate, Report, Unit};
use crate::samples::Samples;

pub fn measure(plan: &Plan, report: &mut Report) -> Result<()> {
    report.group("Loading a stock plugin");
    let engine = Engine::new(&Settings::default())?;
    let (mut compile, mut load) = (Samples::default(), Samples::default());
    for plugin in STOCK {
        let folder = Folder::new("artefacts")?;
        let artefacts = Artefacts::new(folder.path().to_owned());
        let digest = digest(plugin.component);
        for run in 0..=plan.rounds {
            let started = Instant::now();
            artefacts.component(&engine, plugin.name, &digest, || Ok(plugin.component.to_vec()))?;
            if run == 0 { &mut compile } else { &mut load }.add(started.elapsed());
        }
    }
    report.note(
        "compiled, p50 of the plugins",
        compile.p50() / 1e6,
        Unit::Milliseconds,
    );
    let time = load.percentile(50) / 1e6;
    report.gate(
        "from its artefact, p50",
        time,
        Unit::Milliseconds,
        Gate::AtMost(1.0),
    );
    report.note(
        "from its artefact, p95",
        load.percentile(95) / 1e6,
        Unit::Milliseconds,
    );
    Ok(())
}
