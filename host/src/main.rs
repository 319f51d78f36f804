//! The `trovato` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    trovato::cli::run()
}
