//! The log.

use std::io::IsTerminal;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::config::{Log, LogFormat};
use crate::recent::Recent;

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
    let lines = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let lines = match log.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .with(Recent::of_process().with_filter(LevelFilter::WARN))
        .try_init();
    // Whoever has started a log already keeps it.
    drop(started);
    Ok(())
}
