//! Redis, for what several nodes share and may lose: the only code that knows its driver.
//!
//! One connection carries questions and messages. A question is refused at once while Redis is away, and waits no
//! longer than the configured time while it is there: whoever asks goes on without. The connection is looked after in
//! the background (`keeper`), and who must know of its changes watches [`Redis::watch`].
//!
//! Every key begins with the site's prefix in braces, so that sites can share a server, and so that all keys of a site
//! are in one slot of a cluster, where scripts can reach them together.

mod address;
mod error;
mod keeper;
mod reign;
mod reply;
mod tls;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use fred::clients::Client;
use fred::error::ErrorKind;
use fred::interfaces::{ClientLike, KeysInterface, LuaInterface, PubsubInterface};
use fred::types::{Expiration, Value};
use tokio::sync::{Notify, broadcast, watch};
use tokio::task::AbortHandle;

use address::Address;

pub use error::Error;
pub use reply::{Argument, Reply};

/// How long an answer may take unless the configuration says otherwise.
pub const TIMEOUT: Duration = Duration::from_millis(250);
/// How long a start waits for the first answer.
const FIRST: Duration = Duration::from_secs(2);
/// Messages that a listener may be behind with.
const BEHIND: usize = 1024;

/// The result of asking Redis.
pub type Result<T> = std::result::Result<T, Error>;

/// Where Redis is and how it is used.
#[derive(Clone, Debug)]
pub struct Options {
    /// `redis://`, `redis-sentinel://…?sentinelServiceName=…` or `redis-cluster://`, each with `rediss` for TLS.
    pub url: String,
    /// A PEM file with the CAs that servers with TLS are trusted by, in the place of those of the system.
    pub ca: Option<PathBuf>,
    /// What all keys of the site begin with.
    pub prefix: String,
    /// A name of this node that no other has: messages do not come back to their sender.
    pub node: String,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// Whether Redis answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers; with the number of the server's reign. What was kept in another may be out of date (`reign`).
    Up(Arc<str>),
    /// It does not.
    Away,
}

/// A connection to Redis, from its beginning to its end.
#[derive(Debug, PartialEq, Eq)]
pub struct Term {
    /// Counts the connections of this node.
    pub number: u64,
    /// The number of the server's reign; see [`State::Up`].
    pub reign: Arc<str>,
}

/// What a listener hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A message of another node: its topic and what it says.
    Message(Arc<str>, Arc<[u8]>),
    /// Messages may have been missed.
    Gap,
}

/// The connection to Redis. Clones share it; it ends with the last of them.
#[derive(Clone)]
pub struct Redis(Arc<Handle>);

struct Handle {
    shared: Arc<Shared>,
    keeper: AbortHandle,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

/// A connection that answers.
struct Connected {
    client: Client,
    term: Arc<Term>,
}

/// What the keeper and those who ask have in common.
struct Shared {
    address: Address,
    options: Options,
    /// The connection, while it answers.
    client: ArcSwapOption<Connected>,
    state: watch::Sender<State>,
    /// Why there was no connection the last time.
    cause: ArcSwapOption<String>,
    /// An answer is overdue.
    doubt: Notify,
    heard: broadcast::Sender<Heard>,
    /// How many connections there were.
    terms: AtomicU64,
}

impl Redis {
    /// Connects. Redis may be away: then it is used as soon as it answers.
    ///
    /// # Errors
    /// The address is none, or the CAs can't be read.
    pub async fn connect(options: Options) -> Result<Self> {
        let shared = Arc::new(Shared {
            address: Address::read(&options.url, options.ca.as_deref())?,
            options,
            client: ArcSwapOption::empty(),
            state: watch::Sender::new(State::Away),
            cause: ArcSwapOption::empty(),
            doubt: Notify::new(),
            heard: broadcast::Sender::new(BEHIND),
            terms: AtomicU64::new(0),
        });
        let mut state = shared.state.subscribe();
        let tried = Arc::new(Notify::new());
        let keeper = tokio::spawn(keeper::keep(shared.clone(), tried.clone())).abort_handle();
        // The first attempt decides how the start goes on; a server that does not even refuse is not waited for.
        tokio::select! {
            _ = state.wait_for(|state| *state != State::Away) => {}
            () = tried.notified() => {}
            () = tokio::time::sleep(FIRST) => {}
        }
        Ok(Self(Arc::new(Handle { shared, keeper })))
    }

    /// Whether Redis answers, now and from now on.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<State> {
        self.0.shared.state.subscribe()
    }

    /// The connection, if Redis answers. What was heard and kept under an earlier one may be out of date: messages
    /// may have been missed in between.
    #[must_use]
    pub fn term(&self) -> Option<Arc<Term>> {
        let connected = self.0.shared.client.load();
        connected.as_ref().map(|connected| connected.term.clone())
    }

