//! Builds the fixture guests for WebAssembly and tells the harness where they are.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells build scripts their folders by the environment"
)]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const TARGET: &str = "wasm32-unknown-unknown";
/// The target of those whose manifest names it.
const WASI: &str = "wasm32-wasip2";

fn main() -> Result<(), Box<dyn Error>> {
    let tests = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let root = tests.parent().ok_or("the tests have no parent folder")?;
    for changed in ["tests/fixtures", "guest-sdk", "wit"] {
        println!("cargo::rerun-if-changed={}", root.join(changed).display());
    }
    // OUT_DIR is <target>/<profile>/build/<package>/out; all guests share a folder of their own, because the outer
    // cargo holds the lock of the other.
    let target = out
        .ancestors()
        .nth(4)
        .ok_or("OUT_DIR is not where cargo puts it")?
        .join("guests");
    let guests = fixtures(&tests.join("fixtures"))?;
    for (triple, variable) in [(TARGET, "TROVATO_GUESTS"), (WASI, "TROVATO_WASI_GUESTS")] {
        let names: Vec<&str> = guests
            .iter()
            .filter(|of| of.target == triple)
            .map(|of| of.name.as_str())
            .collect();
        build(root, &target, triple, &names)?;
        println!(
            "cargo::rustc-env={variable}={}",
            target.join(triple).join("plugin").display()
        );
    }
    println!(
        "cargo::rustc-env=TROVATO_FIXTURES={}",
        tests.join("fixtures").display()
    );
    Ok(())
}

struct Fixture {
    name: String,
    target: &'static str,
}

fn fixtures(folder: &Path) -> Result<Vec<Fixture>, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(manifest) = fs::read_to_string(entry.path().join("Cargo.toml")) else {
            continue;
        };
        names.push(Fixture {
            name: entry.file_name().to_string_lossy().into_owned(),
            target: if manifest.contains(WASI) { WASI } else { TARGET },
        });
    }
    Ok(names)
}

fn build(root: &Path, target: &Path, triple: &str, fixtures: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut cargo = Command::new(env::var("CARGO")?);
    cargo
        .current_dir(root)
        .args(["build", "--locked", "--target", triple, "--profile", "plugin"]);
    cargo.arg("--target-dir").arg(target);
    for name in fixtures {
        cargo.args(["-p", &format!("fixture-{name}")]);
    }
    // Flags for the host's machine code do not fit WebAssembly; the workspace's configuration has the right ones.
    for variable in [
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
    ] {
        cargo.env_remove(variable);
    }
    let output = cargo.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "the fixture guests can't be built:\n{}",
        String::from_utf8_lossy(&output.stderr)
    )
    .into())
}
