//! The log.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::config::{Log, LogFormat};

/// Starts the log on standard error; a quiet one has warnings and errors only. A second start changes nothing.
///
/// # Errors
/// The filter is none.
pub fn start(log: &Log, quiet: bool) -> Result<(), String> {
    let level = if quiet && log.level == Log::default().level {
        "warn"
    } else {
        &log.level
    };
    let filter = EnvFilter::try_new(level).map_err(|error| format!("log level '{level}': {error}"))?;
    let builder = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let started = match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    // Whoever has started a log already keeps it.
    drop(started);
    Ok(())
}
