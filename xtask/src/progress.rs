//! What a developer reads while a command works. It goes to standard error: standard output stays the
//! commands' own.

use std::io::{self, Write};

/// Announces the next piece of work.
pub fn step(text: &str) {
    line(&format!("==> {text}"));
}

/// Tells why a command could not do its work, cause by cause.
pub fn failure(error: &anyhow::Error) {
    line(&format!("error: {error:#}"));
}

fn line(text: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(io::stderr(), "{text}");
}
