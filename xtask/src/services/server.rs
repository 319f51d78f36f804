//! One running server: started, awaited, and certain to be stopped.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tempfile::TempDir;

use crate::interrupt::Interrupts;
use crate::ports;
use crate::unprivileged::Account;

use super::{Place, Service};

/// How long a server may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long a server may take to stop before it is killed.
const STOP_LIMIT: Duration = Duration::from_secs(10);
/// Between two looks at a server that is starting or stopping.
const PAUSE: Duration = Duration::from_millis(20);
/// Another program may take the port between its choice and its use.
const ATTEMPTS: u32 = 3;
/// How much of a server's log an error shows.
const LOG_LINES: usize = 15;

/// A server with a folder of its own. Both go when this is dropped, also while it is still starting.
pub struct Server {
    variable: &'static str,
    url: String,
    // Fields are dropped in this order: the process ends before its folder goes.
    _process: Process,
    _folder: TempDir,
}

impl Server {
    /// Starts the service and waits until it answers.
    ///
    /// # Errors
    /// When the program is missing, ends at once on every port that was tried, or does not answer in time.
    pub fn start(service: &dyn Service, account: Option<&Account>, interrupts: &Interrupts) -> Result<Self> {
        let program = service.program();
        let path = program.path()?;
        let prefix = format!("trovato-test-{}-", program.name.to_lowercase());
        let folder = TempDir::with_prefix(prefix).context("no temporary folder could be made")?;
        if let Some(account) = account {
            account.own(folder.path())?;
        }
        let place = Place {
            program: &path,
            folder: folder.path(),
            account,
        };
        service.prepare(&place)?;

        let log = folder.path().join("log");
        for _ in 0..ATTEMPTS {
            interrupts.check()?;
            let port = ports::free()?;
            let mut process = Process::start(service, &place, port, &log)?;
            if process.answers(service, &place, port, interrupts)? {
                return Ok(Self {
                    variable: service.variable(),
                    url: service.url(port),
                    _process: process,
                    _folder: folder,
                });
            }
        }
        bail!(
            "{} does not start; its last messages:\n{}",
            program.name,
            last_lines(&log)
        )
    }

    /// The environment variable that tells the tests the address.
    pub fn variable(&self) -> &'static str {
        self.variable
    }

    /// The address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// The process of a server, in a group of its own: Ctrl-C is for the tests, not for what they stand on.
struct Process(Child);

impl Process {
    fn start(service: &dyn Service, place: &Place<'_>, port: u16, log: &Path) -> Result<Self> {
        let name = service.program().name;
        let messages = File::create(log).with_context(|| format!("{} could not be made", log.display()))?;
        let mut command = service.command(place, port);
        command
            .current_dir(place.folder)
            .stdin(Stdio::null())
            .process_group(0);
        command.stdout(messages.try_clone()?).stderr(messages);
        Ok(Self(
            command
                .spawn()
                .with_context(|| format!("{name} could not be started"))?,
        ))
    }

    /// Waits until the server answers; false when it ended instead.
    fn answers(
        &mut self,
        service: &dyn Service,
        place: &Place<'_>,
        port: u16,
        interrupts: &Interrupts,
    ) -> Result<bool> {
        let deadline = Instant::now() + START_LIMIT;
        while Instant::now() < deadline {
            interrupts.check()?;
            if self.has_ended() {
                return Ok(false);
            }
            if service.answers(place, port) {
                return Ok(true);
            }
            thread::sleep(PAUSE);
        }
        let name = service.program().name;
        let log = last_lines(&place.folder.join("log"));
        bail!(
            "{name} does not answer within {} seconds; its last messages:\n{log}",
            START_LIMIT.as_secs()
        )
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }

    /// SIGINT is the quick but orderly stop of Postgres and of Redis alike.
    fn stop(&mut self) {
        let pid = Pid::from_child(&self.0);
        if self.has_ended() {
            return;
        }
        let _ = kill_process(pid, Signal::INT);
        let deadline = Instant::now() + STOP_LIMIT;
        while Instant::now() < deadline {
            if self.has_ended() {
                return;
            }
            thread::sleep(PAUSE);
        }
        let _ = kill_process_group(pid, Signal::KILL);
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    let (_, last) = lines.split_at(lines.len().saturating_sub(LOG_LINES));
    last.join("\n")
}
