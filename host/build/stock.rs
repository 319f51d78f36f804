//! Plugins that are part of the program: built for WebAssembly and listed as Rust constants. The stock ones, and the
//! guests by which a host is proved.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const STOCK: [&str; 7] = [
    "blog",
    "contact",
    "editorial",
    "page",
    "reading-time",
    "related",
    "seo",
];
/// From `tests/fixtures`; the last is built for WASI.
const GUESTS: [(&str, &str); 4] = [
    ("hostile", TARGET),
    ("prober", TARGET),
    ("tapper", TARGET),
    ("wasi", WASI),
];
const TARGET: &str = "wasm32-unknown-unknown";
const WASI: &str = "wasm32-wasip2";

pub fn embed(root: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    for changed in ["plugins", "guest-sdk", "wit", "tests/fixtures"] {
        println!("cargo::rerun-if-changed={}", root.join(changed).display());
    }
    let packages = STOCK.map(|name| format!("plugin-{name}"));
    let target = build(root, out, TARGET, &packages)?;
    let mut code = String::from("pub const PLUGINS: &[Embedded] = &[\n");
    for name in STOCK {
        let component = target.join(format!("plugin_{}.wasm", name.replace('-', "_")));
        entry(&mut code, name, &root.join("plugins").join(name), &component)?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// The guests and the cases of `trovato conformance host`.
pub fn embed_conformance(root: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let cases = root.join("conformance/cases");
    println!("cargo::rerun-if-changed={}", cases.display());
    let mut code = String::from("pub const GUESTS: &[Embedded] = &[\n");
    for target in [TARGET, WASI] {
        let names: Vec<&str> = GUESTS
            .iter()
            .filter(|guest| guest.1 == target)
            .map(|guest| guest.0)
            .collect();
        let packages: Vec<String> = names.iter().map(|name| format!("fixture-{name}")).collect();
        let built = build(root, out, target, &packages)?;
        for name in names {
            let component = built.join(format!("fixture_{name}.wasm"));
            entry(
                &mut code,
                name,
                &root.join("tests/fixtures").join(name),
                &component,
            )?;
        }
    }
    code.push_str("];\npub const CASES: &[(&str, &str)] = &[\n");
    for case in files(&cases, "toml") {
        let file = case.file_name().unwrap_or_default().to_string_lossy();
        writeln!(code, "    ({file:?}, include_str!({case:?})),")?;
    }
    code.push_str("];\n");
    Ok(code)
}

fn entry(code: &mut String, name: &str, folder: &Path, component: &Path) -> Result<(), Box<dyn Error>> {
    let manifest = folder.join("plugin.toml");
    writeln!(
        code,
        "    Embedded {{ name: {name:?}, manifest: include_str!({manifest:?}),"
    )?;
    writeln!(
        code,
        "        component: include_bytes!({component:?}), templates: &["
    )?;
    for template in files(&folder.join("templates"), "html") {
        let file = template.file_name().unwrap_or_default().to_string_lossy();
        writeln!(code, "            ({file:?}, include_str!({template:?})),")?;
    }
    code.push_str("        ] },\n");
    Ok(())
}

/// Runs cargo for plugins, with a target folder of its own: the outer cargo holds the lock of the other.
fn build(root: &Path, out: &Path, triple: &str, packages: &[String]) -> Result<PathBuf, Box<dyn Error>> {
    // OUT_DIR is <target>/<profile>/build/<package>/out; all profiles share the plugins.
    let target = out
        .ancestors()
        .nth(4)
        .ok_or("OUT_DIR is not where cargo puts it")?
        .join("guests");
    let mut cargo = Command::new(env::var("CARGO")?);
    cargo
        .current_dir(root)
        .args(["build", "--locked", "--target", triple, "--profile", "plugin"]);
    cargo.arg("--target-dir").arg(&target);
    for package in packages {
        cargo.args(["-p", package]);
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
        let is_missing = ["`core`", "`std`"]
            .iter()
            .any(|missing| said.contains(&format!("can't find crate for {missing}")));
        let hint = if is_missing || said.contains("may not be installed") {
            format!("\nThe target is missing: run `rustup target add {triple}` (`cargo xtask set-up` does)")
        } else {
            String::new()
        };
        return Err(format!("the plugins of the program can't be built:\n{said}{hint}").into());
    }
    Ok(target.join(triple).join("plugin"))
}

/// The files of a folder with this ending, in order; none where there is no folder.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}
