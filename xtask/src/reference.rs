//! `cargo xtask reference`: the page of the book that lists all that plugins and host can say to each other, made
//! from the doc comments of the WIT package.

mod links;
mod page;
mod wit;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wit_parser::Resolve;

use crate::{Outcome, cargo, progress};

#[derive(clap::Args)]
pub struct Arguments {
    /// Write nothing: fail when the committed page is stale or a link in the documentation leads nowhere
    #[arg(long)]
    check: bool,
}

/// Writes the page, or checks the documentation.
///
/// # Errors
/// When the WIT package or the documentation cannot be read, or the page cannot be written.
pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let root = cargo::root();
    if arguments.check {
        let problems = problems(root)?;
        for problem in &problems {
            progress::step(problem);
        }
        return Ok(if problems.is_empty() {
            Outcome::Passed
        } else {
            Outcome::Failed
        });
    }
    let file = file(root);
    fs::write(&file, generate(root)?).with_context(|| format!("{} could not be written", file.display()))?;
    progress::step("the reference is written: docs/reference/wit.md");
    Ok(Outcome::Passed)
}

/// What is wrong with the documentation, a line for each thing.
fn problems(root: &Path) -> Result<Vec<String>> {
    let mut problems = links::broken(root)?;
    let committed = fs::read_to_string(file(root)).unwrap_or_default();
    if committed != generate(root)? {
        problems.push("docs/reference/wit.md is stale; write it anew with: cargo xtask reference".to_owned());
    }
    Ok(problems)
}

fn file(root: &Path) -> PathBuf {
    root.join("docs/reference/wit.md")
}

fn generate(root: &Path) -> Result<String> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve
        .push_path(root.join("wit"))
        .context("the WIT package could not be read")?;
    page::write(&resolve, package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_that_of_the_wit_package_and_every_link_leads_somewhere() {
        assert_eq!(problems(cargo::root()).unwrap(), Vec::<String>::new());
    }
}
