//! WASI 0.2, as plugins see it whose language needs it: clocks, randomness, and output that goes to the site's log.
//! There is no file system, no environment and there are no arguments: those interfaces answer with nothing. Sockets
//! and everything else are refused when the plugin is loaded.
//!
//! Its own, and not the engine's crate for WASI: see `docs/decisions/0008-wasi-is-a-few-interfaces.md`.

mod lines;
mod sources;
mod streams;

use std::sync::Arc;

use super::clock::Time;
use super::random::Random;
use super::{Interface, Linked, Subsystem};
use crate::wit::wasi;

pub use lines::Held;
pub(super) use lines::settle;

/// What WASI's functions are answered from.
pub struct Wasi {
    /// The time.
    pub time: Arc<Time>,
    /// Randomness.
    pub random: Arc<Random>,
}

/// Makes the list of interfaces that are answered from Rust.
macro_rules! answered {
    ($($name:literal = $package:ident::$interface:ident, $view:ident;)*) => {
        [$(Interface::open($name, |linker| {
            wasi::$package::$interface::add_to_linker::<_, Linked<Wasi>>(linker, |call| call.$view())
        })),*]
    };
}

impl Subsystem for Wasi {
    fn interfaces() -> Vec<Interface> {
        let mut interfaces: Vec<Interface> = answered! {
            "wasi:io/error" = io::error, view;
            "wasi:io/poll" = io::poll, waiting_view;
            "wasi:io/streams" = io::streams, view;
            "wasi:clocks/monotonic-clock" = clocks::monotonic_clock, view;
            "wasi:clocks/wall-clock" = clocks::wall_clock, view;
            "wasi:random/random" = random::random, view;
            "wasi:random/insecure" = random::insecure, view;
            "wasi:random/insecure-seed" = random::insecure_seed, view;
            "wasi:cli/stdin" = cli::stdin, view;
            "wasi:cli/stdout" = cli::stdout, view;
            "wasi:cli/stderr" = cli::stderr, view;
            "wasi:cli/exit" = cli::exit, view;
        }
        .into();
        interfaces.extend([
            Interface::empty("wasi:cli/environment", &[]),
            Interface::empty("wasi:cli/terminal-input", &["terminal-input"]),
            Interface::empty("wasi:cli/terminal-output", &["terminal-output"]),
            Interface::empty("wasi:cli/terminal-stdin", &[]),
            Interface::empty("wasi:cli/terminal-stdout", &[]),
            Interface::empty("wasi:cli/terminal-stderr", &[]),
            Interface::empty("wasi:filesystem/types", &["descriptor", "directory-entry-stream"]),
            Interface::empty("wasi:filesystem/preopens", &[]),
        ]);
        interfaces
    }
}
