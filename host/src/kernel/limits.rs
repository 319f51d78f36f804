//! What one call of a plugin may use, and the meter that watches it.

use std::time::Duration;

use wasmtime::{ResourceLimiter, UpdateDeadline};

use super::engine::TICK;

/// Which time limits a tap runs under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Someone waits for a page.
    View,
    /// Someone waits for a save or a set-up step.
    Save,
    /// Nobody waits.
    Background,
}

/// What one call may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time on the processor of a call in a page.
    pub view_cpu: Duration,
    /// Time on the processor of a call in a save.
    pub save_cpu: Duration,
    /// Time on the processor of a call in the background.
    pub background_cpu: Duration,
    /// How much longer than its processor time a call may take in all, waiting included.
    pub wall_factor: u32,
    /// Linear memory in bytes.
    pub memory: usize,
    /// Elements of all tables.
    pub table_elements: usize,
    /// Calls of host functions.
    pub host_calls: u32,
    /// Bytes that one call may pass to the host, as arguments or as its answer.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            view_cpu: Duration::from_millis(100),
            save_cpu: Duration::from_secs(5),
            background_cpu: Duration::from_secs(60),
            wall_factor: 20,
            memory: 64 << 20,
            table_elements: 100_000,
            host_calls: 20_000,
            output: 4 << 20,
        }
    }
}

impl Limits {
    pub(super) fn cpu(&self, budget: Budget) -> Duration {
        match budget {
            Budget::View => self.view_cpu,
            Budget::Save => self.save_cpu,
            Budget::Background => self.background_cpu,
        }
    }

    pub(super) fn wall(&self, budget: Budget) -> Duration {
        self.cpu(budget) * self.wall_factor
    }
}

/// The limit that a call has run into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breach {
    Cpu(Duration),
    Memory { asked: usize, limit: usize },
    Table { asked: usize, limit: usize },
    HostCalls(u32),
}

/// Counts what a call uses.
///
/// Processor time is counted in ticks of the engine's clock that find the guest running. The next tick is awaited
/// anew whenever the guest goes on, so neither the time in which others ran nor the time before the call counts. A
/// tick counts less what the guest waited for the host since the tick before. So a call that runs without a break is
/// ended at most one tick after its limit and never before it; each break may cost it up to one tick more than it
/// ran, or gain it up to one.
#[derive(Debug)]
pub(super) struct Meter {
    limits: Limits,
    cpu_limit: Duration,
    used: Duration,
    /// Since the last tick.
    waited: Duration,
    host_calls: u32,
    breach: Option<Breach>,
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            cpu_limit: Duration::ZERO,
            used: Duration::ZERO,
            waited: Duration::ZERO,
            host_calls: 0,
            breach: None,
        }
    }

    /// Starts a call.
    pub(super) fn start(&mut self, budget: Budget) {
        self.cpu_limit = self.limits.cpu(budget);
        self.used = Duration::ZERO;
        self.waited = Duration::ZERO;
        self.host_calls = 0;
        self.breach = None;
    }

    /// Adds time that the guest spent waiting for the host.
    pub(super) fn wait(&mut self, time: Duration) {
        self.waited += time;
    }

    pub(super) fn count_host_call(&mut self) {
        self.host_calls += 1;
    }

    /// The limit that the call has run into, if any.
    pub(super) fn breach(&self) -> Option<Breach> {
        self.breach.or_else(|| {
            (self.host_calls > self.limits.host_calls).then_some(Breach::HostCalls(self.limits.host_calls))
        })
    }

    pub(super) fn output_limit(&self) -> usize {
        self.limits.output
    }

    /// Called at every tick of the clock while the guest runs: lets others run, or ends the call.
    pub(super) fn tick(&mut self) -> UpdateDeadline {
        self.used += TICK.saturating_sub(std::mem::take(&mut self.waited));
        if self.used > self.cpu_limit {
            self.breach = Some(Breach::Cpu(self.cpu_limit));
        }
        if self.breach().is_some() {
            UpdateDeadline::Interrupt
        } else {
            UpdateDeadline::Yield(1)
        }
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let limit = self.limits.memory;
        if desired <= limit {
            return Ok(true);
        }
        self.breach = Some(Breach::Memory {
            asked: desired,
            limit,
        });
        Err(wasmtime::Error::msg("memory limit"))
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let limit = self.limits.table_elements;
        if desired <= limit {
            return Ok(true);
        }
        self.breach = Some(Breach::Table {
            asked: desired,
            limit,
        });
        Err(wasmtime::Error::msg("table limit"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks_until_the_end(waited_per_tick: Duration) -> Option<u32> {
        let mut meter = Meter::new(Limits::default());
        meter.start(Budget::View);
        (1..10_000).find(|_| {
            meter.wait(waited_per_tick);
            matches!(meter.tick(), UpdateDeadline::Interrupt)
        })
    }

    #[test]
    fn a_call_that_only_runs_ends_with_the_first_tick_beyond_its_limit() {
        assert_eq!(ticks_until_the_end(Duration::ZERO), Some(21));
    }

    #[test]
    fn waiting_for_the_host_is_not_processor_time() {
        assert_eq!(ticks_until_the_end(TICK), None);
        assert_eq!(ticks_until_the_end(10 * TICK), None);
        assert_eq!(ticks_until_the_end(TICK / 2), Some(41));
    }

    #[test]
    fn every_call_starts_at_nothing() {
        let mut meter = Meter::new(Limits::default());
        meter.start(Budget::View);
        while !matches!(meter.tick(), UpdateDeadline::Interrupt) {}
        meter.start(Budget::View);
        assert_eq!(meter.breach(), None);
        assert!(matches!(meter.tick(), UpdateDeadline::Yield(1)));
    }
}
