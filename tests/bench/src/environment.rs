//! The machine that figures were measured on.

use std::fmt::{self, Display};
use std::fs;

use serde::Serialize;

/// What a reader has to know to compare figures.
#[derive(Debug, Serialize)]
pub struct Environment {
    processor: String,
    cores: usize,
    memory_mib: u64,
    system: String,
    load_before: f64,
    load_after: f64,
}

impl Environment {
    pub fn read() -> Self {
        let load = load();
        Self {
            processor: value("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: memory_mib().unwrap_or_default(),
            system: fs::read_to_string("/proc/sys/kernel/osrelease")
                .unwrap_or_default()
                .trim()
                .to_owned(),
            load_before: load,
            load_after: load,
        }
    }

    /// Takes the load at the end.
    pub fn close(&mut self) {
        self.load_after = load();
    }
}

impl Display for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}, {} cores, {} MiB, Linux {}; load {:.2} before, {:.2} after",
            self.processor, self.cores, self.memory_mib, self.system, self.load_before, self.load_after
        )
    }
}

/// The average number of busy processes of the last minute.
fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace()
        .next()
        .and_then(|load| load.parse().ok())
        .unwrap_or(f64::NAN)
}

fn memory_mib() -> Option<u64> {
    let total = value("/proc/meminfo", "MemTotal")?;
    let kibibytes: u64 = total.strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes >> 10)
}

/// The value after `key:` in a file of such lines.
pub fn value(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    })
}
