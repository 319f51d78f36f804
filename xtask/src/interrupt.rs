//! Ctrl-C and polite requests to stop: the command being waited for is told, and this program then ends in
//! the ordinary way, so that every guard (servers, folders) does its work.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long a command may take to end by itself once it was told to.
const GRACE: Duration = Duration::from_secs(10);

/// The developer, or the system, asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

/// Knows whether a stop was asked for, and which command must hear of it.
#[derive(Clone, Default)]
pub struct Interrupts {
    asked: Arc<AtomicBool>,
    foreground: Arc<Mutex<Option<Pid>>>,
}

impl Interrupts {
    /// Takes over SIGINT, SIGTERM and SIGHUP for the rest of the program.
    ///
    /// # Errors
    /// When the system refuses the handlers.
    pub fn listen() -> Result<Self> {
        let interrupts = Self::default();
        let mut signals =
            Signals::new([SIGINT, SIGTERM, SIGHUP]).context("the signal handlers could not be installed")?;
        let listener = interrupts.clone();
        thread::spawn(move || {
            if signals.forever().next().is_some() {
                listener.stop_foreground(&mut signals);
            }
        });
        Ok(interrupts)
    }

    /// Refuses to go on after a stop was asked for.
    ///
    /// # Errors
    /// [`Interrupted`].
    pub fn check(&self) -> Result<()> {
        if self.asked.load(Ordering::SeqCst) {
            Err(Interrupted.into())
        } else {
            Ok(())
        }
    }

    /// Runs a command to its end, in a process group of its own and without input, so that a stop reaches it
    /// once and only from here.
    ///
    /// # Errors
    /// When the command cannot be started, or [`Interrupted`].
    pub fn run(&self, command: &mut Command) -> Result<ExitStatus> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = self
            .start(command)
            .with_context(|| format!("{program} could not be started"))?;
        let status = child.wait();
        *self.foreground() = None;
        self.check()?;
        status.with_context(|| format!("{program} could not be waited for"))
    }

    /// The lock is held from the look at the flag until the process is known, so that no stop falls between.
    fn start(&self, command: &mut Command) -> Result<Child> {
        let mut foreground = self.foreground();
        self.check()?;
        let child = command.stdin(Stdio::null()).process_group(0).spawn()?;
        *foreground = Some(Pid::from_child(&child));
        Ok(child)
    }

    /// Tells the command to end; kills it when it takes too long or the stop is asked for again.
    fn stop_foreground(&self, signals: &mut Signals) {
        self.asked.store(true, Ordering::SeqCst);
        self.signal(Signal::TERM);
        let patience = Instant::now() + GRACE;
        while self.foreground().is_some() {
            thread::sleep(Duration::from_millis(50));
            if signals.pending().next().is_some() || Instant::now() > patience {
                self.signal(Signal::KILL);
            }
        }
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = *self.foreground() {
            // The group may have ended by itself in the meantime.
            let _ = kill_process_group(group, signal);
        }
    }

    fn foreground(&self) -> MutexGuard<'_, Option<Pid>> {
        self.foreground.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_runs_to_its_end() {
        let status = Interrupts::default()
            .run(Command::new("sh").args(["-c", "exit 3"]))
            .unwrap();

        assert_eq!(status.code(), Some(3));
    }

    #[test]
    fn a_command_without_program_is_named() {
        let error = Interrupts::default()
            .run(&mut Command::new("/nowhere/program"))
            .unwrap_err();

        assert_eq!(error.to_string(), "/nowhere/program could not be started");
    }

    #[test]
    fn nothing_is_started_after_a_stop() {
        let interrupts = Interrupts::default();
        interrupts.asked.store(true, Ordering::SeqCst);

        let error = interrupts.run(&mut Command::new("true")).unwrap_err();

        assert!(error.is::<Interrupted>() || error.root_cause().is::<Interrupted>());
    }
}
