//! Servers of a test's own: single ones, clusters, and those that sentinels look after; with TLS or without.

mod authority;
mod cluster;
mod sentinel;
mod wording;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, UnboundedReceiver};

pub use authority::Authority;
pub use cluster::RedisCluster;
pub use sentinel::RedisSentinels;

/// What the program is called, by who makes it.
const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];
/// What a server says when it serves.
const READY: &str = "Ready to accept connections";

/// A server. It ends with the test.
pub struct RedisServer {
    port: u16,
    tls_port: Option<u16>,
    password: Option<&'static str>,
    process: Child,
    said: UnboundedReceiver<String>,
    folder: TempDir,
    is_sentinel: bool,
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl RedisServer {
    /// A server that is used with TLS only.
    pub async fn with_tls(authority: &Authority) -> Self {
        Self::begin(&[], Some(authority), READY).await
    }

    /// Begins a server that keeps nothing.
    async fn begin(settings: &[String], authority: Option<&Authority>, ready: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let (port, tls_port) = (free_port(), authority.map(|_| free_port()));
        let mut lines = vec![
            format!("port {port}"),
            "bind 127.0.0.1".to_owned(),
            format!("dir {}", folder.path().display()),
        ];
        let is_sentinel = settings.iter().any(|line| line.starts_with("sentinel "));
        if !is_sentinel {
            lines.push("save \"\"".to_owned());
        }
        if let (Some(authority), Some(port)) = (authority, tls_port) {
            lines.push(format!("tls-port {port}"));
            lines.extend(authority.settings());
        }
        lines.extend_from_slice(settings);
        std::fs::write(folder.path().join("redis.conf"), lines.join("\n") + "\n").unwrap();
        let (process, said) = run(&folder, is_sentinel);
        let mut server = Self {
            port,
            tls_port,
            password: None,
            process,
            said,
            folder,
            is_sentinel,
        };
        server.says(ready).await;
        server
    }

    /// Begins it again where it was, with nothing of what it had.
    pub async fn begin_again(&mut self) {
        self.kill();
        (self.process, self.said) = run(&self.folder, self.is_sentinel);
        self.says(READY).await;
    }

    /// Waits until the server has said something.
    ///
    /// # Panics
    /// It ends before.
    pub async fn says(&mut self, words: &str) {
        let mut before = Vec::new();
        while let Some(line) = self.said.recv().await {
            if line.contains(words) {
                return;
            }
            before.push(line);
        }
        panic!("the server never said '{words}', but {before:#?}");
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.tls_port.unwrap_or(self.port))
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme("redis"), self.address())
    }

    /// A scheme as it is with TLS, if it has that.
    fn scheme(&self, plain: &str) -> String {
        if self.tls_port.is_some() {
            plain.replacen("redis", "rediss", 1)
        } else {
            plain.to_owned()
        }
    }

    /// Ends it as a crash would.
    ///
    /// # Panics
    /// It can't be ended.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Stops it as a machine that hangs does: connections are taken, and nothing is said any more.
    ///
    /// # Panics
    /// It can't be stopped.
    pub fn freeze(&self) {
        let pid = self.process.id().to_string();
        let stopped = Command::new("kill").args(["-STOP", &pid]).status().unwrap();
        assert!(stopped.success());
    }

    /// What it answers to a command.
    ///
    /// # Panics
    /// It refuses.
    pub async fn answers(&self, command: &[&str]) -> Vec<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        if let Some(password) = self.password {
            wording::ask(&mut stream, &["AUTH", password]).await;
        }
        wording::ask(&mut stream, command).await
    }

    /// Tells it to do something.
    async fn told(&self, command: &str) {
        let words: Vec<&str> = command.split(' ').collect();
        assert_eq!(self.answers(&words).await, ["OK"], "{command}");
    }
}

fn run(folder: &TempDir, is_sentinel: bool) -> (Child, UnboundedReceiver<String>) {
    let begin = |program: &&str| {
        let mut command = Command::new(program);
        command
            .arg(folder.path().join("redis.conf"))
            .stdout(Stdio::piped());
        if is_sentinel {
            command.arg("--sentinel");
        }
        command.spawn().ok()
    };
    let mut process = PROGRAMS
        .iter()
        .find_map(begin)
        .unwrap_or_else(|| panic!("none of {PROGRAMS:?} is installed: run `cargo xtask test`"));
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let (says, said) = mpsc::unbounded_channel();
    thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| says.send(line)));
    (process, said)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
