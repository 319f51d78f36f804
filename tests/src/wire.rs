//! A wire between an app and a server, which can be cut, held and mended.

use std::env;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The variable by which `cargo xtask test` says where its Redis is.
const REDIS: &str = "TROVATO_TEST_REDIS_URL";

/// What the wire does with bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It carries them.
    Whole,
    /// Connections end, and none is accepted for long: the server has stopped.
    Cut,
    /// Nothing moves and nothing ends: the server hangs, or a cable is unplugged.
    Held,
}

/// A wire to a server. It ends with the test's runtime.
pub struct Wire {
    address: SocketAddr,
    mode: Arc<watch::Sender<Mode>>,
}

impl Wire {
    /// A wire to the server of a URL.
    pub async fn to(url: &str) -> Self {
        let server = url.rsplit('/').next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mode = Arc::new(watch::Sender::new(Mode::Whole));
        let modes = mode.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(carry(stream, server.clone(), modes.subscribe()));
            }
        });
        Self { address, mode }
    }

    /// The address of this end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Ends all connections, and each new one at once.
    pub fn cut(&self) {
        self.mode.send_replace(Mode::Cut);
    }

    /// Lets nothing through any more, without a word.
    pub fn hold(&self) {
        self.mode.send_replace(Mode::Held);
    }

    /// Carries again. What was held goes on.
    pub fn mend(&self) {
        self.mode.send_replace(Mode::Whole);
    }
}

/// Carries a connection's bytes while the wire is whole.
async fn carry(mut stream: TcpStream, server: String, mut mode: watch::Receiver<Mode>) {
    let mut upstream: Option<TcpStream> = None;
    loop {
        let now = *mode.borrow_and_update();
        match now {
            Mode::Cut => return,
            Mode::Held => {
                if mode.changed().await.is_err() {
                    return;
                }
            }
            Mode::Whole => {
                let mut there = match upstream.take() {
                    Some(there) => there,
                    None => TcpStream::connect(&server).await.unwrap(),
                };
                tokio::select! {
                    _ = copy_bidirectional(&mut stream, &mut there) => return,
                    changed = mode.changed() => {
                        if changed.is_err() {
                            return;
                        }
                        upstream = Some(there);
                    }
                }
            }
        }
    }
}

/// The Redis of the tests.
///
/// # Panics
/// There is none.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "`cargo xtask test` says by the environment where its servers are"
)]
pub fn redis_url() -> String {
    env::var(REDIS).unwrap_or_else(|_| panic!("{REDIS} is not set: run `cargo xtask test`"))
}
