//! Embeds what the program carries: the migrations, the WIT package, the stock plugins and the themes.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "cargo speaks with build scripts by the environment and standard output"
)]

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

mod migrations;
mod stock;
mod themes;
mod wit;

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let root = manifest.parent().ok_or("the host has no parent folder")?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("migrations.rs"), migrations::embed(root)?)?;
    fs::write(out.join("themes.rs"), themes::embed(root)?)?;
    fs::write(out.join("wit.rs"), wit::embed(root)?)?;
    fs::write(out.join("stock.rs"), stock::embed(root, &out)?)?;
    fs::write(out.join("conformance.rs"), stock::embed_conformance(root, &out)?)?;
    Ok(())
}
