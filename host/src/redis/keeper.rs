//! Looking after the connection: it is opened, watched by regular pings, and opened again when it is lost.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::{ClientLike, EventInterface, KeysInterface, PubsubInterface};
use fred::types::config::{Config, ConnectionConfig, PerformanceConfig, ServerConfig};
use fred::types::{ClusterHash, ConnectHandle, CustomCommand, Expiration, Message, RespVersion, Value};
use tokio::sync::Notify;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::{BEHIND, Connected, Error, Heard, Result, Shared, State, Term};

/// How long opening a connection may take.
const OPENING: Duration = Duration::from_secs(2);
/// Between two looks at a connection. A broken cable is noticed after this and [`ANSWER`].
const LOOK: Duration = Duration::from_secs(1);
/// How long a connection in doubt may take to answer.
const ANSWER: Duration = Duration::from_secs(1);
/// The pause after the first failed attempt; it doubles up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

/// An open connection that hears messages.
struct Connection {
    connected: Arc<Connected>,
    messages: Receiver<Message>,
    task: Task,
}

/// The driver's task, which ends with its connection.
struct Task(ConnectHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Keeps a connection as long as somebody has a use for it. Says when the first attempt is over.
pub(super) async fn keep(shared: Arc<Shared>, tried: Arc<Notify>) {
    let place = &shared.place;
    let mut pause = SHORTEST;
    // Whether the last thing that was said is that it is away.
    let mut said_away = false;
    loop {
        let cause = match open(&shared).await {
            Ok(connection) => {
                pause = SHORTEST;
                if said_away {
                    tracing::info!("Redis at {place} answers again");
                } else {
                    tracing::info!("Redis at {place} answers");
                }
                said_away = false;
                watch(&shared, connection).await
            }
            Err(error) => error,
        };
        if !said_away {
            tracing::warn!("Redis at {place} is away, the site goes on without it: {cause}");
            said_away = true;
        }
        tried.notify_one();
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}

async fn open(shared: &Shared) -> std::result::Result<Connection, String> {
    let opening = async {
        let performance = PerformanceConfig {
            broadcast_channel_capacity: BEHIND,
            ..PerformanceConfig::default()
        };
        let connection = ConnectionConfig {
            connection_timeout: OPENING,
            internal_command_timeout: OPENING,
            max_command_attempts: 1,
            ..ConnectionConfig::default()
        };
        // No policy for connecting again: what is lost must be seen here before anything else is asked.
        let client = Client::new(shared.config.clone(), Some(performance), Some(connection), None);
        let messages = client.message_rx();
        let task = Task(client.init().await?);
        client.subscribe(shared.channel()).await?;
        let run = run_of(shared, &client).await?;
        let number = shared.terms.fetch_add(1, Ordering::SeqCst) + 1;
        let term = Arc::new(Term { number, run });
        Ok(Connection {
            connected: Arc::new(Connected { client, term }),
            messages,
            task,
        })
    };
    match tokio::time::timeout(OPENING, opening).await {
        Ok(opened) => opened.map_err(|error: fred::error::Error| error.to_string()),
        Err(_) => Err(format!("no answer within {OPENING:?}")),
    }
}

/// The name of this run of the server: of the one that has the site's keys, if there are several.
async fn run_of(shared: &Shared, client: &Client) -> std::result::Result<Arc<str>, fred::error::Error> {
    let slot = fred::util::redis_keyslot(shared.options.prefix.as_bytes());
    let command = CustomCommand::new_static("INFO", ClusterHash::Custom(slot), false);
    let info: String = client.custom(command, vec!["server"]).await?;
    let run = info.lines().find_map(|line| line.strip_prefix("run_id:"));
    Ok(Arc::from(run.unwrap_or_default().trim()))
}

/// Puts a connection to use until it is lost, and says why it was.
async fn watch(shared: &Shared, mut connection: Connection) -> String {
    // Whoever listens has missed what was said before.
    say(shared, Heard::Gap);
    put_to_use(shared, &connection);
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let cause = loop {
        tokio::select! {
            ended = &mut connection.task.0 => break match ended {
                Ok(Err(error)) => error.to_string(),
                _ => "the connection was closed".to_owned(),
            },
            message = connection.messages.recv() => match message {
                Ok(message) => hear(shared, &message),
                Err(RecvError::Lagged(_)) => break "more messages came than could be read".to_owned(),
                Err(RecvError::Closed) => break "the connection was closed".to_owned(),
            },
            () = shared.doubt.notified() => match answers(shared, &connection).await {
                Ok(()) => put_to_use(shared, &connection),
                Err(cause) => break cause,
            },
            _ = look.tick() => if let Err(cause) = answers(shared, &connection).await {
                break cause;
            },
        }
    };
    shared.client.store(None);
    shared.state.send_replace(State::Away);
    cause
}

fn put_to_use(shared: &Shared, connection: &Connection) {
    let connected = &connection.connected;
    shared.client.store(Some(connected.clone()));
    shared.state.send_replace(State::Up(connected.term.run.clone()));
}

/// Whether it takes writes: a server that is full, starting or no primary any more is as good as none.
async fn answers(shared: &Shared, connection: &Connection) -> std::result::Result<(), String> {
    let key = format!("{{{}}}:alive", shared.options.prefix);
    let expire = Some(Expiration::EX(60));
    let writing = connection
        .connected
        .client
        .set::<Value, _, _>(key, 1, expire, None, false);
    match tokio::time::timeout(ANSWER, writing).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {ANSWER:?}")),
    }
}

fn hear(shared: &Shared, message: &Message) {
    let Some((node, topic, payload)) = message.value.as_bytes().and_then(unpack) else {
        return;
    };
    if node != shared.options.node {
        say(shared, Heard::Message(Arc::from(topic), Arc::from(payload)));
    }
}

fn say(shared: &Shared, heard: Heard) {
    // Nobody listens to what nobody needs to know.
    let _ = shared.heard.send(heard);
}

/// `NODE TOPIC PAYLOAD`, between blanks.
pub(super) fn pack(node: &str, topic: &str, payload: &[u8]) -> Vec<u8> {
    let mut message = format!("{node} {topic} ").into_bytes();
    message.extend_from_slice(payload);
    message
}

fn unpack(message: &[u8]) -> Option<(&str, &str, &[u8])> {
    let mut parts = message.splitn(3, |byte| *byte == b' ');
    let mut word = || std::str::from_utf8(parts.next()?).ok();
    let (node, topic) = (word()?, word()?);
    Some((node, topic, parts.next()?))
}

/// The schemes of addresses; each also with `rediss` for TLS.
const SCHEMES: [&str; 3] = ["redis", "redis-sentinel", "redis-cluster"];

/// The driver's settings for an address. The driver itself takes any scheme for a single server.
pub(super) fn config(url: &str) -> Result<Config> {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    let known = SCHEMES
        .iter()
        .any(|known| *known == scheme || known.replacen("redis", "rediss", 1) == scheme);
    if !known {
        let problem = format!("it begins with none of {}://", SCHEMES.join("://, "));
        return Err(Error::Url(problem));
    }
    let mut config = Config::from_url(url).map_err(|error| Error::Url(error.details().to_owned()))?;
    // Messages and answers on one connection.
    config.version = RespVersion::RESP3;
    Ok(config)
}

/// Where an address leads, without its secrets.
pub(super) fn place(config: &Config) -> String {
    let mut hosts: Vec<String> = config.server.hosts().iter().map(ToString::to_string).collect();
    hosts.sort();
    let kind = match config.server {
        ServerConfig::Sentinel { .. } => "the sentinels ",
        ServerConfig::Clustered { .. } => "the cluster ",
        _ => "",
    };
    format!("{kind}{}", hosts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_written_whatever_it_says() {
        let message = pack("n1", "cache", b"a b\nc \xff");
        assert_eq!(unpack(&message), Some(("n1", "cache", &b"a b\nc \xff"[..])));
        assert_eq!(unpack(b"n1 cache"), None);
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        let single = config("redis://:secret@cache.example:6380/2").unwrap();
        assert_eq!(place(&single), "cache.example:6380");
        let sentinels =
            "redis-sentinel://:secret@a.example:26379/0?sentinelServiceName=main&node=b.example:26379";
        assert_eq!(
            place(&config(sentinels).unwrap()),
            "the sentinels a.example:26379, b.example:26379"
        );
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        assert!(matches!(config("postgres://x"), Err(Error::Url(_))));
        assert!(matches!(config("nonsense"), Err(Error::Url(_))));
    }
}
