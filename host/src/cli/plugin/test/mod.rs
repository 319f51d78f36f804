//! `trovato plugin test`: a plugin's own tests, with the plugin built and a site for each test that wants one.

mod database;
mod field;
mod order;
pub mod site;

use std::path::Path;

use clap::Args;

use super::cargo::{self, Mode};
use super::{Error, Result, build, place};
use crate::config::Config;

/// Where `trovato-sdk-test` finds this program, and a server for databases of its own.
const PROGRAM: &str = "TROVATO_TEST_PROGRAM";
const POSTGRES: &str = "TROVATO_TEST_POSTGRES_URL";

/// What `test` may be told.
#[derive(Args)]
pub struct Options {
    /// The plugin, by its folder or its name; the working folder where none is given.
    #[arg(value_name = "FOLDER|NAME")]
    plugin: Option<String>,
    /// A Postgres server on which tests make databases of their own, besides the SQLite files that they get anyway.
    #[arg(long, value_name = "URL")]
    on: Option<String>,
    /// Build the component quickly instead of small and fast.
    #[arg(long)]
    debug: bool,
    /// What cargo's test command is told besides, such as the name of a test.
    #[arg(last = true, value_name = "ARGUMENT")]
    arguments: Vec<String>,
}

pub fn run(config: &Config, options: &Options) -> Result {
    let folder = place::folder(config, options.plugin.as_deref())?;
    let mode = Mode {
        debug: options.debug,
        quiet: true,
    };
    build::component(&folder, mode)?;
    cargo_test(&folder, options)
}

fn cargo_test(folder: &Path, options: &Options) -> Result {
    let program = std::env::current_exe().map_err(Error::set_up)?;
    let mut cargo = cargo::command("cargo", folder);
    cargo.arg("test").args(&options.arguments).env(PROGRAM, program);
    if let Some(url) = &options.on {
        cargo.env(POSTGRES, url);
    }
    let status = cargo
        .status()
        .map_err(|error| cargo::cannot_run("cargo", &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::failed(
        "tests of the plugin fail: see what cargo says above",
    ))
}
