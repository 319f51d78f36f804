//! `cargo xtask conformance`: puts what is released for other hosts together, and proves this host with it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::descendants::Descendants;
use crate::interrupt::Interrupts;
use crate::services::Services;
use crate::{Outcome, cargo, progress, setup};

/// The guests that the cases call, from `tests/fixtures/`.
const GUESTS: [(&str, &str); 4] = [
    ("prober", TARGET),
    ("tapper", TARGET),
    ("hostile", TARGET),
    ("wasi", WASI),
];
const TARGET: &str = "wasm32-unknown-unknown";
const WASI: &str = "wasm32-wasip2";
/// Where it is put together.
const FOLDER: &str = "target/conformance";
/// Where the server of the tests is.
const POSTGRES: &str = "TROVATO_TEST_POSTGRES_URL";

/// Builds the guests, copies them and the cases, and runs `trovato conformance host` on both databases.
///
/// # Errors
/// When something can't be built or copied, or a server does not start.
pub fn run(interrupts: &Interrupts) -> Result<Outcome> {
    setup::run(interrupts)?;
    progress::step("building the guests");
    for target in [TARGET, WASI] {
        let built = build(target, interrupts)?;
        if built == Outcome::Failed {
            return Ok(built);
        }
    }
    let folder = cargo::root().join(FOLDER);
    collect(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    progress::step(&format!("guests and cases are in {FOLDER}"));
    let _descendants = Descendants::adopt();
    let services = Services::start(interrupts)?;
    let server = services.environment().find(|(variable, _)| *variable == POSTGRES);
    let postgres = server.map(|(_, url)| url.to_owned());
    let mut outcome = prove(interrupts, None)?;
    if let Some(url) = postgres
        && prove(interrupts, Some(&url))? == Outcome::Failed
    {
        outcome = Outcome::Failed;
    }
    Ok(outcome)
}

fn build(target: &str, interrupts: &Interrupts) -> Result<Outcome> {
    let mut command = cargo::command();
    command.args(["build", "--target", target, "--profile", "plugin", "--target-dir"]);
    command.arg(guests());
    for (guest, _) in GUESTS.iter().filter(|guest| guest.1 == target) {
        command.args(["--package", &format!("fixture-{guest}")]);
    }
    Ok(interrupts.run(&mut command)?.into())
}

/// Where the tests build their guests as well.
fn guests() -> PathBuf {
    cargo::root().join("target/guests")
}

fn collect(folder: &Path) -> std::io::Result<()> {
    let cases = folder.join("cases");
    fs::create_dir_all(&cases)?;
    for entry in fs::read_dir(cargo::root().join("conformance/cases"))? {
        let entry = entry?;
        fs::copy(entry.path(), cases.join(entry.file_name()))?;
    }
    fs::copy(
        cargo::root().join("conformance/README.md"),
        folder.join("README.md"),
    )?;
    for (guest, target) in GUESTS {
        let to = folder.join("plugins").join(guest);
        fs::create_dir_all(&to)?;
        let manifest = cargo::root()
            .join("tests/fixtures")
            .join(guest)
            .join("plugin.toml");
        fs::copy(manifest, to.join("plugin.toml"))?;
        let component = guests()
            .join(target)
            .join("plugin")
            .join(format!("fixture_{guest}.wasm"));
        fs::copy(component, to.join(format!("{guest}.wasm")))?;
    }
    Ok(())
}

fn prove(interrupts: &Interrupts, on: Option<&str>) -> Result<Outcome> {
    let mut command = cargo::command();
    command.args(["run", "--quiet", "--package", "trovato", "--bin", "trovato", "--"]);
    command.args(["conformance", "host", "--fixtures", FOLDER]);
    if let Some(url) = on {
        command.args(["--on", url]);
    }
    Ok(interrupts.run(&mut command)?.into())
}
