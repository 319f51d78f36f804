//! What a guest writes to its standard output and error, as lines of the log.

use crate::kernel;
use crate::subsystems::{Services, log};
use crate::wit::log::Level;

type Call = kernel::Call<Services>;

/// The longest line; what is longer becomes several.
const LENGTH: usize = 8 << 10;

/// What a guest has of WASI.
#[derive(Debug, Default)]
pub struct Held {
    /// Output that has no end of line yet.
    output: Vec<u8>,
    /// The same of the standard error.
    error: Vec<u8>,
    /// The moments that it waits for, by handle.
    pub(super) moments: Vec<Option<u64>>,
}

/// Where a guest writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Output,
    Error,
}

impl Held {
    fn buffer(&mut self, target: Target) -> &mut Vec<u8> {
        match target {
            Target::Output => &mut self.output,
            Target::Error => &mut self.error,
        }
    }
}

/// Takes what a guest writes and logs the lines that are complete.
pub(super) fn write(call: &mut Call, target: Target, bytes: &[u8]) {
    for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
        for part in piece.chunks(LENGTH) {
            let buffer = call.scope.wasi.buffer(target);
            buffer.extend_from_slice(part);
            if buffer.ends_with(b"\n") || buffer.len() >= LENGTH {
                let line = std::mem::take(buffer);
                say(call, target, &line);
            }
        }
    }
}

/// Logs what has no end of line when the call has ended.
pub(in crate::subsystems) fn settle(call: &mut Call) {
    for target in [Target::Output, Target::Error] {
        let line = std::mem::take(call.scope.wasi.buffer(target));
        if !line.is_empty() {
            say(call, target, &line);
        }
    }
}

fn say(call: &mut Call, target: Target, line: &[u8]) {
    let line = log::one_line(String::from_utf8_lossy(line).trim(), &[]);
    match target {
        _ if line.is_empty() => {}
        Target::Output => log::say(call, Level::Info, &line),
        Target::Error => complain(call, line),
    }
}

/// A line of the standard error. A panic's message goes with the failure that follows it.
fn complain(call: &mut Call, line: String) {
    if line.starts_with("note: run with `RUST_BACKTRACE") {
        return;
    }
    let panic = line
        .split_once("' panicked at ")
        .or_else(|| line.split_once(") panicked at "));
    match panic {
        Some((_, place)) => log::panics(call, format!("panicked at {place}")),
        None if line.starts_with("panic: ")
            || line.starts_with("fatal error: ")
            || log::has_panicked(call) =>
        {
            log::panics(call, line);
        }
        None => log::say(call, Level::Warning, &line),
    }
}
