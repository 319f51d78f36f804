//! Does nothing, or waits for the host: what a call costs that does no work of its own.

use trovato_sdk::prelude::*;

/// Does nothing.
#[tap]
fn enable() -> Result<()> {
    Ok(())
}

/// Waits until the host has answered; under the benchmark that takes 10 ms.
#[tap]
fn disable() -> Result<()> {
    plugins::exists("");
    Ok(())
}