    /// Whether Redis answers.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.0.shared.client.load().is_some()
    }

    /// Where Redis is, for people.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.0.shared.address.place
    }

    /// Why it is away, for people, if it is.
    #[must_use]
    pub fn cause(&self) -> Option<Arc<String>> {
        let shared = &self.0.shared;
        if self.is_up() {
            None
        } else {
            shared.cause.load_full()
        }
    }

    /// What other nodes say from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Heard> {
        self.0.shared.heard.subscribe()
    }

    /// The full name of a key.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        format!("{{{}}}:{name}", self.0.shared.options.prefix)
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    /// There is none.
    pub async fn ping(&self) -> Result<()> {
        self.ask(|client| async move { client.ping::<Value>(None).await.map(drop) })
            .await
    }

    /// Reads a value.
    ///
    /// # Errors
    /// Redis is away.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let key = self.key(key);
        self.ask(|client| async move { client.get::<Option<Vec<u8>>, _>(key).await })
            .await
    }

    /// Keeps a value, for a time if there is one (not below a millisecond).
    ///
    /// # Errors
    /// Redis is away: the value may have been kept nevertheless.
    pub async fn set(&self, key: &str, value: Vec<u8>, time_to_live: Option<Duration>) -> Result<()> {
        let key = self.key(key);
        let expire = time_to_live.map(|time| Expiration::PX(millis(time)));
        let value = Value::Bytes(value.into());
        self.ask(|client| async move { client.set::<Value, _, _>(key, value, expire, None, false).await })
            .await
            .map(drop)
    }

    /// Drops values. Says how many there were.
    ///
    /// # Errors
    /// Redis is away: they may have been dropped nevertheless.
    pub async fn del(&self, keys: &[&str]) -> Result<i64> {
        if keys.is_empty() {
            return Ok(0);
        }
        let keys: Vec<String> = keys.iter().map(|key| self.key(key)).collect();
        self.ask(|client| async move { client.del::<i64, _>(keys).await })
            .await
    }

    /// Gives a value another time to live. False if there is no such value.
    ///
    /// # Errors
    /// Redis is away: it may have been done nevertheless.
    pub async fn expire(&self, key: &str, time_to_live: Duration) -> Result<bool> {
        let key = self.key(key);
        self.ask(|client| async move { client.pexpire::<bool, _>(key, millis(time_to_live), None).await })
            .await
    }

    /// Runs a Lua script, which is one step for everybody else. Keys get the site's prefix.
    ///
    /// # Errors
    /// Redis is away (the script may have run nevertheless), or the script is wrong.
    pub async fn script(
        &self,
        script: &'static str,
        keys: &[&str],
        arguments: Vec<Argument>,
    ) -> Result<Reply> {
        let keys: Vec<String> = keys.iter().map(|key| self.key(key)).collect();
        let arguments: Vec<Value> = arguments.into_iter().map(Argument::value).collect();
        // As text: servers remember scripts by their digest, and one that was restarted needs no second attempt.
        self.ask(|client| async move { client.eval::<Value, _, _, _>(script, keys, arguments).await })
            .await
            .map(Reply::of)
    }

    /// Tells all other nodes. A script can do the same by [`Redis::channel`] and [`Redis::message`].
    ///
    /// # Errors
    /// Redis is away: some may have heard it nevertheless.
    pub async fn publish(&self, topic: &str, payload: &[u8]) -> Result<()> {
        let (channel, message) = (self.channel(), self.message(topic, payload));
        let message = Value::Bytes(message.into());
        self.ask(|client| async move { client.publish::<Value, _, _>(channel, message).await })
            .await
            .map(drop)
    }

    /// The channel of all nodes.
    #[must_use]
    pub fn channel(&self) -> String {
        self.0.shared.channel()
    }

    /// A message of this node as it goes over the channel.
    #[must_use]
    pub fn message(&self, topic: &str, payload: &[u8]) -> Vec<u8> {
        keeper::pack(&self.0.shared.options.node, topic, payload)
    }

    async fn ask<T, F>(&self, question: impl FnOnce(Client) -> F) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, fred::error::Error>>,
    {
        let shared = &self.0.shared;
        let Some(connected) = shared.client.load_full() else {
            return Err(Error::Away);
        };
        let limit = shared.options.timeout;
        match tokio::time::timeout(limit, question(connected.client.clone())).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) if is_answer(&error) => Err(Error::Answer(error.details().to_owned())),
            Ok(Err(error)) => {
                tracing::debug!("a question to Redis failed: {error}");
                shared.doubt(&connected);
                Err(Error::Away)
            }
            Err(_) => {
                shared.doubt(&connected);
                Err(Error::Timeout(limit))
            }
        }
    }
}

impl Shared {
    fn channel(&self) -> String {
        format!("{{{}}}:nodes", self.options.prefix)
    }

    /// The key of what is known of the server's reign.
    fn reign(&self) -> String {
        format!("{{{}}}:reign", self.options.prefix)
    }

    /// Asks no more of a connection until the keeper has looked at it.
    fn doubt(&self, connected: &Arc<Connected>) {
        let before = self.client.compare_and_swap(connected, None);
        if before
            .as_ref()
            .is_some_and(|before| Arc::ptr_eq(before, connected))
        {
            self.state.send_replace(State::Away);
            self.doubt.notify_one();
        }
    }
}

/// Whether an error was Redis's answer, and not a sign that there is none.
fn is_answer(error: &fred::error::Error) -> bool {
    // It answers, but is no use: it starts, can't write, is no primary any more, or hands keys over to another.
    const USELESS: [&str; 8] = [
        "LOADING",
        "READONLY",
        "MISCONF",
        "OOM",
        "MASTERDOWN",
        "NOREPLICAS",
        "TRYAGAIN",
        "CLUSTERDOWN",
    ];
    let details = error.details();
    // Older servers put the answer that a script got inside of another.
    let is_useless = |word: &str| details.starts_with(word) || details.contains(&format!("-{word} "));
    if USELESS.iter().any(|word| is_useless(word)) || details.contains("non local key") {
        return false;
    }
    match error.kind() {
        ErrorKind::InvalidArgument | ErrorKind::InvalidCommand | ErrorKind::Parse | ErrorKind::NotFound => {
            true
        }
        // Also what the driver says itself, in a sentence; servers begin with a word in capitals.
        ErrorKind::Unknown => {
            let word = details.split(' ').next().unwrap_or_default();
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase())
        }
        _ => false,
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX).max(1)
}
