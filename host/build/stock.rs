//! The stock plugins: built for WebAssembly and listed as one Rust constant.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const PLUGINS: [&str; 5] = ["blog", "contact", "page", "reading-time", "related"];
const TARGET: &str = "wasm32-unknown-unknown";

pub fn embed(root: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    for changed in ["plugins", "guest-sdk", "wit"] {
        println!("cargo::rerun-if-changed={}", root.join(changed).display());
    }
    let target = build(root, out)?;
    let mut code = String::from("pub const PLUGINS: &[Embedded] = &[\n");
    for name in PLUGINS {
        let folder = root.join("plugins").join(name);
        let manifest = folder.join("plugin.toml");
        let component = target.join(format!("plugin_{}.wasm", name.replace('-', "_")));
        writeln!(
            code,
            "    Embedded {{ name: {name:?}, manifest: include_str!({manifest:?}),"
        )?;
        writeln!(
            code,
            "        component: include_bytes!({component:?}), templates: &["
        )?;
        for template in templates(&folder.join("templates")) {
            let file = template.file_name().unwrap_or_default().to_string_lossy();
            writeln!(code, "            ({file:?}, include_str!({template:?})),")?;
        }
        code.push_str("        ] },\n");
    }
    code.push_str("];\n");
    Ok(code)
}

/// Runs cargo for the plugins, with a target folder of its own: the outer cargo holds the lock of the other.
fn build(root: &Path, out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    // OUT_DIR is <target>/<profile>/build/<package>/out; all profiles share the plugins.
    let target = out
        .ancestors()
        .nth(4)
        .ok_or("OUT_DIR is not where cargo puts it")?
        .join("guests");
    let mut cargo = Command::new(env::var("CARGO")?);
    cargo
        .current_dir(root)
        .args(["build", "--locked", "--target", TARGET, "--profile", "plugin"]);
    cargo.arg("--target-dir").arg(&target);
    for name in PLUGINS {
        cargo.args(["-p", &format!("plugin-{name}")]);
    }
    // Flags for the host's machine code do not fit WebAssembly; the workspace's configuration has the right ones.
    for variable in [
        "CARGO_MANIFEST_DIR",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
    ] {
        cargo.env_remove(variable);
    }
    let output = cargo.output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let hint = if said.contains("can't find crate for `core`") || said.contains("may not be installed") {
            format!("\nThe target is missing: run `rustup target add {TARGET}` (`cargo xtask set-up` does)")
        } else {
            String::new()
        };
        return Err(format!("the stock plugins can't be built:\n{said}{hint}").into());
    }
    Ok(target.join(TARGET).join("plugin"))
}

fn templates(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
    files.sort();
    files
}
