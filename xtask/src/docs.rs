//! `cargo xtask docs`: the book.

use anyhow::{Result, bail};

use crate::interrupt::Interrupts;
use crate::{Outcome, cargo, tools};

/// Builds docs/ into docs/book/.
///
/// # Errors
/// When mdBook is not installed.
pub fn run(interrupts: &Interrupts) -> Result<Outcome> {
    let Some(mdbook) = tools::on_path("mdbook") else {
        bail!("not installed: mdBook. Install it with: cargo install mdbook --locked");
    };
    Ok(interrupts
        .run(cargo::in_workspace(mdbook).args(["build", "docs"]))?
        .into())
}
