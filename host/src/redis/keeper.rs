//! Looking after the connection: it is opened, watched by regular pings, and opened again when it is lost.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::{ClientLike, EventInterface, PubsubInterface};
use fred::types::config::{ConnectionConfig, PerformanceConfig};
use fred::types::{ClusterStateChange, ConnectHandle, Message};
use tokio::sync::Notify;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::{BEHIND, Connected, Heard, Shared, State, Term, reign};

/// How long opening a connection may take.
const OPENING: Duration = Duration::from_secs(2);
/// Between two looks at a connection. A broken cable is noticed after this and [`ANSWER`].
const LOOK: Duration = Duration::from_secs(1);
/// How long a connection in doubt may take to answer.
const ANSWER: Duration = Duration::from_secs(1);
/// The pause after the first failed attempt; it doubles up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);
/// What is said when the keys have moved.
const MOVED: &str = "another server of the cluster has the keys now";

/// An open connection that hears messages.
struct Connection {
    connected: Arc<Connected>,
    messages: Receiver<Message>,
    /// Whether servers of a cluster have other keys now.
    changes: Receiver<Vec<ClusterStateChange>>,
    /// The run of the server that has the site's keys.
    run: String,
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
    let place = &shared.address.place;
    let mut pause = SHORTEST;
    let mut failures = 0_usize;
    // Whether the last thing that was said is that it is away.
    let mut said_away = false;
    loop {
        let cause = match open(&shared, failures).await {
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
            Err(error) => {
                failures = failures.wrapping_add(1);
                error
            }
        };
        if !said_away {
            tracing::warn!("Redis at {place} is away, the site goes on without it: {cause}");
            said_away = true;
        }
        shared.cause.store(Some(Arc::new(cause)));
        tried.notify_one();
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}

async fn open(shared: &Shared, failures: usize) -> std::result::Result<Connection, String> {
    let opening = async {
        let performance = PerformanceConfig {
            broadcast_channel_capacity: BEHIND,
            ..PerformanceConfig::default()
        };
        let connection = ConnectionConfig {
            connection_timeout: OPENING,
            internal_command_timeout: OPENING,
            // Not even where a server of a cluster says that another has the key now: its reign is over.
            max_command_attempts: 1,
            ..ConnectionConfig::default()
        };
        // No policy for connecting again: what is lost must be seen here before anything else is asked.
        let client = Client::new(
            shared.address.config(failures),
            Some(performance),
            Some(connection),
            None,
        );
        let messages = client.message_rx();
        let task = Task(client.init().await?);
        client.subscribe(shared.channel()).await?;
        let changes = client.cluster_change_rx();
        let run = reign::run(&client, &shared.reign()).await?;
        let term = Term {
            reign: reign::number(&client, &shared.reign(), &run).await?,
            number: shared.terms.fetch_add(1, Ordering::SeqCst) + 1,
        };
        let term = Arc::new(term);
        Ok(Connection {
            connected: Arc::new(Connected { client, term }),
            messages,
            changes,
            run,
            task,
        })
    };
    shared.address.refusal.store(None);
    let failed = match tokio::time::timeout(OPENING, opening).await {
        Ok(Ok(opened)) => return Ok(opened),
        Ok(Err(error)) => fred::error::Error::to_string(&error),
        Err(_) => format!("no answer within {OPENING:?}"),
    };
    match shared.address.refusal.load_full() {
        Some(refusal) => Err(refusal.to_string()),
        None => Err(failed),
    }
}

/// Puts a connection to use until it is lost, and says why it was.
async fn watch(shared: &Shared, mut connection: Connection) -> String {
    // Whoever listens has missed what was said before.
    say(shared, Heard::Gap);
    put_to_use(shared, &connection);
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let cause = loop {
        // In this order: what an answer means depends on who has the keys.
        tokio::select! {
            biased;
            ended = &mut connection.task.0 => break match ended {
                Ok(Err(error)) => error.to_string(),
                _ => "the connection was closed".to_owned(),
            },
            _ = connection.changes.recv() => break MOVED.to_owned(),
            () = shared.doubt.notified() => match answers(shared, &connection).await {
                Ok(()) => put_to_use(shared, &connection),
                Err(cause) => break cause,
            },
            _ = look.tick() => if let Err(cause) = answers(shared, &connection).await {
                break cause;
            },
            message = connection.messages.recv() => match message {
                Ok(message) => hear(shared, &message),
                Err(RecvError::Lagged(_)) => break "more messages came than could be read".to_owned(),
                Err(RecvError::Closed) => break "the connection was closed".to_owned(),
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
    shared.state.send_replace(State::Up(connected.term.reign.clone()));
}

/// Whether it is still the same, and takes writes: a server that is full, starting or no primary any more is as good as
/// none.
async fn answers(shared: &Shared, connection: &Connection) -> std::result::Result<(), String> {
    let Connected { client, term } = &*connection.connected;
    let key = shared.reign();
    match tokio::time::timeout(ANSWER, reign::number(client, &key, &connection.run)).await {
        Ok(Ok(number)) if number == term.reign => Ok(()),
        Ok(Ok(_)) => Err("it has forgotten what it had".to_owned()),
        Ok(Err(_)) if !connection.changes.is_empty() => Err(MOVED.to_owned()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_written_whatever_it_says() {
        let message = pack("n1", "cache", b"a b\nc \xff");
        assert_eq!(unpack(&message), Some(("n1", "cache", &b"a b\nc \xff"[..])));
        assert_eq!(unpack(b"n1 cache"), None);
    }
}
