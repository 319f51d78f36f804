//! The connection to the browser: calls of the Chrome DevTools Protocol and their answers, and what the browser tells
//! by itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::SinkExt;
use futures_util::stream::{SplitStream, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A browser that is silent for so long does not answer any more.
const LIMIT: Duration = Duration::from_secs(60);

/// What a call was answered with; in words, if the browser refused.
pub type Reply = Result<Value, String>;
type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Something that happened in a page.
pub struct Event {
    /// The session of the page.
    pub session: String,
    /// Its name in the protocol.
    pub name: String,
    /// Its parameters.
    pub parameters: Value,
}

/// The connection. Clones are the same one.
#[derive(Clone)]
pub struct Wire(Arc<Inner>);

struct Inner {
    calls: mpsc::UnboundedSender<String>,
    waiting: Waiting,
    next: AtomicU64,
}

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Reply>>>>;

impl Wire {
    /// Connects to the browser at this HTTP address. Events are heard in their order, each before the answer of a
    /// call that came after it.
    pub async fn connect(url: &str, hear: impl Fn(Event) + Send + 'static) -> Self {
        let (socket, _) = connect_async(socket_url(url).await).await.unwrap();
        let (mut sink, stream) = socket.split();
        let (calls, mut to_send) = mpsc::unbounded_channel::<String>();
        tokio::spawn(async move {
            while let Some(text) = to_send.recv().await {
                if sink.send(Message::text(text)).await.is_err() {
                    break;
                }
            }
        });
        let waiting = Waiting::default();
        tokio::spawn(listen(stream, waiting.clone(), hear));
        Self(Arc::new(Inner {
            calls,
            waiting,
            next: AtomicU64::new(1),
        }))
    }

    /// Calls a method: of the page of a session, or of the browser.
    ///
    /// # Errors
    /// The browser's words.
    pub async fn call(&self, session: Option<&str>, method: &str, parameters: Value) -> Reply {
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        let mut call = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = session {
            call["sessionId"] = session.into();
        }
        let (answer, answered) = oneshot::channel();
        self.0.waiting.lock().unwrap().insert(id, answer);
        self.0
            .calls
            .send(call.to_string())
            .map_err(|_| format!("{method}: the browser is gone"))?;
        match tokio::time::timeout(LIMIT, answered).await {
            Ok(Ok(reply)) => reply.map_err(|error| format!("{method}: {error}")),
            Ok(Err(_)) => Err(format!("{method}: the browser is gone")),
            Err(_) => Err(format!("{method}: no answer within {LIMIT:?}")),
        }
    }
}

async fn listen(mut stream: SplitStream<Socket>, waiting: Waiting, hear: impl Fn(Event)) {
    while let Some(Ok(message)) = stream.next().await {
        let Message::Text(text) = message else { continue };
        let mut message: Value = serde_json::from_str(&text).unwrap();
        if let Some(id) = message["id"].as_u64() {
            let reply = match message.get("error") {
                Some(error) => Err(error["message"].as_str().unwrap_or("it failed").to_owned()),
                None => Ok(message["result"].take()),
            };
            if let Some(answer) = waiting.lock().unwrap().remove(&id) {
                // Whoever asked may have given up.
                let _ = answer.send(reply);
            }
        } else if let (Some(session), Some(name)) =
            (message["sessionId"].as_str(), message["method"].as_str())
        {
            hear(Event {
                session: session.to_owned(),
                name: name.to_owned(),
                parameters: message["params"].clone(),
            });
        }
    }
    // Nobody waits for what can't come.
    waiting.lock().unwrap().clear();
}

/// The browser says at a fixed path where its socket is.
async fn socket_url(url: &str) -> String {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let question = format!("GET /json/version HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(question.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The browser closes as soon as all is said; some versions keep the connection, but send the length.
    let mut buffer = [0; 4096];
    loop {
        let length = stream.read(&mut buffer).await.unwrap();
        answer.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&answer);
        if let Some((_, rest)) = text.split_once("\"webSocketDebuggerUrl\":")
            && let Some(found) = rest.split('"').nth(1)
            && rest.matches('"').count() > 1
        {
            return found.to_owned();
        }
        assert!(length > 0, "the browser does not say where its socket is: {text}");
    }
}
