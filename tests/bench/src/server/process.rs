//! A server's process: started as people start it, watched from outside, ended with the run.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::client::Client;
use crate::environment::value;

/// A server that has not answered by then never will.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who administers the site.
pub const USER: &str = "bench";
pub const PASSWORD: &str = "correct horse battery staple";

pub struct Server {
    process: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first answer.
    pub started_in: Duration,
}

impl Server {
    /// Starts a server on a data folder and waits for its first page.
    pub fn start(program: &Path, data: &Path) -> Result<Self> {
        // Free a moment ago; nobody else is expected to take it.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let log = File::create(data.join("server.log"))?;
        let started = Instant::now();
        let process = command(program, data)
            .args(["serve", "--listen", &address.to_string()])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} can't be started", program.display()))?;
        let mut server = Self {
            process,
            address,
            started_in: Duration::ZERO,
        };
        server
            .wait(started)
            .with_context(|| fs::read_to_string(data.join("server.log")).unwrap_or_default())?;
        Ok(server)
    }

    fn wait(&mut self, started: Instant) -> Result<()> {
        let mut client = loop {
            match Client::connect(self.address) {
                Ok(client) => break client,
                Err(error) if started.elapsed() > PATIENCE => bail!("the server does not listen: {error}"),
                Err(_) => std::thread::sleep(Duration::from_millis(1)),
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("the server has ended with {status}");
            }
        };
        client.get("/")?;
        self.started_in = started.elapsed();
        Ok(())
    }

    /// The processor time that the server and its descendants have used so far.
    pub fn processor_time(&self) -> Duration {
        let nanoseconds = self.processes().into_iter().map(nanoseconds).sum();
        Duration::from_nanos(nanoseconds)
    }

    /// The memory that the server and its descendants have resident, in MiB.
    pub fn resident_mib(&self) -> f64 {
        let kibibytes = |process: &u32| -> Option<f64> {
            value(&format!("/proc/{process}/status"), "VmRSS")?
                .strip_suffix(" kB")?
                .trim()
                .parse()
                .ok()
        };
        self.processes().iter().filter_map(kibibytes).sum::<f64>() / 1024.0
    }

    /// The server and its descendants.
    fn processes(&self) -> Vec<u32> {
        let mut found = vec![self.process.id()];
        let mut next = 0;
        while let Some(process) = found.get(next).copied() {
            let tasks = fs::read_dir(format!("/proc/{process}/task"))
                .into_iter()
                .flatten()
                .filter_map(Result::ok);
            let children = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
            found.extend(children.flat_map(|list| {
                list.split_whitespace()
                    .filter_map(|child| child.parse().ok())
                    .collect::<Vec<u32>>()
            }));
            next += 1;
        }
        found
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a command of the program to its end; what it prints.
pub fn run(program: &Path, data: &Path, arguments: &[&str]) -> Result<String> {
    let output = command(program, data).args(arguments).output()?;
    ensure!(
        output.status.success(),
        "{arguments:?} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// The program on a data folder, with nothing from this process's environment.
fn command(program: &Path, data: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        // A site without an administrator shows nothing but its installer.
        .env("TROVATO_ADMIN_USER", USER)
        .env("TROVATO_ADMIN_PASSWORD", PASSWORD)
        .current_dir(data)
        .stdin(Stdio::null())
        .arg("--data-dir")
        .arg(data);
    command
}

/// What the threads of a process have used, in nanoseconds: the first field of `schedstat` (the kernel's
/// Documentation/scheduler/sched-stats.rst). `stat` counts in hundredths of a second, which is too coarse for some
/// hundred pages. Threads that have ended are not counted; those of a server that is asked all the time go on.
fn nanoseconds(process: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{process}/task"));
    threads
        .into_iter()
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("schedstat")).ok())
        .filter_map(|statistics| statistics.split_whitespace().next()?.parse::<u64>().ok())
        .sum()
}
