//! Servers of a test's own: a cluster of two, and a primary with a replica that a sentinel looks after.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, UnboundedReceiver};

/// What the program is called, by who makes it.
const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

/// A server. It ends with the test.
pub struct RedisServer {
    port: u16,
    process: Child,
    said: UnboundedReceiver<String>,
    _folder: TempDir,
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl RedisServer {
    async fn begin(settings: &[String], ready: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let port = free_port();
        let file = folder.path().join("redis.conf");
        let mut lines = vec![
            format!("port {port}"),
            "bind 127.0.0.1".to_owned(),
            format!("dir {}", folder.path().display()),
        ];
        lines.extend_from_slice(settings);
        std::fs::write(&file, lines.join("\n") + "\n").unwrap();
        let begin = |program: &&str| {
            let mut command = Command::new(program);
            command.arg(&file).stdout(Stdio::piped());
            if settings.iter().any(|line| line.starts_with("sentinel ")) {
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
        let mut server = Self {
            port,
            process,
            said,
            _folder: folder,
        };
        server.says(ready).await;
        server
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
        format!("127.0.0.1:{}", self.port)
    }

    /// Ends it as a crash would.
    ///
    /// # Panics
    /// It can't be ended.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
    }

    /// Tells it to do something.
    async fn told(&self, command: &str) {
        let mut stream = TcpStream::connect(self.address()).await.unwrap();
        stream
            .write_all(format!("{command}\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"+OK\r\n", "{command}");
    }
}

/// Servers that share the keys between them.
pub struct RedisCluster {
    first: RedisServer,
    second: RedisServer,
}

impl RedisCluster {
    /// A cluster of two servers.
    pub async fn begin() -> Self {
        let (mut first, _) = Self::member("0 8191").await;
        let (mut second, bus) = Self::member("8192 16383").await;
        first
            .told(&format!("CLUSTER MEET 127.0.0.1 {} {bus}", second.port))
            .await;
        for server in [&mut first, &mut second] {
            server.says("Cluster state changed: ok").await;
        }
        Self { first, second }
    }

    /// A server that has these keys, and the port at which it talks with the others.
    async fn member(slots: &str) -> (RedisServer, u16) {
        let bus = free_port();
        let settings = [
            "save \"\"".to_owned(),
            "cluster-enabled yes".to_owned(),
            format!("cluster-port {bus}"),
        ];
        let server = RedisServer::begin(&settings, "Ready to accept connections").await;
        server.told(&format!("CLUSTER ADDSLOTSRANGE {slots}")).await;
        (server, bus)
    }

    /// The address for the site.
    #[must_use]
    pub fn url(&self) -> String {
        let (first, second) = (self.first.address(), self.second.address());
        format!("redis-cluster://{first}?node={second}")
    }
}

/// A primary, its replica, and the sentinel that puts the one in the place of the other.
pub struct RedisSentinel {
    /// The server that is the primary at first.
    pub primary: RedisServer,
    /// The server that takes its place.
    pub replica: RedisServer,
    sentinel: RedisServer,
}

impl RedisSentinel {
    /// All three, in step with each other.
    pub async fn begin() -> Self {
        let keeps_nothing = "save \"\"".to_owned();
        let settings = [keeps_nothing.clone(), "repl-diskless-sync-delay 0".to_owned()];
        let primary = RedisServer::begin(&settings, "Ready to accept connections").await;
        let settings = [keeps_nothing, format!("replicaof 127.0.0.1 {}", primary.port)];
        let mut replica = RedisServer::begin(&settings, "Ready to accept connections").await;
        replica.says("Finished with success").await;
        let settings = [
            format!("sentinel monitor main 127.0.0.1 {} 1", primary.port),
            "sentinel down-after-milliseconds main 500".to_owned(),
            "sentinel failover-timeout main 5000".to_owned(),
        ];
        let mut sentinel = RedisServer::begin(&settings, "+monitor master main").await;
        sentinel.says("+slave").await;
        Self {
            primary,
            replica,
            sentinel,
        }
    }

    /// The address for the site.
    #[must_use]
    pub fn url(&self) -> String {
        format!(
            "redis-sentinel://{}/0?sentinelServiceName=main",
            self.sentinel.address()
        )
    }

    /// Waits until the replica has taken the place of the primary.
    ///
    /// # Panics
    /// It does not.
    pub async fn is_switched(&mut self) {
        self.sentinel.says("+switch-master").await;
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
